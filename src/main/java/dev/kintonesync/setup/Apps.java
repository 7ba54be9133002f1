package dev.kintonesync.setup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.form.Field;
import dev.kintonesync.form.FieldType;
import dev.kintonesync.form.Form;
import dev.kintonesync.form.NumberPrecision;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.KintoneConnection;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.kintone.Verb;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Network;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The apps that a caller sees, and their forms, each kept for some minutes. */
final class Apps {
  private static final Duration KEPT = Duration.ofMinutes(3);
  private static final int MOST = 50;

  /** Kintone refuses to look for more, and calls no app by so many characters. */
  private static final int LONGEST_NAME = 64;

  private static final int MOST_LISTED = 100;

  private final JobSetup.Home home;
  private final Map<String, Read> read =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Read> eldest) {
          return size() > MOST;
        }
      };

  private record Read(Form form, Instant at) {}

  Apps(JobSetup.Home home) {
    this.home = home;
  }

  /** Apps by a part of their names. */
  ObjectNode list(KintoneConnection connection, Network network, String name) {
    var answer = SetupJson.object();
    var apps = answer.putArray("apps");
    boolean byNumber = connection.credentials().login() == null;
    answer.put("byNumber", byNumber);
    String part = name.strip();
    if (byNumber || part.length() > LONGEST_NAME) {
      return answer;
    }
    var payload = SetupJson.object().put("limit", MOST_LISTED);
    if (!part.isEmpty()) {
      payload.put("name", part);
    }
    var request = KintoneRequest.operation(connection, Verb.GET, "apps.json", payload);
    for (JsonNode app : ask(network, request, "").path("apps")) {
      apps.addObject().put("id", app.path("appId").asText()).put("name", app.path("name").asText());
    }
    return answer;
  }

  /**
   * The form of an app.
   *
   * @param fresh whether it is read anew
   * @throws UserErrorException when it cannot be read: why
   */
  Form form(KintoneConnection connection, Network network, String app, boolean fresh) {
    String id =
        connection.baseUrl()
            + " "
            + connection.guestSpace()
            + " "
            + app
            + " "
            + connection.credentials().headers().hashCode();
    synchronized (read) {
      var kept = read.get(id);
      if (!fresh && kept != null && home.clock().instant().isBefore(kept.at().plus(KEPT))) {
        return kept.form();
      }
    }
    JsonNode fields = ask(network, KintoneRequest.formFields(connection, app), app);
    Form form;
    try (var kintone = home.kintone(network)) {
      var precision =
          kintone.ask(KintoneRequest.appSettings(connection, app)) instanceof Answer.Done settings
              ? NumberPrecision.of(settings.body())
              : NumberPrecision.KINTONE_DEFAULT;
      form = Form.of(app, fields, precision);
    }
    synchronized (read) {
      read.put(id, new Read(form, home.clock().instant()));
    }
    return form;
  }

  /** How many records an app has. */
  long records(KintoneConnection connection, Network network, String app) {
    var request = KintoneRequest.countRecords(connection, app, "limit 1", List.of("$id"));
    return ask(network, request, app).path("totalCount").asLong();
  }

  /**
   * How many records a condition holds for.
   *
   * @throws ProblemException when Kintone does not accept the condition
   */
  long recordsInScope(KintoneConnection connection, Network network, String app, String scope) {
    try (var kintone = home.kintone(network)) {
      var request =
          KintoneRequest.countRecords(connection, app, "(" + scope + ") limit 1", List.of("$id"));
      var answer = kintone.ask(request);
      if (answer instanceof Answer.Done done) {
        return done.body().path("totalCount").asLong();
      }
      throw answer instanceof Answer.Refused refused
          ? new ProblemException(
              new Problem("mirror.scope", MessageCode.SCOPE_REFUSED.with(scope, refused.words())))
          : new UserErrorException(answer.whyAway(connection.baseUrl()));
    }
  }

  private JsonNode ask(Network network, KintoneRequest request, String app) {
    try (var kintone = home.kintone(network)) {
      var answer = kintone.ask(request);
      if (answer instanceof Answer.Done done && request.isAnsweredBy(done.body())) {
        return done.body();
      }
      throw new UserErrorException(
          answer instanceof Answer.Refused refused
              ? refused.whyUnreadable(app, request)
              : answer.whyAway(request.connection().baseUrl()));
    }
  }

  /** An app with its form, and which field could tell its records apart. */
  ObjectNode view(
      Configuration configuration, KintoneConnection connection, String app, MessageBundle bundle) {
    var network = configuration.settings().network();
    var form = form(connection, network, app, true);
    String k = connection.baseUrl() + "/k/";
    var answer =
        SetupJson.object()
            .put("id", app)
            .put("name", name(connection, network, app))
            .put("url", k + app + "/")
            .put("settingsUrl", k + "admin/app/flow?app=" + app + "#section=form");
    answer.set("fields", SetupJson.fields(form));
    var keys = form.keys();
    answer.set("keys", SetupJson.names(keys.stream().map(Field::code).toList()));
    Field proposed = proposed(form);
    answer.put("key", proposed == null ? null : proposed.code());
    return answer.put("keyAdvice", bundle.say(advice(form, proposed)));
  }

  private static @Nullable Field proposed(Form form) {
    return form.keys().stream()
        .filter(field -> field.type() != FieldType.RECORD_NUMBER)
        .findFirst()
        .orElse(null);
  }

  /** A field that Kintone does not keep unique yet is the better key than the record number. */
  private static UserMessage advice(Form form, @Nullable Field proposed) {
    if (proposed != null) {
      return MessageCode.SETUP_KEY_PROPOSED.with(proposed.name());
    }
    var could =
        form.fields().stream()
            .filter(field -> field.type().updateKey() && field.type() != FieldType.RECORD_NUMBER)
            .filter(field -> field.writable() && field.lookup() == null)
            .map(Field::name)
            .toList();
    return could.isEmpty()
        ? MessageCode.SETUP_KEY_NONE.with()
        : MessageCode.SETUP_KEY_NOT_UNIQUE.with(String.join(", ", could));
  }

  private @Nullable String name(KintoneConnection connection, Network network, String app) {
    try (var kintone = home.kintone(network)) {
      var payload = SetupJson.object().put("id", app);
      var answer = kintone.ask(KintoneRequest.operation(connection, Verb.GET, "app.json", payload));
      return answer instanceof Answer.Done done && done.body().path("name").isTextual()
          ? done.body().path("name").textValue()
          : null;
    }
  }
}
