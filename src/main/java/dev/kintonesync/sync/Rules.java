package dev.kintonesync.sync;

import dev.kintonesync.message.Blank;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * By which rules a job writes.
 *
 * @param mode what it does with records that are there and that are not
 * @param existing what becomes of a row whose key is there, in mode insert
 * @param missingKey what becomes of a row whose key is not there, in mode update
 * @param duplicates which row of a key counts
 * @param empty what an empty value does to a field
 * @param ifEmpty codes of fields that are only written where they are empty in Kintone
 * @param onInsert codes of fields that are only written when a record is added
 * @param handEdits what becomes of an update of a record that somebody else saved last
 * @param similarKeys what becomes of a row that would be added although a key much like its own is
 *     there
 * @param refresh which lookup fields are written again so that their copies follow
 * @param deleteWhen the column and value by which a row says that its record is to be removed;
 *     null: no row does
 * @param removal what is done with such records, and in mode mirror with those that the source
 *     lacks
 * @param scope the condition, in Kintone's query language, of the records that a mirror looks at;
 *     null: all
 * @param maxMissing how many records a mirror may remove in one run
 * @param snapshot for how long rows need no key lookup whose values an earlier run has confirmed,
 *     until all are looked up again; null: all are looked up each time
 * @param engine whether keys are looked up before their rows are written
 * @param undo whether what updates replace has to be known
 */
public record Rules(
    Mode mode,
    Existing existing,
    MissingKey missingKey,
    Duplicates duplicates,
    Empty empty,
    Set<String> ifEmpty,
    Set<String> onInsert,
    HandEdits handEdits,
    SimilarKeys similarKeys,
    Refresh refresh,
    @Nullable Flag deleteWhen,
    Removal removal,
    @Nullable String scope,
    Threshold maxMissing,
    @Nullable Duration snapshot,
    Engine engine,
    Undo undo) {

  /** What becomes of a row whose key is there, in mode insert. */
  public enum Existing {
    UNCHANGED,
    REJECT
  }

  /** What becomes of a row whose key is not there, in mode update; a skipped one is unchanged. */
  public enum MissingKey {
    REJECT,
    SKIP
  }

  /** Which row of a key counts; the others are superseded, or rejected. */
  public enum Duplicates {
    LAST,
    FIRST,
    REJECT
  }

  /** What an empty value does to a field. */
  public enum Empty {
    CLEAR,
    KEEP
  }

  /** What becomes of an update of a record that somebody else saved last. */
  public enum HandEdits {
    OVERWRITE,
    REJECT
  }

  /** How rows are compared with the app. */
  public enum Diff {
    /** The keys of all rows are looked up. */
    LOOKUP,
    /** Only those are that an earlier run has not confirmed, or that may have changed since. */
    SNAPSHOT
  }

  /** Whether keys are looked up before their rows are written. */
  public enum Engine {
    /** Where the latest lookups show that they earn something. */
    AUTO,
    /** Always. */
    LOOKUP,
    /** Never: Kintone inserts or updates by the key. */
    NATIVE
  }

  /** Whether a run has to know what its updates replace. */
  public enum Undo {
    /** Yes, so that it can be taken back. */
    REQUIRED,
    /** Not where {@link Engine#AUTO} spares lookups by that. */
    OPTIONAL
  }

  /** What becomes of a row that would be added although a key much like its own is there. */
  public enum SimilarKeys {
    REJECT,
    ALLOW
  }

  /** A column and the value in it that flags a row. */
  public record Flag(String column, String value) {}

  /** Upsert, the last row of a key wins, and nothing is ever removed. */
  public static final Rules DEFAULT = upsert(SimilarKeys.REJECT, Removal.REPORT, Engine.AUTO);

  /** As a plan document is applied, in which everything is decided. */
  public static final Rules APPLYING = upsert(SimilarKeys.ALLOW, Removal.DELETE, Engine.LOOKUP);

  public Rules {
    ifEmpty = Set.copyOf(ifEmpty);
    onInsert = Set.copyOf(onInsert);
  }

  private static Rules upsert(SimilarKeys similar, Removal removal, Engine engine) {
    return new Rules(
        Mode.UPSERT,
        Existing.UNCHANGED,
        MissingKey.REJECT,
        Duplicates.LAST,
        Empty.CLEAR,
        Set.of(),
        Set.of(),
        HandEdits.OVERWRITE,
        similar,
        Refresh.NONE,
        null,
        removal,
        null,
        Threshold.percent(1),
        null,
        engine,
        Undo.REQUIRED);
  }

  /** Returns these rules with another flag for rows whose records are to be removed, and how. */
  public Rules removing(Flag flag, Removal how) {
    return new Rules(
        mode,
        existing,
        missingKey,
        duplicates,
        empty,
        ifEmpty,
        onInsert,
        handEdits,
        similarKeys,
        refresh,
        flag,
        how,
        scope,
        maxMissing,
        snapshot,
        engine,
        undo);
  }

  /**
   * Returns the rules by which a source and its app are compared: all that differs counts, also
   * what the mode or a person's edit keeps from being written, and all that the source lacks. What
   * the job leaves to people by field stays out: fields written only when empty or on insert.
   */
  public Rules comparing() {
    return new Rules(
        Mode.MIRROR,
        existing,
        missingKey,
        duplicates,
        empty,
        ifEmpty,
        onInsert,
        HandEdits.OVERWRITE,
        SimilarKeys.ALLOW,
        refresh,
        deleteWhen,
        removal.action() == Removal.Action.SET ? removal : Removal.DELETE,
        scope,
        maxMissing,
        null,
        Engine.LOOKUP,
        undo);
  }

  /** The codes of the fields that have a rule of their own, for a check against the form. */
  public Set<String> ruledFields() {
    var codes = new LinkedHashSet<>(ifEmpty);
    codes.addAll(onInsert);
    return codes;
  }

  /** Whether a row says that its record is to go. */
  public boolean removes(Map<String, ? extends @Nullable Object> row) {
    if (deleteWhen == null) {
      return false;
    }
    Object value = row.get(deleteWhen.column());
    return value != null && Blank.strip(value.toString()).equals(deleteWhen.value());
  }
}
