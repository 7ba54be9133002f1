package dev.kintonesync.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.message.UserErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a job may say of an API or another app, and what it is told when that does not fit. */
class SourcesTest {
  private static final String SECRET = "thatIsSecret";

  @TempDir Path home;

  private Job job(Map<String, String> environment, String... properties) throws IOException {
    Files.writeString(
        home.resolve("application.properties"),
        "kintone.base-url = https://example.cybozu.com\n"
            + "job.a.app = 42\njob.a.update-key = code\n"
            + Arrays.stream(properties)
                .map(property -> "job.a." + property.strip() + "\n")
                .collect(Collectors.joining()));
    var variables = new HashMap<>(environment);
    variables.put("KINTONE_API_TOKEN", "t");
    return Configuration.read(home, variables, Map.of()).job("a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lib",
        "lib/dropped",
        "routes/custom",
        "routes",
        "bin",
        "kamelets",
        "journal",
        "runs/inbox",
        ".",
        "..",
        "/",
        "inbox/../lib",
        "link-to-lib",
        "link-to-lib/inbox"
      })
  void aFolderInWhichTheProgramKeepsItsOwnFilesIsNotWatched(String folder) throws IOException {
    Files.createDirectories(home.resolve("lib"));
    if (folder.startsWith("link")) {
      Files.createSymbolicLink(home.resolve("link-to-lib"), home.resolve("lib"));
    }
    assertThatThrownBy(() -> job(Map.of(), "source = folder", "folder = " + folder))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContainingAll("job.a.folder", "part of the program");
  }

