package dev.kintonesync.simulator.state;

import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One app: its designs, its records and an index of each unique field. Everything here is guarded
 * by the domain's lock; records change only through a {@link Transaction}.
 */
public final class App {
  /** Where the last deployment stands. */
  public enum Deployment {
    PROCESSING,
    SUCCESS,
    FAIL,
    CANCEL
  }

  private final long id;
  private @Nullable Long space;
  private boolean inGuestSpace;
  private final String creator;
  private final Instant created;
  private final KeyFolding folding;
  private Design preview;
  private @Nullable Design live;
  private Deployment deployment = Deployment.SUCCESS;
  private int nextSlot;

  private final NavigableMap<Long, StoredRecord> records = new TreeMap<>();
  private final Map<Integer, UniqueIndex> uniqueIndexes = new HashMap<>();
  private final Map<Long, Unseen> unseen = new ConcurrentHashMap<>();
  private long lastRecordId;
  private boolean edited = true;

  /** A change that text searches do not see yet: what they see instead, and how long. */
  private record Unseen(@Nullable StoredRecord before, Instant until) {}

  App(
      long id,
      @Nullable Long space,
      boolean inGuestSpace,
      String creator,
      Instant created,
      Design preview,
      KeyFolding folding) {
    this.id = id;
    this.space = space;
    this.inGuestSpace = inGuestSpace;
    this.creator = creator;
    this.created = created;
    this.preview = preview;
    this.nextSlot = preview.form().slots();
    this.folding = folding;
  }

  /** An app as it once was, still without its records. */
  App(AppImage image, KeyFolding folding) {
    this(
        image.id(),
        image.space(),
        image.inGuestSpace(),
        image.creator(),
        image.created(),
        image.preview(),
        folding);
    live = image.live();
    deployment = image.deployment();
    nextSlot = image.nextSlot();
    lastRecordId = image.lastRecordId();
    reindex();
  }

  AppImage image() {
    return new AppImage(
        id,
        space,
        inGuestSpace,
        creator,
        created,
        preview,
        live,
        deployment,
        nextSlot,
        lastRecordId);
  }

  /** Whether anything but the records changed since this was last asked. */
  boolean takeEdited() {
    boolean was = edited;
    edited = false;
    return was;
  }

  public long id() {
    return id;
  }

  /** The space it lives in, or null. */
  public @Nullable Long space() {
    return space;
  }

  /** The guest space it lives in, or null: its calls need the guest path. */
  public @Nullable Long guestSpace() {
    return inGuestSpace ? space : null;
  }

  /** Moves it to another space, or out of all of them. */
  public void move(@Nullable Long otherSpace, boolean guest) {
    space = otherSpace;
    inGuestSpace = guest;
    edited = true;
  }

  /** The login name of who made it. */
  public String creator() {
    return creator;
  }

  /** When it was made, to the minute. */
  public Instant created() {
    return created;
  }

  /** What is being designed. */
  public Design preview() {
    return preview;
  }

  /** Replaces what is being designed. */
  public void preview(Design design) {
    this.preview = design;
    edited = true;
  }

  /** What the record calls see; null before the first deployment. */
  public @Nullable Design live() {
    return live;
  }

  /** Where its last deployment stands; SUCCESS before the first one. */
  public Deployment deployment() {
    return deployment;
  }

  public void deployment(Deployment state) {
    this.deployment = state;
    edited = true;
  }

  /** Makes a design the live one and builds the indexes its unique fields need. */
  public void publish(Design design) {
    live = design;
    edited = true;
    reindex();
  }

  /** Builds the indexes of the unique fields anew. */
  void reindex() {
    uniqueIndexes.clear();
    if (live == null) {
      return;
    }
    for (FormField field : live.form().unique()) {
      UniqueIndex index = new UniqueIndex();
      for (StoredRecord record : records.values()) {
        Object value = record.cell(field);
        if (value != null) {
          index.put(folding.key(value), record.id());
        }
      }
      uniqueIndexes.put(field.slot(), index);
    }
  }

  /** A slot no field of this app has had. */
  public int freeSlot() {
    edited = true;
    return nextSlot++;
  }

  /** The records by id. */
  public NavigableMap<Long, StoredRecord> records() {
    return Collections.unmodifiableNavigableMap(records);
  }

  /** The record of an id, or null. */
  public @Nullable StoredRecord record(long recordId) {
    return records.get(recordId);
  }

  /** The record that holds a value in a unique field, or null. */
  public @Nullable StoredRecord holderOf(FormField field, Object value) {
    UniqueIndex index = uniqueIndexes.get(field.slot());
    Object key = folding.key(value);
    return index == null ? null : index.find(key, recordId -> holder(recordId, field, key));
  }

  private @Nullable StoredRecord holder(long recordId, FormField field, Object key) {
    StoredRecord record = records.get(recordId);
    Object cell = record == null ? null : record.cell(field);
    return cell != null && folding.key(cell).equals(key) ? record : null;
  }

  /** What stands for a value where unique values are compared: equal for the same value. */
  public Object canonicalKey(Object value) {
    return folding.key(value);
  }

  /** The next record id; it is consumed even when the transaction is rolled back. */
  public long nextRecordId() {
    return ++lastRecordId;
  }

  /** The highest record id ever given. */
  public long lastRecordId() {
    return lastRecordId;
  }

  /** Never lets an id up to this one be given again. */
  public void consumeRecordIds(long upTo) {
    lastRecordId = Math.max(lastRecordId, upTo);
  }

  @Nullable StoredRecord put(StoredRecord record) {
    StoredRecord before = records.put(record.id(), record);
    reindex(before, record);
    return before;
  }

  @Nullable StoredRecord remove(long recordId) {
    StoredRecord before = records.remove(recordId);
    reindex(before, null);
    return before;
  }

  void hideFromSearch(long recordId, @Nullable StoredRecord before, Instant until) {
    unseen.putIfAbsent(recordId, new Unseen(before, until));
  }

  /** A record as text searches see it now, perhaps an older one; null when they do not. */
  public @Nullable StoredRecord searched(StoredRecord record, Instant now) {
    Unseen change = unseen.get(record.id());
    if (change == null) {
      return record;
    }
    if (now.isBefore(change.until())) {
      return change.before();
    }
    unseen.remove(record.id(), change);
    return record;
  }

  private void reindex(@Nullable StoredRecord before, @Nullable StoredRecord after) {
    if (live == null) {
      return;
    }
    for (FormField field : live.form().unique()) {
      UniqueIndex index = uniqueIndexes.get(field.slot());
      Object old = before == null ? null : before.cell(field);
      Object now = after == null ? null : after.cell(field);
      if (index == null || (old != null && old.equals(now))) {
        continue;
      }
      if (old != null && before != null) {
        index.remove(folding.key(old), before.id());
      }
      if (now != null && after != null) {
        index.put(folding.key(now), after.id());
      }
    }
  }
}
