package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.query.CompiledQuery;
import dev.kintonesync.simulator.rules.Access;
import dev.kintonesync.simulator.rules.CellWriter;
import dev.kintonesync.simulator.rules.ErrorCode;
import dev.kintonesync.simulator.rules.FieldError;
import dev.kintonesync.simulator.rules.Params;
import dev.kintonesync.simulator.rules.PermissionView;
import dev.kintonesync.simulator.rules.RecordReads;
import dev.kintonesync.simulator.rules.RecordWrites;
import dev.kintonesync.simulator.rules.RecordWrites.Change;
import dev.kintonesync.simulator.rules.RecordWrites.UpdateKey;
import dev.kintonesync.simulator.rules.RecordWrites.Written;
import dev.kintonesync.simulator.state.Permission;
import dev.kintonesync.simulator.state.StoredRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code record.json} and {@code records.json}. */
final class RecordCalls {
  private static final int MOST_RECORDS = 100;

  private RecordCalls() {}

  static JsonNode get(Call call) {
    Params params = call.params();
    long appId = params.id("app");
    long id = params.id("id");
    params.check();
    return call.read(
        () -> {
          Access.Live app = call.access().live(appId, Permission.VIEW);
          StoredRecord record = app.app().record(id);
          if (record == null) {
            throw ErrorCode.GAIA_RE01.refuse(Long.toString(id));
          }
          PermissionView permissionView = call.permissionView(app);
          permissionView.require(record, Permission.VIEW);
          CellWriter writer =
              new CellWriter(call.domain(), app.app(), app.design(), permissionView.hidden());
          ObjectNode found = writer.record(record, Set.of());
          call.answers(List.of(found));
          return Reply.object().set("record", found);
        });
  }

  static JsonNode list(Call call) {
    Params params = call.params();
    long appId = params.id("app");
    Set<String> fields = Set.copyOf(params.texts("fields"));
    String query = params.text("query");
    boolean count = params.flag("totalCount");
    params.check();
    return call.read(
        () -> {
          Access.Live app = call.access().live(appId, Permission.VIEW);
          RecordReads reads =
              new RecordReads(call.domain(), call.caller(), app.app(), app.design());
          CompiledQuery compiled = reads.compile(query);
          RecordReads.Found found = reads.find(compiled, count);
          call.warnOfCutSearch(found.cut());
          ObjectNode answer = Reply.object();
          CellWriter writer =
              new CellWriter(
                  call.domain(), app.app(), app.design(), call.permissionView(app).hidden());
          ArrayNode records = answer.putArray("records");
          found.records().forEach(record -> records.add(writer.record(record, fields)));
          call.answers(records);
          answer.put("totalCount", count ? Long.toString(found.total()) : null);
          return answer;
        });
  }

  static JsonNode add(Call call) {
    Params params = call.params();
    long appId = params.id("app");
    ObjectNode record = params.object("record");
    params.check();
    Written written =
        call.write(
            transaction -> {
              Access.Live app = call.access().live(appId, Permission.ADD);
              return new RecordWrites(
                      call.domain(), transaction, call.caller(), app.app(), app.design())
                  .add(List.of(record), true)
                  .get(0);
            });
    call.tell(Webhooks.Event.ADD_RECORD, appId, written.id());
    return Reply.object()
        .put("id", Long.toString(written.id()))
        .put("revision", Long.toString(written.revision()));
  }

  static JsonNode addAll(Call call) {
    Params params = call.params();
    long appId = params.id("app");
    List<ObjectNode> records = new ArrayList<>();
    requireRecords(params, FieldError.TOO_MANY_ADDS);
    for (JsonNode record : params.list("records")) {
      if (!(record instanceof ObjectNode object)) {
        throw ErrorCode.CB_IJ01.refuse();
      }
      records.add(object);
    }
    params.check();
    return call.write(
        transaction -> {
          Access.Live app = call.access().live(appId, Permission.ADD);
          RecordWrites writes =
              new RecordWrites(call.domain(), transaction, call.caller(), app.app(), app.design());
          ObjectNode answer = Reply.object();
          ArrayNode ids = answer.putArray("ids");
          ArrayNode revisions = answer.putArray("revisions");
          for (Written written : writes.add(records, false)) {
            ids.add(Long.toString(written.id()));
            revisions.add(Long.toString(written.revision()));
          }
          return answer;
        });
  }

