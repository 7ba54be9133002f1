package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.rules.Access;
import dev.kintonesync.simulator.rules.FieldError;
import dev.kintonesync.simulator.rules.Params;
import dev.kintonesync.simulator.rules.ProcessDesigner;
import dev.kintonesync.simulator.rules.StatusWrites;
import dev.kintonesync.simulator.state.App;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.Permission;
import dev.kintonesync.simulator.state.Transaction;
import java.util.List;

/** States and assignees of records, and the process that says which there are. */
final class StatusCalls {
  private static final int MOST = 100;

  private StatusCalls() {}

  static JsonNode process(Call call) {
    Params params = call.params();
    long appId = params.id("app");
    params.language();
    params.check();
    return call.read(() -> process(call.access().live(appId, Permission.VIEW).design()));
  }

  static JsonNode previewProcess(Call call) {
    Params params = call.params();
    long appId = params.id("app");
    params.language();
    params.check();
    return call.read(() -> process(call.access().preview(appId).preview()));
  }

  private static ObjectNode process(Design design) {
    return design.process().deepCopy().put("revision", Long.toString(design.revision()));
  }

  static JsonNode changeProcess(Call call) {
    Params params = call.params();
    long appId = params.id("app");
    Long revision = params.revision();
    params.check();
    return call.write(
        transaction -> {
          App app = call.access().preview(appId);
          return FormCalls.revise(app, ProcessDesigner.change(app.preview(), params), revision);
        });
  }

  static JsonNode move(Call call) {
    Params params = call.params();
    long appId = params.id("app");
    StatusWrites.Move move = move(params);
    params.check();
    long revision = call.write(transaction -> writes(call, transaction, appId).move(move));
    call.tell(Webhooks.Event.UPDATE_STATUS, appId, move.id());
    return Reply.object().put("revision", Long.toString(revision));
  }

  static JsonNode moveAll(Call call) {
    Params params = call.params();
    long appId = params.id("app");
    if (!params.has("records")) {
      params.problem("records", FieldError.REQUIRED_PARAMETER);
    } else if (params.list("records").size() > MOST) {
      params.problem("records", FieldError.TOO_MANY_UPDATES);
    }
    params.check();
    List<StatusWrites.Move> moves = params.each("records").stream().map(StatusCalls::move).toList();
    params.check();
    return call.write(
        transaction -> {
          StatusWrites writes = writes(call, transaction, appId);
          ObjectNode answer = Reply.object();
          ArrayNode records = answer.putArray("records");
          for (StatusWrites.Move move : moves) {
            records
                .addObject()
                .put("id", Long.toString(move.id()))
                .put("revision", Long.toString(writes.move(move)));
          }
          return answer;
        });
  }

  private static StatusWrites writes(Call call, Transaction transaction, long appId) {
    Access.Live app = call.access().live(appId, Permission.EDIT);
    return new StatusWrites(call.domain(), transaction, call.caller(), app);
  }

  private static StatusWrites.Move move(Params params) {
    return new StatusWrites.Move(
        params.id("id"),
        params.requiredText("action"),
        params.has("assignee") ? params.text("assignee") : null,
        params.revision());
  }

  static JsonNode assign(Call call) {
    Params params = call.params();
    long appId = params.id("app");
    long id = params.id("id");
    List<String> users = params.texts("assignees");
    Long revision = params.revision();
    params.require("assignees");
    params.limitSize("assignees", 0, MOST);
    params.check();
    return call.write(
        transaction -> {
          StatusWrites writes = writes(call, transaction, appId);
          return Reply.object().put("revision", Long.toString(writes.assign(id, users, revision)));
        });
  }
}
