package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.rules.Access;
import dev.kintonesync.simulator.rules.ErrorCode;
import dev.kintonesync.simulator.rules.FieldError;
import dev.kintonesync.simulator.rules.Params;
import dev.kintonesync.simulator.rules.PermissionView;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.Directory;
import dev.kintonesync.simulator.state.FormField;
import dev.kintonesync.simulator.state.Permission;
import dev.kintonesync.simulator.state.Rights;
import dev.kintonesync.simulator.state.StoredRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The permissions of an app, to be read: on the app as a new one has them, on its records and
 * fields as the controls of the simulator limited them.
 */
final class PermissionCalls {
  private static final List<String> ON_APP =
      List.of(
          "appEditable",
          "recordViewable",
          "recordAddable",
          "recordEditable",
          "recordDeletable",
          "recordImportable",
          "recordExportable");

  /** What everybody may do with a new app. */
  private static final Set<String> OF_EVERYONE =
      Set.of("recordViewable", "recordAddable", "recordEditable", "recordDeletable");

  private static final int MOST_RECORDS = 100;

  private PermissionCalls() {}

  static JsonNode ofApp(Call call) {
    return DesignCalls.live(call, app -> ofApp(app.design()), Permission.ADMIN);
  }

  static JsonNode previewOfApp(Call call) {
    return DesignCalls.preview(call, PermissionCalls::ofApp);
  }

  static JsonNode ofRecords(Call call) {
    DesignCalls.checkLanguage(call);
    return DesignCalls.live(call, app -> ofRecords(call, app.design()), Permission.ADMIN);
  }

  static JsonNode previewOfRecords(Call call) {
    DesignCalls.checkLanguage(call);
    return DesignCalls.preview(call, design -> ofRecords(call, design));
  }

  static JsonNode ofFields(Call call) {
    return DesignCalls.live(call, app -> ofFields(call, app.design()), Permission.ADMIN);
  }

  static JsonNode previewOfFields(Call call) {
    return DesignCalls.preview(call, design -> ofFields(call, design));
  }

  private static ObjectNode ofApp(Design design) {
    ObjectNode answer = Reply.object();
    ArrayNode rights = answer.putArray("rights");
    addOnApp(rights, "CREATOR", null, Set.copyOf(ON_APP));
    addOnApp(rights, "GROUP", "everyone", OF_EVERYONE);
    return DesignCalls.withRevision(answer, design);
  }

  private static void addOnApp(
      ArrayNode rights, String type, @Nullable String code, Set<String> granted) {
    ObjectNode entry = rights.addObject();
    entry.putObject("entity").put("type", type).put("code", code);
    entry.put("includeSubs", false);
    ON_APP.forEach(right -> entry.put(right, granted.contains(right)));
  }

  private static ObjectNode ofRecords(Call call, Design design) {
    Map<String, ArrayNode> byCondition = new TreeMap<>();
    call.domain()
        .rights()
        .records(app(call))
        .forEach(
            (principal, limits) -> {
              for (Rights.OfRecords limit : limits) {
                ArrayNode entities =
                    byCondition.computeIfAbsent(limit.query(), q -> Reply.object().arrayNode());
                addEntity(entities, principal)
                    .put("viewable", limit.permissions().contains(Permission.VIEW))
                    .put("editable", limit.permissions().contains(Permission.EDIT))
                    .put("deletable", limit.permissions().contains(Permission.DELETE));
              }
            });
    return rights("filterCond", byCondition, design);
  }

  private static ObjectNode ofFields(Call call, Design design) {
    Map<String, ArrayNode> byField = new TreeMap<>();
    call.domain()
        .rights()
        .fields(app(call))
        .forEach(
            (principal, limits) ->
                limits.forEach(
                    (code, left) ->
                        addEntity(
                                byField.computeIfAbsent(code, c -> Reply.object().arrayNode()),
                                principal)
                            .put("accessibility", accessibility(left))));
    return rights("code", byField, design);
  }

  private static String accessibility(Set<Permission> left) {
    if (left.contains(Permission.EDIT)) {
      return "WRITE";
    }
    return left.contains(Permission.VIEW) ? "READ" : "NONE";
  }

  private static long app(Call call) {
    return call.params().id("app");
  }

  private static ObjectNode addEntity(ArrayNode entities, String principal) {
    ObjectNode entry = entities.addObject();
    Directory.Kind kind = Directory.kindOf(principal);
    entry.putObject("entity").put("type", kind.name()).put("code", Directory.codeOf(principal));
    return entry.put("includeSubs", false);
  }

  private static ObjectNode rights(String name, Map<String, ArrayNode> entities, Design design) {
    ObjectNode answer = Reply.object();
    ArrayNode rights = answer.putArray("rights");
    entities.forEach((value, those) -> rights.addObject().put(name, value).set("entities", those));
    return DesignCalls.withRevision(answer, design);
  }

  /** What the caller, who has to be a user, may do with some records and their fields. */
  static JsonNode evaluate(Call call) {
    Params params = call.params();
    long appId = params.id("app");
    params.require("ids");
    List<Long> ids = params.ids("ids");
    if (ids.size() > MOST_RECORDS) {
      params.problem("ids", FieldError.SIZE_BETWEEN, "1", Integer.toString(MOST_RECORDS));
    }
    params.check();
    if (call.caller().withToken()) {
      throw ErrorCode.GAIA_NO01.refuse();
    }
    return call.read(
        () -> {
          Access.Live app = call.access().liveToAny(appId, Permission.VIEW, Permission.ADD);
          PermissionView view = call.permissionView(app);
          ObjectNode answer = Reply.object();
          ArrayNode rights = answer.putArray("rights");
          for (long id : ids) {
            StoredRecord record = app.app().record(id);
            if (record == null) {
              throw ErrorCode.GAIA_RE01.refuse(Long.toString(id));
            }
            ObjectNode right = rights.addObject().put("id", Long.toString(id));
            right
                .putObject("record")
                .put("viewable", may(call, appId, view, record, Permission.VIEW))
                .put("editable", may(call, appId, view, record, Permission.EDIT))
                .put("deletable", may(call, appId, view, record, Permission.DELETE));
            right.set("fields", fields(app.design(), view));
          }
          return answer;
        });
  }

  private static boolean may(
      Call call, long app, PermissionView view, StoredRecord record, Permission permission) {
    return call.caller().may(app, permission) && view.may(record, permission);
  }

  /** The fields that an update can write, those of tables beside the others. */
  private static ObjectNode fields(Design design, PermissionView view) {
    ObjectNode fields = Reply.object();
    for (FormField field : design.form().fields()) {
      List<FormField> all = new ArrayList<>(field.inner().values());
      all.add(0, field);
      for (FormField each : all) {
        if (each.type().isInput()) {
          fields
              .putObject(each.code())
              .put("viewable", view.may(field.code(), Permission.VIEW))
              .put("editable", view.may(field.code(), Permission.EDIT));
        }
      }
    }
    return fields;
  }
}
