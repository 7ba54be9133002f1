package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.kintone.Verb;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One POST (add), PUT (update or upsert) or DELETE of {@code records.json} that a plan wants sent.
 * The route decides by {@link #method()} which of {@link #addRecords()}, {@link #updateRecords()},
 * {@link #upsertRecords()} and {@link #deleteRecords()} goes out.
 */
public final class WriteRequest {
  private final Target target;
  private final Verb verb;
  private final boolean upserts;
  private final List<PlannedRecord> records;

  WriteRequest(Target target, Verb verb, List<PlannedRecord> records) {
    this.target = target;
    this.verb = verb;
    this.records = List.copyOf(records);
    this.upserts = this.records.stream().anyMatch(PlannedRecord::isUpserted);
  }

  /**
   * {@code POST} for records to be inserted, {@code PUT} to be updated, {@code UPSERT} for either,
   * {@code DELETE} to go.
   */
  public String method() {
    return upserts ? "UPSERT" : verb.name();
  }

  /** How many records it carries: 1 to {@code kintone.records-per-request}. */
  public int size() {
    return records.size();
  }

  /** The request that adds the records, all their values in it. */
  public KintoneRequest addRecords() {
    return KintoneRequest.addRecords(
        target.connection(),
        target.app(),
        records.stream().map(record -> SentRecord.added(sent(record))).toList());
  }

  /**
   * The request that updates the records by id and revision, only the changed fields in it. The key
   * field is never among them: it is what the record was found by.
   */
  public KintoneRequest updateRecords() {
    return KintoneRequest.updateRecords(
        target.connection(),
        target.app(),
        records.stream().map(record -> SentRecord.updated(record.stored(), sent(record))).toList());
  }

  /** The request that inserts or updates the records by their keys, whatever they hold by now. */
  public KintoneRequest upsertRecords() {
    String key = target.key().code();
    return KintoneRequest.upsertRecords(
        target.connection(),
        target.app(),
        records.stream()
            .map(record -> SentRecord.upserted(key, record.wanted(target.key()), sent(record)))
            .toList());
  }

  /** The request that deletes the records by id and revision. */
  public KintoneRequest deleteRecords() {
    return KintoneRequest.deleteRecords(
        target.connection(), target.app(), records.stream().map(PlannedRecord::stored).toList());
  }

  Verb verb() {
    return verb;
  }

  /** Whether nobody has looked up what its records hold. */
  boolean upserts() {
    return upserts;
  }

  List<PlannedRecord> records() {
    return records;
  }

  /** Returns this request without some of its records; empty when none is left. */
  Optional<WriteRequest> without(List<PlannedRecord> some) {
    var rest = records.stream().filter(record -> !some.contains(record)).toList();
    return rest.isEmpty() ? Optional.empty() : Optional.of(new WriteRequest(target, verb, rest));
  }

  /** The values that go out: of files, their keys alone. */
  private Map<String, JsonNode> sent(PlannedRecord record) {
    var fields = target.mapping().fileFields();
    if (fields.isEmpty() && target.stamps().isEmpty()) {
      return record.changes();
    }
    var sent = new LinkedHashMap<>(FileCell.copied(fields, record.changes()));
    FileCell.in(fields, sent).forEach(FileCell::onlyKey);
    sent.putAll(target.stamps());
    return sent;
  }

  /**
   * Confirms the records by their ids, unless the answer is for another number of records.
   *
   * @param result what Kintone answered to this request
   * @return for how many records the answer is
   */
  int confirm(JsonNode result) {
    if (verb == Verb.DELETE) {
      records.forEach(record -> record.confirmed(record.stored().id(), null));
      return records.size();
    }
    JsonNode ids = verb == Verb.POST ? result.path("ids") : result.path("records");
    if (ids.size() != records.size()) {
      return ids.size();
    }
    for (int i = 0; i < ids.size(); i++) {
      JsonNode id = verb == Verb.POST ? ids.get(i) : ids.get(i).path("id");
      JsonNode revision =
          verb == Verb.POST ? result.path("revisions").path(i) : ids.get(i).path("revision");
      if (upserts) {
        boolean inserted = ids.get(i).path("operation").asText().equals("INSERT");
        records.get(i).upserted(id.asText(), revision.asLong(), inserted);
      } else {
        records.get(i).confirmed(id.asText(), revision.asLong());
      }
    }
    return ids.size();
  }
}