  static JsonNode update(Call call) {
    Params params = call.params();
    long appId = params.id("app");
    Change change = change(params, false);
    params.check();
    Written written =
        call.write(
            transaction -> {
              Access.Live app = call.access().live(appId, Permission.EDIT);
              return new RecordWrites(
                      call.domain(), transaction, call.caller(), app.app(), app.design())
                  .update(List.of(change), true)
                  .get(0);
            });
    call.tell(Webhooks.Event.UPDATE_RECORD, appId, written.id());
    return Reply.object().put("revision", Long.toString(written.revision()));
  }

  static JsonNode updateAll(Call call) {
    Params params = call.params();
    long appId = params.id("app");
    boolean upsert = params.flag("upsert");
    requireRecords(params, FieldError.TOO_MANY_UPDATES);
    params.check();
    List<Change> changes =
        params.each("records").stream().map(record -> change(record, upsert)).toList();
    params.check();
    return call.write(
        transaction -> {
          Access.Live app =
              upsert
                  ? call.access().live(appId, Permission.EDIT, Permission.ADD)
                  : call.access().live(appId, Permission.EDIT);
          RecordWrites writes =
              new RecordWrites(call.domain(), transaction, call.caller(), app.app(), app.design());
          ObjectNode answer = Reply.object();
          ArrayNode records = answer.putArray("records");
          for (Written written : upsert ? writes.upsert(changes) : writes.update(changes, false)) {
            ObjectNode record = records.addObject();
            record.put("id", Long.toString(written.id()));
            record.put("revision", Long.toString(written.revision()));
            if (upsert) {
              record.put("operation", written.inserted() ? "INSERT" : "UPDATE");
            }
          }
          return answer;
        });
  }

  static JsonNode deleteAll(Call call) {
    Params params = call.params();
    long appId = params.id("app");
    int count = params.list("ids").size();
    if (count == 0 || count > MOST_RECORDS) {
      params.problem("ids", FieldError.DELETE_COUNT);
    }
    if (!params.has("ids")) {
      params.problem("ids", FieldError.REQUIRED_PARAMETER);
    }
    params.list("revisions");
    params.limitSize("revisions", 0, MOST_RECORDS);
    params.check();
    List<Long> ids = params.ids("ids");
    List<@Nullable Long> revisions = params.revisions("revisions");
    if (!revisions.isEmpty() && revisions.size() != count) {
      params.limitSize("revisions", count, count);
    }
    params.check();
    return call.write(
        transaction -> {
          Access.Live app = call.access().live(appId, Permission.DELETE);
          new RecordWrites(call.domain(), transaction, call.caller(), app.app(), app.design())
              .delete(ids, revisions);
          return Reply.object();
        });
  }

  private static void requireRecords(Params params, FieldError tooMany) {
    if (!params.has("records")) {
      params.problem("records", FieldError.REQUIRED_PARAMETER);
    } else if (params.list("records").size() > MOST_RECORDS) {
      params.problem("records", tooMany);
    }
  }

  private static Change change(Params params, boolean upsert) {
    if (params.has("id") == params.has("updateKey")) {
      params.problem("id", FieldError.ID_OR_UPDATE_KEY);
      params.problem("updateKey", FieldError.ID_OR_UPDATE_KEY);
    }
    // an id that an upsert does not find only means "insert", so it may be any number
    Long id = !params.has("id") ? null : upsert ? params.optionalId("id") : (Long) params.id("id");
    UpdateKey key = null;
    if (params.has("updateKey")) {
      ObjectNode given = params.object("updateKey");
      String field = given.path("field").asText("");
      if (field.isEmpty()) {
        params.problem("updateKey.field", FieldError.REQUIRED_PARAMETER);
      }
      key = new UpdateKey(field, given.path("value"));
    }
    return new Change(id, key, params.revision(), params.object("record"));
  }
}
