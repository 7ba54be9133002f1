package dev.kintonesync.setup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.KintoneConnection;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.kintone.Verb;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.PropertiesText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The connection to Kintone that holds for all jobs: shown without secrets, tried, and saved. */
final class Connections {
  /** What the page calls it, and the property that it is. */
  private static final Map<String, String> PROPERTIES = properties();

  private static final List<String> SECRETS =
      List.of("token", "password", "basicAuthPassword", "proxyPassword", "certificatePassword");

  /** Asked for when the program starts. */
  private static final List<String> OF_START =
      List.of(
          "proxy",
          "proxyUsername",
          "proxyPassword",
          "certificate",
          "certificatePassword",
          "authorities");

  private final JobSetup.Home home;

  Connections(JobSetup.Home home) {
    this.home = home;
  }

  private static Map<String, String> properties() {
    var properties = new LinkedHashMap<String, String>();
    properties.put("baseUrl", "kintone.base-url");
    properties.put("guestSpaceId", "kintone.guest-space-id");
    properties.put("token", "kintone.api-token");
    properties.put("username", "kintone.username");
    properties.put("password", "kintone.password");
    properties.put("basicAuthUsername", "kintone.basic-auth-username");
    properties.put("basicAuthPassword", "kintone.basic-auth-password");
    properties.put("proxy", "kintone.proxy");
    properties.put("proxyUsername", "kintone.proxy-username");
    properties.put("proxyPassword", "kintone.proxy-password");
    properties.put("certificate", "kintone.pfx-file-path");
    properties.put("certificatePassword", "kintone.pfx-file-password");
    properties.put("authorities", "kintone.ca-file-path");
    return properties;
  }

  /** How it stands, without secrets. */
  ObjectNode view() {
    var said = said();
    var view = SetupJson.object();
    PROPERTIES.keySet().stream()
        .filter(name -> !SECRETS.contains(name))
        .forEach(name -> view.put(name, said.get(name)));
    String auth =
        said.containsKey("password") && said.containsKey("username")
            ? "login"
            : said.containsKey("token") ? "token" : "none";
    view.put("auth", auth);
    view.put("ready", said.containsKey("baseUrl") && !auth.equals("none"));
    view.set("fixed", SetupJson.names(ofEnvironment().keySet()));
    return view;
  }

  /** What is said now, secrets among it; the environment goes before the files. */
  private Map<String, String> said() {
    var application = PropertiesText.ofJobs(home.path());
    var secrets = PropertiesText.ofSecrets(home.path());
    var said = new HashMap<String, String>();
    PROPERTIES.forEach(
        (name, property) -> {
          String value = secrets.value(property);
          value = value == null ? application.value(property) : value;
          if (value != null) {
            said.put(name, value);
          }
        });
    said.putAll(ofEnvironment());
    return said;
  }

  private Map<String, String> ofEnvironment() {
    var said = new LinkedHashMap<String, String>();
    PROPERTIES.forEach(
        (name, property) -> {
          String variable = Configuration.variableOf(property);
          String value = home.environment().getOrDefault(variable, "").strip();
          if (!value.isEmpty()) {
            said.put(name, value);
          }
        });
    return said;
  }

  /** Tries a connection, and saves it where that is asked for. */
  ObjectNode tried(JsonNode asked, MessageBundle bundle) {
    var said = said();
    var changes = changes(asked);
    forget(changes, said, "baseUrl", List.of("token", "password", "basicAuthPassword"));
    forget(changes, said, "proxy", List.of("proxyPassword"));
    changes.forEach(
        (name, value) -> {
          if (value == null) {
            said.remove(name);
          } else if (!ofEnvironment().containsKey(name)) {
            said.put(name, value);
          }
        });
    var problems = new ArrayList<Problem>();
    said.forEach(
        (name, value) -> {
          try {
            Configuration.checkOfAll(String.valueOf(PROPERTIES.get(name)), value);
          } catch (UserErrorException e) {
            problems.add(new Problem(name, e.reason()));
          }
        });
    UserMessage message;
    try {
      message =
          problems.isEmpty()
              ? tryOut(said, asked.path("app").asText(""), problems)
              : problems.get(0).message();
    } catch (UserErrorException e) {
      problems.add(new Problem(nameOf(e.reason()), e.reason()));
      message = e.reason();
    }
    boolean ok = problems.isEmpty();
    boolean saves = asked.path("save").asBoolean() && (ok || asked.path("anyway").asBoolean());
    if (saves) {
      save(changes);
    }
    var answer =
        SetupJson.object()
            .put("ok", ok)
            .put("saved", saves)
            .put("restart", saves && changes.keySet().stream().anyMatch(OF_START::contains))
            .put("message", bundle.say(message));
    var list = answer.putArray("problems");
    problems.forEach(problem -> list.add(SetupJson.json(problem, bundle)));
    answer.set("connection", view());
    return answer;
  }

  /** What was said to one address is not said to another, unless it is said anew. */
  private static void forget(
      Map<String, @Nullable String> changes,
      Map<String, String> said,
      String address,
      List<String> secrets) {
    if (said.containsKey(address)
        && changes.containsKey(address)
        && !said.get(address).equals(changes.get(address))) {
      secrets.stream().filter(said::containsKey).forEach(name -> changes.putIfAbsent(name, null));
    }
  }

