package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.simulator.rules.ErrorCode;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tables of endpoints: every call the simulator knows and who answers it. */
final class Endpoints {

  /** Answers a call as a whole, when there is more to an answer than JSON and 200. */
  @FunctionalInterface
  interface WholeHandler {
    Reply answer(Call call);
  }

  /** Answers a call with the JSON of its success. */
  @FunctionalInterface
  interface Handler {
    JsonNode answer(Call call);
  }

  private final Map<String, WholeHandler> whole;

  private static final Map<String, Handler> TABLE =
      Map.ofEntries(
          Map.entry("GET record", RecordCalls::get),
          Map.entry("POST record", RecordCalls::add),
          Map.entry("PUT record", RecordCalls::update),
          Map.entry("GET records", RecordCalls::list),
          Map.entry("POST records", RecordCalls::addAll),
          Map.entry("PUT records", RecordCalls::updateAll),
          Map.entry("DELETE records", RecordCalls::deleteAll),
          Map.entry("PUT record/status", StatusCalls::move),
          Map.entry("PUT records/status", StatusCalls::moveAll),
          Map.entry("PUT record/assignees", StatusCalls::assign),
          Map.entry("GET app/status", StatusCalls::process),
          Map.entry("GET preview/app/status", StatusCalls::previewProcess),
          Map.entry("PUT preview/app/status", StatusCalls::changeProcess),
          Map.entry("POST file", FileCalls::upload),
          Map.entry("POST records/cursor", CursorCalls::create),
          Map.entry("GET records/cursor", CursorCalls::next),
          Map.entry("DELETE records/cursor", CursorCalls::delete),
          Map.entry("POST record/comment", CommentCalls::add),
          Map.entry("DELETE record/comment", CommentCalls::delete),
          Map.entry("GET record/comments", CommentCalls::list),
          Map.entry("GET app", AppCalls::get),
          Map.entry("GET apps", AppCalls::list),
          Map.entry("GET apps/statistics", UsageCalls::list),
          Map.entry("GET app/settings", AppCalls::settings),
          Map.entry("GET app/form/fields", FormCalls::fields),
          Map.entry("GET app/form/layout", FormCalls::layout),
          Map.entry("GET preview/app/form/layout", FormCalls::previewLayout),
          Map.entry("PUT preview/app/form/layout", FormCalls::changeLayout),
          Map.entry("POST preview/app", AppCalls::create),
          Map.entry("GET preview/app/settings", AppCalls::previewSettings),
          Map.entry("PUT preview/app/settings", AppCalls::changeSettings),
          Map.entry("GET preview/app/form/fields", FormCalls::previewFields),
          Map.entry("POST preview/app/form/fields", FormCalls::addFields),
          Map.entry("PUT preview/app/form/fields", FormCalls::changeFields),
          Map.entry("DELETE preview/app/form/fields", FormCalls::deleteFields),
          Map.entry("GET form", DesignCalls::form),
          Map.entry("GET preview/form", DesignCalls::previewForm),
          Map.entry("GET app/views", DesignCalls::views),
          Map.entry("GET preview/app/views", DesignCalls::previewViews),
          Map.entry("GET app/acl", PermissionCalls::ofApp),
          Map.entry("GET preview/app/acl", PermissionCalls::previewOfApp),
          Map.entry("GET record/acl", PermissionCalls::ofRecords),
          Map.entry("GET preview/record/acl", PermissionCalls::previewOfRecords),
          Map.entry("GET field/acl", PermissionCalls::ofFields),
          Map.entry("GET preview/field/acl", PermissionCalls::previewOfFields),
          Map.entry("GET records/acl/evaluate", PermissionCalls::evaluate),
          Map.entry("GET app/customize", DesignCalls::customization),
          Map.entry("GET preview/app/customize", DesignCalls::previewCustomization),
          Map.entry("POST preview/app/deploy", AppCalls::deploy),
          Map.entry("GET preview/app/deploy", AppCalls::deployStatus));

  /** What Kintone can do with resources of which the simulator knows other methods only. */
  private static final Set<String> NOT_SIMULATED =
      Set.of(
          "PUT app/acl",
          "PUT preview/app/acl",
          "PUT record/acl",
          "PUT preview/record/acl",
          "PUT field/acl",
          "PUT preview/field/acl",
          "PUT preview/app/views",
          "PUT preview/app/customize");

  Endpoints(Faults faults) {
    whole =
        Map.of(
            "POST bulkRequest", new BulkCalls(this, faults)::run,
            "GET file", FileCalls::download);
  }

  /** All calls there are: {@code GET records}. */
  static SortedSet<String> lines() {
    SortedSet<String> lines = new TreeSet<>(TABLE.keySet());
    lines.addAll(new Endpoints(new Faults()).whole.keySet());
    return lines;
  }

  /** Finds the endpoint of a call and answers the call. */
  Reply answer(Route route, Call call) {
    WholeHandler handler = whole.get(key(route));
    if (handler != null) {
      return handler.answer(call);
    }
    Handler plain = NOT_SIMULATED.contains(key(route)) ? null : find(route);
    if (plain == null) {
      call.domain().statistics().notSimulated(key(route));
      throw ErrorCode.SIMULATOR_UNKNOWN.refuse(route.method() + " " + route.path());
    }
    return Reply.json(plain.answer(call));
  }

  /**
   * Who answers a route with JSON; null when there is no such resource.
   *
   * @throws dev.kintonesync.simulator.rules.Refusal when the resource knows no such method
   */
  @Nullable Handler find(Route route) {
    Handler handler = TABLE.get(key(route));
    String otherMethod = " " + route.resource();
    if (handler == null
        && Stream.concat(TABLE.keySet().stream(), whole.keySet().stream())
            .anyMatch(known -> known.endsWith(otherMethod))) {
      throw ErrorCode.CB_IL02.refuse();
    }
    return handler;
  }

  private static String key(Route route) {
    return route.method() + " " + route.resource();
  }
}
