package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.rules.Access;
import dev.kintonesync.simulator.rules.ErrorCode;
import dev.kintonesync.simulator.rules.FieldError;
import dev.kintonesync.simulator.rules.FormDesigner;
import dev.kintonesync.simulator.rules.Layouts;
import dev.kintonesync.simulator.rules.Params;
import dev.kintonesync.simulator.state.App;
import dev.kintonesync.simulator.state.AppForm;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.FormField;
import dev.kintonesync.simulator.state.Permission;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code app/form/fields.json} and {@code app/form/layout.json}, live and in preview. */
final class FormCalls {
  private static final int MOST_DELETED_FIELDS = 100;

  private FormCalls() {}

  static JsonNode fields(Call call) {
    Params params = call.params();
    long appId = params.id("app");
    params.language();
    params.check();
    return call.read(
        () -> {
          Access.Live app =
              call.access().liveToAny(appId, Permission.VIEW, Permission.ADD, Permission.ADMIN);
          ObjectNode answer = answer(app.design());
          answer.withObject("/properties").remove(call.permissionView(app).hidden());
          return answer;
        });
  }

  static JsonNode previewFields(Call call) {
    Params params = call.params();
    long appId = params.id("app");
    params.language();
    params.check();
    return call.read(() -> answer(call.access().preview(appId).preview()));
  }

  private static ObjectNode answer(Design design) {
    ObjectNode answer = Reply.object();
    ObjectNode properties = answer.putObject("properties");
    for (FormField field : design.form().fields()) {
      properties.set(field.code(), field.properties());
    }
    return answer.put("revision", Long.toString(design.revision()));
  }

  static JsonNode addFields(Call call) {
    Params params = call.params();
    ObjectNode properties = properties(params);
    return change(call, params, designer -> designer.add(properties));
  }

  static JsonNode changeFields(Call call) {
    Params params = call.params();
    ObjectNode properties = properties(params);
    return change(call, params, designer -> designer.change(properties));
  }

  static JsonNode deleteFields(Call call) {
    Params params = call.params();
    List<String> codes = params.texts("fields");
    if (codes.isEmpty()) {
      params.problem("fields", FieldError.REQUIRED_PARAMETER);
    }
    params.limitSize("fields", 1, MOST_DELETED_FIELDS);
    return change(call, params, designer -> designer.delete(codes));
  }

  private static ObjectNode properties(Params params) {
    params.require("properties");
    return params.object("properties");
  }

  private static JsonNode change(Call call, Params params, Function<FormDesigner, AppForm> change) {
    long appId = params.id("app");
    Long revision = params.revision();
    params.check();
    return call.write(
        transaction -> {
          App app = call.access().preview(appId);
          AppForm form = change.apply(new FormDesigner(app));
          return revise(app, app.preview().with(form), revision);
        });
  }

  static JsonNode layout(Call call) {
    Params params = call.params();
    long appId = params.id("app");
    params.check();
    return call.read(
        () -> layout(call.access().liveToAny(appId, Permission.VIEW, Permission.ADD).design()));
  }

  static JsonNode previewLayout(Call call) {
    Params params = call.params();
    long appId = params.id("app");
    params.check();
    return call.read(() -> layout(call.access().preview(appId).preview()));
  }

  private static ObjectNode layout(Design design) {
    ObjectNode answer = Reply.object();
    answer.set("layout", Layouts.of(design));
    return answer.put("revision", Long.toString(design.revision()));
  }

  static JsonNode changeLayout(Call call) {
    Params params = call.params();
    long appId = params.id("app");
    Long revision = params.revision();
    ArrayNode layout = Reply.object().arrayNode().addAll(params.list("layout"));
    params.require("layout");
    params.check();
    return call.write(
        transaction -> {
          App app = call.access().preview(appId);
          Layouts.check(params, layout, app.preview().form());
          params.check();
          return revise(app, app.preview().withLayout(layout), revision);
        });
  }

  /** Makes a changed design the preview, unless it is no longer what the caller saw. */
  static ObjectNode revise(App app, Design changed, @Nullable Long expected) {
    long revision = app.preview().revision();
    if (expected != null && expected != -1 && expected != revision) {
      throw ErrorCode.GAIA_CO03.refuse(Long.toString(app.id()));
    }
    app.preview(changed.atRevision(revision + 1));
    return Reply.object().put("revision", Long.toString(revision + 1));
  }
}
