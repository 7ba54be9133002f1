package dev.kintonesync.simulator.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.state.App;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.Domain;
import dev.kintonesync.simulator.state.FieldType;
import dev.kintonesync.simulator.state.FormField;
import dev.kintonesync.simulator.state.Permission;
import dev.kintonesync.simulator.state.StoredRecord;
import dev.kintonesync.simulator.state.Transaction;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Adds, updates, upserts and deletes the records of one request. Nothing is half done: what throws
 * here is rolled back by the transaction. The checks come in Kintone's order: update keys, targets,
 * revisions, fields that cannot be written, lookups, and then all field problems of all records
 * together.
 */
public final class RecordWrites {
  private final Domain domain;
  private final Transaction transaction;
  private final Caller caller;
  private final App app;
  private final Design design;
  private final Instant now;
  private final Problems problems = new Problems();
  private final RecordDraft drafts;
  private final FieldChecks checks;
  private final PermissionView permissionView;

  /** One record of a request to update or upsert, as it came. */
  public record Change(
      @Nullable Long id, @Nullable UpdateKey key, @Nullable Long revision, ObjectNode record) {}

  /** An update key: the code of its field and the value as it came. */
  public record UpdateKey(String field, JsonNode value) {}

  /** What became of one record. */
  public record Written(long id, long revision, boolean inserted) {}

  /** A change with its target: the id of an existing record, or null when it is to be inserted. */
  private record Target(
      Change change, @Nullable Long id, @Nullable FormField keyField, @Nullable Object keyValue) {}

  public RecordWrites(
      Domain domain, Transaction transaction, Caller caller, App app, Design design) {
    this.domain = domain;
    this.transaction = transaction;
    this.caller = caller;
    this.app = app;
    this.design = design;
    this.now = domain.clock().minute();
    Defaults defaults =
        new Defaults(
            design.precision(), now, ZoneId.of(domain.settings().timeZone()), caller.user());
    this.drafts =
        new RecordDraft(domain, design, defaults, new Lookups(domain, caller), now, problems);
    this.checks = new FieldChecks(app, design, problems);
    this.permissionView = new PermissionView(domain, caller, app, design);
  }

  /**
   * Adds records.
   *
   * @param single whether this is {@code record.json}, where problems stand at {@code record.CODE}
   */
  public List<Written> add(List<ObjectNode> records, boolean single) {
    ErrorCode.refuseWhenFull(domain);
    records.forEach(this::checkWritableOnAdd);
    List<Written> written = new ArrayList<>(records.size());
    for (int i = 0; i < records.size(); i++) {
      written.add(insert(records.get(i), place(i, single)));
    }
    problems.check();
    return written;
  }

  /** Updates records, each named by its id or by an update key. */
  public List<Written> update(List<Change> changes, boolean single) {
    return write(changes, single, false);
  }

  /** Updates the records that are there and inserts the others. */
  public List<Written> upsert(List<Change> changes) {
    return write(changes, false, true);
  }

  private List<Written> write(List<Change> changes, boolean single, boolean upsert) {
    ErrorCode.refuseWhenFull(domain);
    List<Target> targets = targets(changes, single, upsert);
    List<Long> present = targets.stream().map(Target::id).filter(Objects::nonNull).toList();
    present.forEach(id -> permissionView.require(existing(id), Permission.EDIT));
    present.forEach(this::hold);
    for (int i = 0; i < targets.size(); i++) {
      checkRevision(targets.get(i), i);
    }
    problems.check();
    for (Target target : targets) {
      if (target.id() == null) {
        checkWritableOnAdd(target.change().record());
      } else {
        checkWritableOnUpdate(target.change().record());
      }
    }
    List<Written> written = new ArrayList<>(targets.size());
    for (int i = 0; i < targets.size(); i++) {
      written.add(write(targets.get(i), place(i, single)));
    }
    problems.check();
    return written;
  }

  private Written write(Target target, ErrorPath place) {
    ObjectNode body = target.change().record();
    StoredRecord before = target.id() == null ? null : app.record(target.id());
    if (before != null) {
      return replace(before, body, place);
    }
    UpdateKey key = target.change().key();
    if (key == null) {
      return insert(body, place);
    }
    ObjectNode withKey = body.objectNode().setAll(body);
    withKey.putObject(key.field()).set("value", key.value());
    return insert(withKey, place);
  }

