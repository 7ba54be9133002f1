package dev.kintonesync.console.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.MapEdit;
import dev.kintonesync.setup.Draft;
import dev.kintonesync.setup.DraftChangedException;
import dev.kintonesync.setup.JobChangedException;
import dev.kintonesync.setup.JobSetup;
import dev.kintonesync.setup.Problem;
import dev.kintonesync.setup.ProblemException;
import dev.kintonesync.setup.SetupStep;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The part of the API by which jobs are set up: {@code docs/api.yaml} says what is asked how. */
final class SetupApi {
  /** The path of all of it. */
  static final String PATH = "/api/setup";

  private static final int HTTP_OK = 200;

  private static final String DRAFTS = PATH + "/drafts";
  private static final String APPS = PATH + "/apps";
  private static final String JOBS = PATH + "/jobs";

  private final Supplier<JobSetup> setup;
  private final PageActions actions;

  SetupApi(Supplier<JobSetup> setup, PageActions actions) {
    this.setup = setup;
    this.actions = actions;
  }

  /** Whether a path takes a file as the content of a request. */
  static boolean takesAFile(String path) {
    return path.startsWith(DRAFTS + "/") && path.endsWith("/sample");
  }

  /** Answers somebody who may set up. */
  PageResponse answer(PageRequest asked, Role role, MessageBundle bundle) {
    var answered = answer(asked, bundle);
    if (asked.changes()) {
      ActionLog.note(
          role,
          asked,
          asked.method(),
          PageRequest.decoded(asked.path()),
          answered.status() == HTTP_OK);
    }
    return answered;
  }

  private PageResponse answer(PageRequest asked, MessageBundle bundle) {
    try {
      var answer = route(asked, bundle);
      return answer == null ? PageResponse.notFound(bundle) : PageResponse.json(answer);
    } catch (UnreadableException e) {
      return PageResponse.text(400, bundle.say(e.reason()));
    } catch (DraftChangedException e) {
      var answer = refusal(e, bundle);
      answer.set("draft", draft(e.now(), bundle));
      return PageResponse.json(answer).as(409);
    } catch (JobChangedException e) {
      var answer = refusal(e, bundle).put("mine", e.mine()).put("theirs", e.theirs());
      return PageResponse.json(answer).as(409);
    } catch (MapEdit.RefusedException e) {
      var answer = refusal(e, bundle).put("property", "map").put("column", e.column());
      return PageResponse.json(answer).as(422);
    } catch (ProblemException e) {
      return PageResponse.json(refusal(e, bundle).put("property", e.property())).as(422);
    } catch (UserErrorException e) {
      boolean gone = e.reason().text() == MessageCode.SETUP_NO_DRAFT;
      return PageResponse.json(refusal(e, bundle)).as(gone ? 404 : 422);
    }
  }

  private static ObjectNode refusal(UserErrorException refused, MessageBundle bundle) {
    return object().put("message", bundle.say(refused.reason()));
  }

  private @Nullable JsonNode route(PageRequest asked, MessageBundle bundle) {
    String path = asked.path();
    if (path.equals(PATH) && asked.method().equals("GET")) {
      return overview(bundle);
    }
    if (path.equals(DRAFTS) && asked.method().equals("POST")) {
      JsonNode body = asked.object();
      var begun =
          setup
              .get()
              .begin(
                  body.path("job").isTextual() ? body.path("job").textValue() : null,
                  body.path("copy").asBoolean(),
                  body.path("name").asText(""));
      return draft(begun, bundle);
    }
    if (path.equals(PATH + "/connection") && asked.method().equals("POST")) {
      return connection(asked, bundle);
    }
    if (path.equals(APPS) && asked.method().equals("GET")) {
      return setup.get().apps(asked.of("name"));
    }
    if (path.startsWith(APPS + "/") && asked.method().equals("GET")) {
      return setup.get().app(path.substring(APPS.length() + 1), asked.of("draft"), bundle);
    }
    if (path.startsWith(JOBS + "/")) {
      String[] parts = path.substring(JOBS.length() + 1).split("/", -1);
      return ofJob(PageRequest.decoded(parts[0]), parts.length > 1 ? parts[1] : "", asked, bundle);
    }
    if (path.startsWith(DRAFTS + "/")) {
      String[] parts = path.substring(DRAFTS.length() + 1).split("/", -1);
      return ofDraft(parts[0], parts.length > 1 ? parts[1] : "", asked, bundle);
    }
    return null;
  }