  /** What is to change by its name; null removes. */
  private static Map<String, @Nullable String> changes(JsonNode asked) {
    var changes = new LinkedHashMap<String, @Nullable String>();
    PROPERTIES
        .keySet()
        .forEach(
            name -> {
              JsonNode value = asked.path(name);
              if (value.isTextual() || value.isNumber()) {
                String text = value.asText().strip();
                changes.put(name, text.isEmpty() ? null : text);
              } else if (value.isNull()) {
                changes.put(name, null);
              }
            });
    switch (asked.path("auth").asText("")) {
      case "token" -> List.of("username", "password").forEach(name -> changes.put(name, null));
      case "login" -> changes.put("token", null);
      default -> {}
    }
    return changes;
  }

  private UserMessage tryOut(Map<String, String> said, String app, List<Problem> problems) {
    var overrides = new HashMap<String, String>();
    said.forEach(
        (name, value) -> {
          boolean file = name.equals("certificate") || name.equals("authorities");
          overrides.put(
              String.valueOf(PROPERTIES.get(name)),
              file ? home.path().resolve(value).toString() : value);
        });
    overrides.put("job." + Job.IMPORT + ".app", app.isEmpty() ? "1" : app);
    for (String needed : List.of("baseUrl", said.containsKey("username") ? "password" : "token")) {
      if (!said.containsKey(needed)) {
        problems.add(new Problem(needed, MessageCode.SETUP_LACKS.with(needed)));
      }
    }
    if (!isApp(app)) {
      problems.add(new Problem("app", MessageCode.SETUP_APP_NUMBER.with(app)));
    }
    if (!problems.isEmpty()) {
      return problems.get(0).message();
    }
    // the files may say what is to be removed, so they are not heard
    var configuration = Configuration.of(Map.of(), Job.IMPORT, Map.of(), overrides);
    var connection = configuration.importing(Job.IMPORT, Path.of("")).connection();
    try (var kintone = home.kintone(configuration.settings().network())) {
      return app.isEmpty()
          ? reach(kintone, connection, problems)
          : read(kintone, connection, app, problems);
    }
  }

  private static boolean isApp(String app) {
    try {
      if (!app.isEmpty()) {
        Configuration.check("app", app);
      }
      return true;
    } catch (UserErrorException e) {
      return false;
    }
  }

  /** Without an app a login can be tried, and of a token only whether Kintone is there. */
  private static UserMessage reach(
      KintoneProbe kintone, KintoneConnection connection, List<Problem> problems) {
    boolean token = connection.credentials().login() == null;
    var payload = SetupJson.object();
    var answer =
        kintone.ask(
            token
                ? KintoneRequest.formFields(connection, "1")
                : KintoneRequest.operation(
                    connection, Verb.GET, "apps.json", payload.put("limit", 1)));
    if (answer instanceof Answer.Refused refused
        && (!token || refused.code().equals("HTTP_401") || refused.code().startsWith("HTTP_4"))) {
      return refused(refused.whyUnreadable("", connection), refused.code(), problems);
    }
    if (answer.isSilence()) {
      return refused(answer.whyAway(connection.baseUrl()), "", problems);
    }
    return (token ? MessageCode.SETUP_KINTONE_THERE : MessageCode.SETUP_LOGGED_IN)
        .with(connection.baseUrl());
  }

  private static UserMessage read(
      KintoneProbe kintone, KintoneConnection connection, String app, List<Problem> problems) {
    for (var request :
        List.of(
            KintoneRequest.formFields(connection, app),
            KintoneRequest.getRecords(connection, app, "limit 1", List.of("$id")))) {
      var answer = kintone.ask(request);
      if (answer instanceof Answer.Refused refused) {
        return refused(refused.whyUnreadable(app, request), refused.code(), problems);
      } else if (answer.isSilence()) {
        return refused(answer.whyAway(connection.baseUrl()), "", problems);
      }
    }
    return MessageCode.SETUP_APP_READ.with(app, connection.baseUrl());
  }

  private static UserMessage refused(UserMessage why, String code, List<Problem> problems) {
    String name =
        switch (code) {
          case "GAIA_IA02", "GAIA_DA03", "GAIA_NO01" -> "token";
          case "CB_AU01", "CB_WA01" -> "username";
          case "GAIA_AP01" -> "app";
          case "GAIA_IL23", "CB_NO02" -> "guestSpaceId";
          case "HTTP_401" -> "basicAuthUsername";
          default -> "baseUrl";
        };
    problems.add(new Problem(name, why));
    return why;
  }

  /** What the page calls the property that a sentence is about; null: it names none. */
  private static @Nullable String nameOf(UserMessage reason) {
    if (reason.text() == MessageCode.CERTIFICATE_UNREADABLE) {
      return "certificate";
    } else if (reason.text() == MessageCode.AUTHORITIES_UNREADABLE) {
      return "authorities";
    }
    return PROPERTIES.keySet().stream()
        .filter(name -> reason.arguments().contains(PROPERTIES.get(name)))
        .findFirst()
        .orElse(null);
  }

  private void save(Map<String, @Nullable String> changes) {
    var open = new LinkedHashMap<String, @Nullable String>();
    var secret = new LinkedHashMap<String, @Nullable String>();
    changes.forEach(
        (name, value) ->
            (SECRETS.contains(name) ? secret : open)
                .put(String.valueOf(PROPERTIES.get(name)), value));
    var secrets = PropertiesText.ofSecrets(home.path());
    var application = PropertiesText.ofJobs(home.path());
    if (!secrets.with(secret).text().equals(secrets.text())) {
      secrets.with(secret).write(false);
    }
    if (!application.with(open).text().equals(application.text())) {
      application.with(open).write(true);
    }
  }
}
