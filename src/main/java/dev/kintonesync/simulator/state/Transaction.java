package dev.kintonesync.simulator.state;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The changes of one request, over any number of apps. Each takes effect at once and is written
 * down with its opposite; a rollback runs the opposites backwards. Counters (record ids, row ids)
 * are not part of it: what was consumed stays consumed.
 */
public final class Transaction {
  private final Deque<Runnable> undo = new ArrayDeque<>();
  private final Set<Commit.RecordId> touched = new LinkedHashSet<>();
  private final SimulatedClock clock;
  private final DomainSettings settings;
  private boolean reset;
  private int inserted;
  private int updated;
  private int deleted;

  Transaction(SimulatedClock clock, DomainSettings settings) {
    this.clock = clock;
    this.settings = settings;
  }

  /** Stores a record, new or in place of the one of its id. */
  public void put(App app, StoredRecord record) {
    StoredRecord before = app.put(record);
    touched.add(new Commit.RecordId(app.id(), record.id()));
    if (before == null) {
      inserted++;
    } else {
      updated++;
    }
    long lag = searchLagMs();
    if (lag > 0) {
      app.hideFromSearch(record.id(), before, clock.instant().plusMillis(lag));
    }
    undo.push(() -> restore(app, record.id(), before));
  }

  private long searchLagMs() {
    int spread = settings.likeLagSpreadMs();
    long chance = spread == 0 ? 0 : ThreadLocalRandom.current().nextInt(spread + 1);
    return settings.likeLagMs() + chance;
  }

  /** Removes a record that is there. */
  public void remove(App app, long id) {
    StoredRecord before = app.remove(id);
    touched.add(new Commit.RecordId(app.id(), id));
    deleted++;
    undo.push(() -> restore(app, id, before));
  }

  /** Notes what takes back a change made outside the records. */
  public void onRollback(Runnable opposite) {
    undo.push(opposite);
  }

  private static void restore(App app, long id, @Nullable StoredRecord before) {
    if (before == null) {
      app.remove(id);
    } else {
      app.put(before);
    }
  }

  /** Notes that everything was forgotten. */
  void reset() {
    reset = true;
  }

  boolean isReset() {
    return reset;
  }

  /** The records that were put or removed. */
  Set<Commit.RecordId> touched() {
    return touched;
  }

  void rollback() {
    undo.forEach(Runnable::run);
    undo.clear();
    inserted = 0;
    updated = 0;
    deleted = 0;
  }

  public int inserted() {
    return inserted;
  }

  public int updated() {
    return updated;
  }

  public int deleted() {
    return deleted;
  }
}