  private @Nullable JsonNode ofDraft(
      String id, String view, PageRequest asked, MessageBundle bundle) {
    var jobs = setup.get();
    return switch (asked.method() + " " + view) {
      case "GET " -> draft(jobs.draft(id), bundle);
      case "PATCH " -> {
        JsonNode body = asked.object();
        var name = body.path("name").isTextual() ? body.path("name").textValue() : null;
        yield draft(jobs.change(id, version(body), name, values(body.path("properties"))), bundle);
      }
      case "DELETE " -> {
        jobs.remove(id);
        yield object();
      }
      case "PUT mapping" -> {
        JsonNode body = asked.object();
        var choices = new ArrayList<MapEdit.Choice>();
        for (JsonNode one : body.path("columns")) {
          String field = one.path("field").asText("");
          choices.add(
              new MapEdit.Choice(
                  one.path("name").asText(),
                  field.isEmpty() ? null : field,
                  one.path("steps").asText("")));
        }
        var constants = new LinkedHashMap<String, String>();
        for (JsonNode one : body.path("constants")) {
          constants.put(one.path("field").asText(), one.path("value").asText());
        }
        yield draft(jobs.map(id, version(body), choices, constants), bundle);
      }
      case "PUT sample" -> {
        Path file = Objects.requireNonNull(asked.file(), "a sample has a file");
        yield draft(jobs.sample(id, file, UploadApi.fileName(asked.of("file"))), bundle);
      }
      case "GET source" -> jobs.views().source(id, asked.of("fresh").equals("true"), bundle);
      case "GET mapping" -> jobs.views().mapping(id, bundle);
      case "POST proposal" -> draft(jobs.views().propose(id), bundle);
      case "GET rules" -> jobs.views().rules(id, bundle);
      case "POST plan" -> jobs.views().startPlan(id, bundle);
      case "GET plan" -> jobs.views().plan(id, bundle);
      case "GET block" -> jobs.block(id, bundle);
      case "POST save" -> {
        JsonNode body = asked.object();
        var saved = jobs.save(id, version(body), body.path("force").asBoolean(), bundle);
        actions.reload(saved.path("job").asText());
        yield saved;
      }
      default -> null;
    };
  }

  private JsonNode connection(PageRequest asked, MessageBundle bundle) {
    var tried = setup.get().tryConnection(asked.object(), bundle);
    if (tried.path("saved").asBoolean()) {
      setup.get().jobNames().forEach(actions::reload);
    }
    return tried;
  }

  /** What a running service has of the job follows by itself. */
  private @Nullable JsonNode ofJob(
      String job, String action, PageRequest asked, MessageBundle bundle) {
    var jobs = setup.get();
    MessageCode done;
    switch (asked.method() + " " + action) {
      case "POST start" -> {
        jobs.writes(job, true);
        done =
            jobs.home().runsJobs()
                ? MessageCode.SETUP_STARTED
                : MessageCode.SETUP_STARTED_ELSEWHERE;
      }
      case "POST pause" -> {
        jobs.writes(job, false);
        done = MessageCode.SETUP_PAUSED;
      }
      case "DELETE " -> {
        jobs.removeJob(job, asked.of("secrets").equals("remove"));
        done = MessageCode.SETUP_REMOVED;
      }
      default -> {
        return null;
      }
    }
    actions.reload(job);
    return object().put("message", bundle.say(done.with(job)));
  }

  private JsonNode overview(MessageBundle bundle) {
    var jobs = setup.get();
    var overview = object().put("home", jobs.home().path().toString());
    overview.put("running", jobs.home().runsJobs());
    try {
      overview.set("connection", jobs.connection());
      overview.set("jobs", jobs.jobs(bundle));
      overview.putNull("problem");
    } catch (UserErrorException e) {
      overview.put("problem", bundle.say(e.reason()));
      overview.putArray("jobs");
    }
    var drafts = overview.putArray("drafts");
    for (Draft draft : jobs.drafts()) {
      drafts
          .addObject()
          .put("id", draft.id())
          .put("name", draft.name())
          .put("job", draft.job())
          .put("changed", draft.changed());
    }
    return overview;
  }

  private ObjectNode draft(Draft draft, MessageBundle bundle) {
    var jobs = setup.get();
    var answer =
        object()
            .put("id", draft.id())
            .put("version", draft.version())
            .put("name", draft.name())
            .put("job", draft.job());
    var properties = answer.putObject("properties");
    draft.properties().forEach(properties::put);
    var secrets = answer.putArray("secrets");
    jobs.secretsOf(draft).forEach(secrets::add);
    var unshown = answer.putArray("unshown");
    draft.properties().keySet().stream()
        .filter(property -> !PageFiles.isOfSetup(property))
        .forEach(unshown::add);
    answer.set("problems", problems(jobs.problems(draft), bundle));
    Long bytes = jobs.sampleBytes(draft);
    if (bytes == null) {
      answer.putNull("sample");
    } else {
      answer.putObject("sample").put("name", draft.sample()).put("bytes", bytes);
    }
    return answer.put("blockChanged", jobs.isBehind(draft)).put("changed", draft.changed());
  }

  private static ArrayNode problems(List<Problem> problems, MessageBundle bundle) {
    var answer = JsonNodeFactory.instance.arrayNode();
    for (Problem problem : problems) {
      answer
          .addObject()
          .put("property", problem.property())
          .put("step", step(problem))
          .put("message", bundle.say(problem.message()));
    }
    return answer;
  }

  private static @Nullable String step(Problem problem) {
    var step = SetupStep.of(problem.property());
    return step == null ? null : step.word();
  }

  private static Map<String, @Nullable String> values(JsonNode properties) {
    var values = new LinkedHashMap<String, @Nullable String>();
    properties
        .properties()
        .forEach(
            each ->
                values.put(
                    each.getKey(), each.getValue().isNull() ? null : each.getValue().asText()));
    return values;
  }

  private static int version(JsonNode body) {
    JsonNode version = body.path("version");
    if (!version.canConvertToInt() || !version.isIntegralNumber()) {
      throw new ProblemException(new Problem("version", MessageCode.SETUP_NO_VERSION.with()));
    }
    return version.intValue();
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
