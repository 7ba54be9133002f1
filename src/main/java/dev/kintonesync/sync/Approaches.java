package dev.kintonesync.sync;

import dev.kintonesync.form.FieldType;
import dev.kintonesync.form.Mapping;

/**
 * Chooses how the batches of a run go, by its rules and by what the latest key lookups have shown:
 * where every row is new, a lookup tells nothing that Kintone would not say as well; where nearly
 * every row is written, it costs more than it spares. Safe for several threads.
 */
public final class Approaches {
  /** So many rows are looked up before anything follows from them. */
  static final long SAMPLE = 500;

  /**
   * After so many batches that were upserted, one is looked up, to see whether all still change.
   */
  static final int BATCHES_BETWEEN_SAMPLES = 20;

  /** Of so many rows in a hundred, at the least, that are written, the others may be as well. */
  private static final long NEARLY_ALL = 98;

  private final Rules rules;
  private final boolean limitsUpdates;

  private long looked;
  private long added;
  private long written;
  private int upsertedBatches;
  private boolean upsertsRefused;
  private boolean guessedWrong;

  /**
   * For one run.
   *
   * @param limitsUpdates whether updates are counted before they are sent
   */
  public Approaches(Rules rules, boolean limitsUpdates) {
    this.rules = rules;
    this.limitsUpdates = limitsUpdates;
  }

  /**
   * Whether rows may be written by their keys alone, whatever records hold: no rule depends on it,
   * and no value is merged with what is there.
   */
  public static boolean mayUpsert(Rules rules, boolean limitsUpdates) {
    return rules.mode() == Mode.UPSERT
        && rules.ifEmpty().isEmpty()
        && rules.onInsert().isEmpty()
        && rules.handEdits() == Rules.HandEdits.OVERWRITE
        && rules.refresh().isNone()
        && rules.deleteWhen() == null
        && !limitsUpdates;
  }

  /** Whether fields are written by their keys alone: no table, no attachment, no record number. */
  public static boolean mayUpsert(Mapping mapping) {
    return mapping.key().type() != FieldType.RECORD_NUMBER
        && mapping.fileFields().isEmpty()
        && mapping.fields().stream().allMatch(field -> field.inner().isEmpty());
  }

  /**
   * Chooses for the next batch.
   *
   * @param asks whether somebody is shown what is written, and so has to know what is there
   * @param keysAppear whether keys turned out to be there that were not expected
   */
  public synchronized Approach next(Target target, boolean asks, boolean keysAppear) {
    if (!target.writes() || asks || rules.engine() == Rules.Engine.LOOKUP) {
      return Approach.LOOK_UP;
    }
    if (rules.engine() == Rules.Engine.NATIVE) {
      return upserts(target) ? Approach.UPSERT : Approach.LOOK_UP;
    }
    if (looked < SAMPLE) {
      return Approach.LOOK_UP;
    }
    if (added == looked && !keysAppear && !guessedWrong && mayInsert(target)) {
      return Approach.INSERT;
    }
    if (rules.undo() == Rules.Undo.OPTIONAL
        && written * 100 >= looked * NEARLY_ALL
        && upserts(target)) {
      if (upsertedBatches < BATCHES_BETWEEN_SAMPLES) {
        upsertedBatches++;
        return Approach.UPSERT;
      }
      upsertedBatches = 0;
      looked = 0;
    }
    return Approach.LOOK_UP;
  }

  private boolean upserts(Target target) {
    return !upsertsRefused && mayUpsert(rules, limitsUpdates) && mayUpsert(target.mapping());
  }

  private boolean mayInsert(Target target) {
    return rules.mode() != Mode.UPDATE
        && target.key().type() != FieldType.RECORD_NUMBER
        && target.mapping().fileFields().isEmpty();
  }

  /** Learns from a plan that has come to its end. */
  public synchronized void learn(Plan plan, BatchResult result) {
    upsertsRefused |= plan.areUpsertsRefused();
    guessedWrong |= plan.hasGuessedWrong();
    if (plan.approach() != Approach.LOOK_UP) {
      return;
    }
    if (looked >= SAMPLE) {
      looked = 0;
    }
    if (looked == 0) {
      added = 0;
      written = 0;
    }
    var counts = result.counts();
    looked += counts.inserted() + counts.updated() + counts.unchanged();
    added += counts.inserted();
    written += counts.inserted() + counts.updated();
  }
}
