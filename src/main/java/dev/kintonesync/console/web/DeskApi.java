package dev.kintonesync.console.web;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.console.JobOverview;
import dev.kintonesync.console.JobStatus;
import dev.kintonesync.console.web.PageActions.CorrectedRow;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Job;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The part of the API that a clerk's desk is made of: {@code docs/api.yaml} says what is asked how.
 */
final class DeskApi {
  /** Below it everything stands for a job. */
  static final String PATH = "/api/desk/";

  private static final String HISTORY = "/api/history";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, String>> VALUES = new TypeReference<>() {};

  private final JobOverview overview;
  private final PageViews pages;
  private final DeskViews views;
  private final PageActions actions;

  /** The desks of all jobs. */
  DeskApi(JobOverview overview, PageViews pages, PageActions actions) {
    this.overview = overview;
    this.pages = pages;
    this.views = pages.desk();
    this.actions = actions;
  }

  /** Answers a request whose sender may ask it; empty when it is none of a desk. */
  Optional<PageResponse> answer(PageRequest asked, Role role, MessageBundle bundle) {
    if (asked.path().equals(HISTORY) && !asked.changes()) {
      return Optional.of(
          PageResponse.json(pages.history(asked.of("job"), asked.of("key"), asked.number("from"))));
    }
    if (!asked.path().startsWith(PATH)) {
      return Optional.empty();
    }
    String[] parts = asked.path().substring(PATH.length()).split("/", 2);
    var job = job(PageRequest.decoded(parts[0]));
    String what = asked.method() + " " + (parts.length > 1 ? parts[1] : "");
    return job.map(
        each ->
            switch (what) {
              case "GET " -> PageResponse.json(views.desk(each, role, bundle));
              case "GET rejects" ->
                  PageResponse.json(views.rejects(each.name(), each, asked.number("from"), bundle));
              case "POST corrections" -> correct(each.name(), asked, role, bundle);
              default -> PageResponse.notFound(bundle);
            });
  }

  private Optional<Job> job(String name) {
    return overview.jobs().stream()
        .filter(status -> status.name().equals(name))
        .map(JobStatus::job)
        .filter(Objects::nonNull)
        .findAny();
  }

  private PageResponse correct(String job, PageRequest asked, Role role, MessageBundle bundle) {
    try {
      var taken = actions.correct(job, rows(asked.object()));
      ActionLog.note(role, asked, "correct", job, true);
      return taken(taken, bundle);
    } catch (UnreadableException e) {
      ActionLog.note(role, asked, "correct", job, false);
      return PageResponse.text(400, bundle.say(e.reason()));
    } catch (UserErrorException e) {
      ActionLog.note(role, asked, "correct", job, false);
      return refused(e, bundle);
    }
  }

  private static List<CorrectedRow> rows(JsonNode body) {
    var rows = new ArrayList<CorrectedRow>();
    for (JsonNode row : body.path("rows")) {
      try {
        rows.add(
            new CorrectedRow(
                row.path("id").asText(),
                row.path("version").asText(),
                row.has("values") ? JSON.convertValue(row.path("values"), VALUES) : Map.of(),
                members(row.path("members"))));
      } catch (IllegalArgumentException | NullPointerException e) {
        throw new UserErrorException(
            MessageCode.CORRECTIONS_UNREADABLE.with("rows[" + rows.size() + "]"), e);
      }
    }
    return rows;
  }

  private static Map<Integer, Map<String, String>> members(JsonNode rows) {
    var members = new HashMap<Integer, Map<String, String>>();
    for (JsonNode each : rows) {
      members.put(each.path("row").asInt(-1), JSON.convertValue(each.path("values"), VALUES));
    }
    return members;
  }

  /** What was taken, as the API says it. */
  static PageResponse taken(PageActions.Taken taken, MessageBundle bundle) {
    return PageResponse.json(
        JSON.createObjectNode().put("id", taken.id()).put("message", bundle.say(taken.message())));
  }

  /** Why something was not done, as the API says it. */
  static PageResponse refused(UserErrorException refused, MessageBundle bundle) {
    return PageResponse.json(JSON.createObjectNode().put("message", bundle.say(refused.reason())))
        .as(422);
  }
}