  /** Deletes records; one that is not there, or not at its revision, keeps all of them. */
  public void delete(List<Long> ids, List<@Nullable Long> revisions) {
    ids.forEach(id -> permissionView.require(existing(id), Permission.DELETE));
    ids.forEach(this::hold);
    for (int i = 0; i < revisions.size(); i++) {
      checkRevision(existing(ids.get(i)), revisions.get(i));
    }
    for (long id : new HashSet<>(ids)) {
      transaction.remove(app, id);
    }
  }

  private static ErrorPath place(int index, boolean single) {
    return new ErrorPath(single ? "record" : "records[" + index + "]");
  }

  private List<Target> targets(List<Change> changes, boolean single, boolean upsert) {
    List<Target> keyed = new ArrayList<>(changes.size());
    for (int i = 0; i < changes.size(); i++) {
      keyed.add(keyed(changes.get(i), single ? "" : "records[" + i + "]."));
    }
    problems.check();
    Set<Object> seen = new HashSet<>();
    for (Target target : keyed) {
      if (target.keyField() != null && !seen.add(List.of(target.keyField(), canonical(target)))) {
        throw ErrorCode.GAIA_IQ28.refuse();
      }
    }
    List<Target> targets = new ArrayList<>(keyed.size());
    for (Target target : keyed) {
      targets.add(found(target, upsert));
    }
    if (!domain.settings().duplicateIds()) {
      refuseDuplicateIds(targets);
    }
    return targets;
  }