  @ParameterizedTest
  @ValueSource(strings = {"inbox", "library", "runs-of-others", "../inbox", "demo/inbox"})
  void anyOtherFolderIsWatched(String folder) throws IOException {
    assertThat(job(Map.of(), "source = folder", "folder = " + folder).source())
        .isEqualTo(new Source.Folder(home.resolve(folder).normalize()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "source = api; url = jdbc:h2:mem:x                           | not the address of an API",
        "source = database; query = q; url = https://a.example/x     | not the address of a"
            + " database",
        "source = api; url = ftp://a.example/                        | not the address",
        "source = api; url = https://me:thatIsSecret@a.example/      | a user name or"
            + " password",
        "source = api; url = https://a.example/?api_key=thatIsSecret | address contains a key or"
            + " token",
        "source = api; url = https://a.example/?x=1&access-token=thatIsSecret | address contains",
        "source = api; url = https://a.example/; paging = cursor     | job.a.next",
        "source = api; url = https://a.example/; next = /next        | only to paging = cursor",
        "source = api; url = https://a.example/; first-page = 0      | only to paging = page",
        "source = api; url = https://a.example/; size-parameter = n  | only to paging",
        "source = api; url = https://a.example/; page-parameter = a b | cannot be a name",
        "source = api; url = https://a.example/; checkpoint = v      | job.a.checkpoint-parameter",
        "source = api; url = https://a.example/; checkpoint-parameter = v | requires"
            + " job.a.checkpoint",
        "source = api; url = https://a.example/; overlap = 5m        | requires job.a.checkpoint",
        "source = api; url = https://a.example/; unique = id         | only to the source database",
        "source = api; url = https://a.example/; source.app = 7      | only to the source kintone",
        "source = api; url = https://a.example/; folder = x          | only to the source folder",
        "source = api; url = https://a.example/; source.token-header = X-Key | SOURCE_TOKEN_A",
        "source = api; url = https://a.example/; username = sato     | SOURCE_PASSWORD_A",
        "source = api; url = https://a.example/; source.token = thatIsSecret | secret",
        "source = kintone                                            | job.a.source.app",
        "source = kintone; source.app = 42                           | write to the same app",
        "source = kintone; source.app = 42; source.base-url = https://EXAMPLE.s.cybozu.com | same"
            + " app",
        "source = kintone; source.app = 7; source.base-url = https://b.cybozu.com | SOURCE_TOKEN_A",
        "source = kintone; source.app = 7; checkpoint = u; mode = mirror | mode is mirror",
        "source = kintone; source.app = 7; paging = page             | only to the source api"
      })
  void whatDoesNotFitIsSaidWithoutTheSecret(String properties, String said) {
    assertThatThrownBy(() -> job(Map.of(), properties.split(";")))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining(said)
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void aPasswordAndABearerTokenDoNotGoTogetherButAPasswordAndAnotherHeaderDo() throws IOException {
    var secrets = Map.of("SOURCE_TOKEN_A", SECRET, "SOURCE_PASSWORD_A", SECRET + "2");
    String[] both = {"source = api", "url = https://a.example/", "username = sato"};
    assertThatThrownBy(() -> job(secrets, both)).hasMessageContaining("job.a.source.token-header");
    var job = job(secrets, both[0], both[1], both[2], "source.token-header = X-Key");
    var access = ((Source.Api) job.source()).access();
    assertThat(access.headers()).containsOnlyKeys("Authorization", "X-Key");
    assertThat(job.toString())
        .doesNotContain(SECRET)
        .doesNotContain(access.headers().get("Authorization"));
    assertThat(access.hide("no " + SECRET + "2!")).isEqualTo("no ***!");
  }

  private static final String TOPIC = "source = kafka; brokers = b:9092; topic = t; ";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "registry = jdbc:h2:mem:x                             | not the address of a schema",
        "registry = https://a.example/?x=1                    | not the address of a schema",
        "registry = https://me:thatIsSecret@a.example/        | a user name or password",
        "registry = https://a.example/; registry.username = u | REGISTRY_PASSWORD_A",
        "registry = https://a.example/; registry.token = thatIsSecret | secret",
        "registry.username = u                                | together with job.a.registry",
        "value-format = avro                                  | Set job.a.registry"
      })
  void aRegistryThatDoesNotFitIsSaidWithoutTheSecret(String properties, String said) {
    assertThatThrownBy(() -> job(Map.of(), (TOPIC + properties).split(";")))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining(said)
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void aRegistryHasAPasswordOrATokenOrNone() throws IOException {
    String[] topic = (TOPIC + "registry = https://a.example/apis/ccompat/v7/").split(";");
    var open = ((Source.Topic) job(Map.of(), topic).source()).registry();
    assertThat(open.url()).hasToString("https://a.example/apis/ccompat/v7");
    assertThat(open.access().isSecret()).isFalse();
    var token = job(Map.of("REGISTRY_TOKEN_A", SECRET), topic);
    assertThat(((Source.Topic) token.source()).registry().access().headers())
        .containsEntry("Authorization", "Bearer " + SECRET);
    assertThat(token.toString()).doesNotContain(SECRET);
    String[] user = (TOPIC + "registry = https://a.example/; registry.username = sato").split(";");
    var login = job(Map.of("REGISTRY_PASSWORD_A", SECRET), user);
    assertThat(((Source.Topic) login.source()).registry().access().headers().get("Authorization"))
        .startsWith("Basic ");
    assertThatThrownBy(() -> job(Map.of("REGISTRY_PASSWORD_A", "p", "REGISTRY_TOKEN_A", "t"), user))
        .hasMessageContaining("job.a.registry.token is used instead");
    assertThatThrownBy(() -> job(Map.of("REGISTRY_PASSWORD_A", "p"), topic))
        .hasMessageContaining("job.a.registry.username");
    assertThatThrownBy(
            () ->
                job(Map.of(), "source = api", "url = https://a.example/", "registry = https://b/"))
        .hasMessageContaining("only to the source kafka");
  }

  @Test
  void whatIsForOneKintoneIsNotForAnother() throws IOException {
    String[] here = {"source = kintone", "source.app = 7", "source.guest-space-id = 3"};
    var own = ((Source.KintoneApp) job(Map.of(), here).source()).connection();
    assertThat(own.credentials().apiTokens()).containsExactly("t");
    assertThat(own.path("records.json")).isEqualTo("/k/guest/3/v1/records.json");
    var there =
        (Source.KintoneApp)
            job(
                    Map.of("SOURCE_TOKEN_A", "x, y"),
                    here[0],
                    here[1],
                    "source.base-url = https://b.cybozu.com")
                .source();
    assertThat(there.connection().credentials().apiTokens()).containsExactly("x", "y");
    assertThat(there.name()).isEqualTo("https://b.cybozu.com/k/7");
    assertThat(there.toString()).doesNotContain("x, y");
  }

  @ParameterizedTest
  @CsvSource({
    "'group = g', 'group = g', true",
    "'group = g', 'group = g; brokers = c:9092, b:9092', true",
    "'group = g', 'group = g; brokers = c:9092', false",
    "'group = g', 'group = g; topic = other', false",
    "'group = g', 'group = other', false",
    "'app = 42', 'app = 42', false"
  })
  void twoJobsDoNotShareTheMessagesOfATopic(String first, String second, boolean shared)
      throws IOException {
    var properties = new TreeMap<String, String>();
    for (var block : Map.of("a", first, "b", second).entrySet()) {
      for (String line : (TOPIC + "app = 42; update-key = code; " + block.getValue()).split(";")) {
        String[] pair = line.split("=", 2);
        properties.put("job." + block.getKey() + "." + pair[0].strip(), pair[1].strip());
      }
    }
    Files.writeString(
        home.resolve("application.properties"),
        "kintone.base-url = https://example.cybozu.com\n"
            + properties.entrySet().stream()
                .map(each -> each.getKey() + " = " + each.getValue() + "\n")
                .collect(Collectors.joining()));

    var jobs = Configuration.read(home, Map.of("KINTONE_API_TOKEN", "t"), Map.of());

    if (shared) {
      assertThatThrownBy(jobs::jobs)
          .hasMessageContaining("the jobs a and b read the topic t in the same group g");
    } else {
      assertThat(jobs.jobs()).hasSize(2);
    }
  }
}
