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
import dev.kintonesync.simulator.rules.Problems;
import dev.kintonesync.simulator.rules.RecordReads;
import dev.kintonesync.simulator.state.Cursors.Cursor;
import dev.kintonesync.simulator.state.Cursors.Page;
import dev.kintonesync.simulator.state.Permission;
import dev.kintonesync.simulator.state.StoredRecord;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code records/cursor.json}: the records that matched when the cursor was made, page by page,
 * with the values they have when they are fetched. Records deleted meanwhile are missing from their
 * page.
 */
final class CursorCalls {
  private static final int MOST_RECORDS = 500;
  private static final int USUAL_RECORDS = 100;

  private CursorCalls() {}

  static JsonNode create(Call call) {
    Params params = call.params();
    long appId = params.id("app");
    Set<String> fields = Set.copyOf(params.texts("fields"));
    String query = params.text("query");
    int size = params.number("size", 1, MOST_RECORDS, USUAL_RECORDS);
    params.check();
    return call.read(
        () -> {
          Access.Live app = call.access().live(appId, Permission.VIEW);
          RecordReads reads =
              new RecordReads(call.domain(), call.caller(), app.app(), app.design());
          CompiledQuery compiled = reads.compile(query);
          if (compiled.paged()) {
            throw Problems.refuse("query", FieldError.BAD_QUERY);
          }
          RecordReads.Matching matching = reads.all(compiled);
          call.warnOfCutSearch(matching.cut());
          List<Long> ids = matching.records().stream().map(StoredRecord::id).toList();
          Cursor cursor = call.domain().cursors().open(appId, fields, size, ids);
          if (cursor == null) {
            throw ErrorCode.GAIA_TM12.refuse();
          }
          return Reply.object()
              .put("id", cursor.id())
              .put("totalCount", Integer.toString(ids.size()));
        });
  }

  static JsonNode next(Call call) {
    String id = id(call);
    return call.read(
        () -> {
          Cursor cursor = required(call.domain().cursors().find(id));
          Access.Live app = call.access().live(cursor.app(), Permission.VIEW);
          Page page = required(call.domain().cursors().next(id));
          PermissionView permissionView = call.permissionView(app);
          CellWriter writer =
              new CellWriter(call.domain(), app.app(), app.design(), permissionView.hidden());
          ObjectNode answer = Reply.object();
          ArrayNode records = answer.putArray("records");
          page.ids().stream()
              .map(app.app()::record)
              .filter(Objects::nonNull)
              .filter(record -> permissionView.may(record, Permission.VIEW))
              .forEach(record -> records.add(writer.record(record, cursor.fields())));
          call.answers(records);
          return answer.put("next", page.next());
        });
  }

  static JsonNode delete(Call call) {
    String id = id(call);
    return call.read(
        () -> {
          Cursor cursor = required(call.domain().cursors().find(id));
          call.access().live(cursor.app(), Permission.VIEW);
          call.domain().cursors().close(id);
          return Reply.object();
        });
  }

  private static String id(Call call) {
    Params params = call.params();
    String id = params.requiredText("id");
    params.check();
    return id;
  }

  private static <T> T required(@Nullable T found) {
    if (found == null) {
      throw ErrorCode.GAIA_CN01.refuse();
    }
    return found;
  }
}