  private void refuseDuplicateIds(List<Target> targets) {
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < targets.size(); i++) {
      Long id = targets.get(i).id();
      if (id != null && !seen.add(id)) {
        throw Problems.refuse("records[" + i + "].id", FieldError.DUPLICATE_RECORD, id.toString());
      }
    }
  }

  private Object canonical(Target target) {
    Object value = target.keyValue();
    return value == null ? "" : app.canonicalKey(value);
  }

  /** Reads and checks the update key of a change; where its value is bad, a problem is noted. */
  private Target keyed(Change change, String prefix) {
    UpdateKey key = change.key();
    if (key == null) {
      return new Target(change, change.id(), null, null);
    }
    FormField field = design.form().field(key.field());
    if (field == null) {
      throw ErrorCode.GAIA_IQ11.refuse(key.field());
    }
    if (!field.unique() || !field.type().mayBeUpdateKey()) {
      throw ErrorCode.GAIA_IQ27.refuse(key.field());
    }
    String text = CellReader.text(key.value());
    if (text == null || text.isEmpty()) {
      problems.add(prefix + "updateKey.value", FieldError.REQUIRED_PARAMETER);
      return new Target(change, null, null, null);
    }
    if (change.record().has(field.code())) {
      problems.add(prefix + "record[" + field.code() + "]", FieldError.KEY_IN_RECORD);
    }
    if (field.type() == FieldType.NUMBER && CellReader.parseNumber(text.strip()) == null) {
      problems.add(prefix + "updateKey.value", FieldError.NOT_A_NUMBER);
      return new Target(change, null, null, null);
    }
    ErrorPath place = new ErrorPath(prefix + "updateKey");
    return new Target(change, null, field, drafts.value(field, key.value(), place));
  }

  private Target found(Target target, boolean upsert) {
    FormField keyField = target.keyField();
    Object keyValue = target.keyValue();
    Long id = target.id();
    StoredRecord record =
        keyField != null && keyValue != null
            ? app.holderOf(keyField, keyValue)
            : id == null ? null : app.record(id);
    if (record != null) {
      return new Target(target.change(), record.id(), null, null);
    }
    if (!upsert) {
      throw keyField == null
          ? ErrorCode.GAIA_RE01.refuse(String.valueOf(id))
          : ErrorCode.GAIA_RE20.refuse();
    }
    return new Target(target.change(), null, keyField, keyValue);
  }

  private void hold(long id) {
    if (domain.settings().lockErrors() && !domain.locks().hold(app.id(), id)) {
      throw ErrorCode.GAIA_DA02.refuse();
    }
  }

  private StoredRecord existing(long id) {
    StoredRecord record = app.record(id);
    if (record == null) {
      throw ErrorCode.GAIA_RE01.refuse(Long.toString(id));
    }
    return record;
  }

  private void checkRevision(Target target, int index) {
    Long revision = target.change().revision();
    if (target.id() != null) {
      checkRevision(existing(target.id()), revision);
    } else if (revision != null && revision >= 0 && domain.settings().revisionOnInsert()) {
      problems.add("records[" + index + "].revision", FieldError.REVISION_OF_INSERT);
    }
  }

  private static void checkRevision(StoredRecord record, @Nullable Long revision) {
    if (revision != null && revision != -1 && revision != record.revision()) {
      throw ErrorCode.GAIA_CO02.refuse();
    }
  }

  /** Refuses fields that the caller must not edit, whether or not their values would change. */
  private void checkRights(ObjectNode record) {
    for (Map.Entry<String, JsonNode> entry : record.properties()) {
      if (!permissionView.may(entry.getKey(), Permission.EDIT)) {
        throw ErrorCode.GAIA_FU01.refuse(entry.getKey());
      }
    }
  }

  private void checkWritableOnUpdate(ObjectNode record) {
    checkRights(record);
    for (Map.Entry<String, JsonNode> entry : record.properties()) {
      FormField field = design.form().field(entry.getKey());
      if (field == null) {
        continue;
      }
      switch (field.type()) {
        case CREATOR, MODIFIER ->
            throw notAPerson(entry.getValue().path("value"))
                ? ErrorCode.CB_IJ01.refuse()
                : ErrorCode.GAIA_UN10.refuse(field.type().name());
        case STATUS, STATUS_ASSIGNEE -> throw ErrorCode.GAIA_UN10.refuse(field.type().name());
        case CREATED_TIME -> throw ErrorCode.GAIA_UN10.refuse("CREATED_AT");
        case UPDATED_TIME -> throw ErrorCode.GAIA_UN10.refuse("MODIFIED_AT");
        default -> {}
      }
    }
  }

  private static boolean notAPerson(JsonNode value) {
    return value.isTextual() && !value.asText().isEmpty();
  }

  private void checkWritableOnAdd(ObjectNode record) {
    checkRights(record);
    FormField status = design.form().only(FieldType.STATUS);
    if (status != null && record.has(status.code())) {
      throw ErrorCode.GAIA_UN10.refuse(status.type().name());
    }
    if (caller.may(app.id(), Permission.ADMIN)) {
      return;
    }
    for (Map.Entry<String, JsonNode> entry : record.properties()) {
      FormField field = design.form().field(entry.getKey());
      if (field == null) {
        continue;
      }
      switch (field.type()) {
        case CREATOR, MODIFIER, CREATED_TIME, UPDATED_TIME ->
            throw ErrorCode.GAIA_BF02.refuse(field.code());
        default -> {}
      }
    }
  }

  private Written insert(ObjectNode body, ErrorPath place) {
    int problemsBefore = problems.size();
    @Nullable Object[] cells = drafts.create(body, place);
    checks.check(cells, 0, place);
    Origin origin = Origin.read(domain, design.form(), body, caller.user(), now, place, problems);
    // a good record takes effect beside a bad one, so that one that collides with it is found too
    if (problems.size() > problemsBefore) {
      return new Written(0, 0, true);
    }
    StoredRecord record =
        new StoredRecord(
            app.nextRecordId(),
            1,
            origin.creator(),
            origin.created(),
            origin.modifier(),
            origin.updated(),
            cells);
    transaction.put(app, record);
    return new Written(record.id(), record.revision(), true);
  }

  private Written replace(StoredRecord before, ObjectNode body, ErrorPath place) {
    int problemsBefore = problems.size();
    @Nullable Object[] cells = drafts.merge(before, body, place);
    checks.check(cells, before.id(), place);
    StoredRecord after =
        new StoredRecord(
            before.id(),
            before.revision() + 1,
            before.creator(),
            before.created(),
            caller.user(),
            now,
            cells);
    if (problems.size() == problemsBefore) {
      transaction.put(app, after);
    }
    return new Written(after.id(), after.revision(), false);
  }
}
