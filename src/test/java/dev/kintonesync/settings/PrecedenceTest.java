package dev.kintonesync.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.kintone.Credentials;
import dev.kintonesync.kintone.Credentials.Login;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is heard where a property is said several times. */
class PrecedenceTest extends WrittenConfiguration {
  @Test
  void theCommandLineGoesBeforeTheEnvironmentBeforeSecretsBeforeApplication() {
    application("kintone.base-url = https://application.example\n");
    assertThat(baseUrl(Map.of(), Map.of())).isEqualTo("https://application.example");
    secrets("kintone.base-url = https://secrets.example\n");
    assertThat(baseUrl(Map.of(), Map.of())).isEqualTo("https://secrets.example");
    var environment = Map.of("KINTONE_BASE_URL", "https://environment.example/");
    assertThat(baseUrl(environment, Map.of())).isEqualTo("https://environment.example");
    var options = Map.of("kintone.base-url", "https://option.example");
    assertThat(baseUrl(environment, options)).isEqualTo("https://option.example");
  }

  @Test
  void whatAJobSaysOfItselfGoesBeforeWhatIsSaidOfAllButNotBeforeTheCommandLine() {
    application(
        CUSTOMERS
            + """
            job.customers.base-url = https://branch.example
            job.customers.guest-space-id = 7
            """);
    var environment =
        Map.of(
            "KINTONE_API_TOKEN", "a",
            "KINTONE_API_TOKEN_CUSTOMERS", "b",
            "KINTONE_BASE_URL", "https://all.example",
            "KINTONE_GUEST_SPACE_ID", "1");
    var own = read(environment).job("customers").connection();
    assertThat(own.baseUrl()).hasToString("https://branch.example");
    assertThat(own.guestSpace()).isEqualTo("7");
    var option = Map.of("kintone.base-url", "https://option.example");
    assertThat(read(environment, option).job("customers").connection().baseUrl())
        .hasToString("https://option.example");
  }

  @Test
  void theEnvironmentSaysHowLongFilesOfAllFoldersMustBeQuiet() {
    application(CUSTOMERS + "folder.quiet-time = 20s\n");
    var environment = Map.of("KINTONE_API_TOKEN", "t", "FOLDER_QUIET_TIME", "250ms");
    assertThat(read(environment).settings().quietTime()).isEqualTo(Duration.ofMillis(250));
    assertThat(read(environment).job("customers").source())
        .isEqualTo(
            new Source.Folder(home.resolve("inbox/customers"), Duration.ofMillis(250), null));
  }

  @Test
  void aTokenOfAllJobsIsNotSentToAnotherAddressThanTheirs() {
    application(CUSTOMERS + "job.customers.base-url = https://branch.example\n");
    var general =
        Map.of(
            "KINTONE_API_TOKEN", "general",
            "KINTONE_USERNAME", "sato",
            "KINTONE_PASSWORD", "geheim",
            "KINTONE_BASIC_AUTH_USERNAME", "office",
            "KINTONE_BASIC_AUTH_PASSWORD", "wall");
    assertThat(refusal(() -> read(general).job("customers")).toString())
        .contains("https://branch.example", "KINTONE_API_TOKEN_CUSTOMERS")
        .contains("job.customers.api-token")
        .doesNotContain("geheim");

    secrets("job.customers.api-token = own\n");
    assertThat(read(general).job("customers").connection().credentials())
        .isEqualTo(Credentials.ofTokens("own"));
    var option = Map.of("kintone.api-token", "option");
    assertThat(read(general, option).job("customers").connection().credentials())
        .isEqualTo(Credentials.ofTokens("option"));
  }

  @Test
  void theSameAddressSaidOnceMoreOfAJobIsNoOther() {
    application(CUSTOMERS + "job.customers.base-url = https://example.cybozu.com/\n");
    assertThat(read(Map.of("KINTONE_API_TOKEN", "t")).job("customers").connection().credentials())
        .isEqualTo(Credentials.ofTokens("t"));
  }

  @Test
  void anEmptyVariableSaysNothing() {
    application(CUSTOMERS);
    var environment = Map.of("KINTONE_BASE_URL", "", "KINTONE_API_TOKEN", " abc \n");
    var connection = read(environment).job("customers").connection();
    assertThat(connection.baseUrl()).hasToString("https://example.cybozu.com");
    assertThat(connection.credentials()).isEqualTo(Credentials.ofTokens("abc"));
  }

  @Test
  void aTokenOfTheJobGoesBeforeThatOfAll() {
    application(CUSTOMERS);
    secrets("kintone.api-token = s1\njob.customers.api-token = s2, s3\n");
    assertThat(credentials(Map.of())).isEqualTo(Credentials.ofTokens("s2", "s3"));
    assertThat(credentials(TOKEN)).isEqualTo(Credentials.ofTokens("s2", "s3"));
    assertThat(credentials(Map.of("KINTONE_API_TOKEN_CUSTOMERS", "e")))
        .isEqualTo(Credentials.ofTokens("e"));
    assertThat(
            read(Map.of("KINTONE_API_TOKEN_CUSTOMERS", "e"), Map.of("kintone.api-token", "o"))
                .job("customers")
                .connection()
                .credentials())
        .isEqualTo(Credentials.ofTokens("o"));
  }

  @ParameterizedTest
  @CsvSource({"branch-tokyo,KINTONE_API_TOKEN_BRANCH_TOKYO", "得意先,KINTONE_API_TOKEN_得意先"})
  void theVariableOfAJobsTokenIsMadeOfItsName(String name, String variable) {
    application(CUSTOMERS.replace("job.customers.", "job." + name + "."));
    assertThat(read(Map.of(variable, "own")).job(name).connection().credentials())
        .isEqualTo(Credentials.ofTokens("own"));
  }

  @Test
  void aPasswordTakesTheUserFromWhereverHeIsNamed() {
    application(CUSTOMERS + "kintone.username = sync\nkintone.basic-auth-username = office\n");
    var credentials =
        credentials(Map.of("KINTONE_PASSWORD", "pw", "KINTONE_BASIC_AUTH_PASSWORD", "bpw"));
    assertThat(credentials)
        .isEqualTo(new Credentials(List.of(), new Login("sync", "pw"), new Login("office", "bpw")));
  }

  @Test
  void aTokenOfTheJobGoesBeforeAPasswordOfAllUnlessTheCommandLineNamesTheUser() {
    application(CUSTOMERS);
    var environment =
        Map.of(
            "KINTONE_API_TOKEN_CUSTOMERS", "own", "KINTONE_USERNAME", "u", "KINTONE_PASSWORD", "p");
    assertThat(credentials(environment)).isEqualTo(Credentials.ofTokens("own"));
    assertThat(
            read(environment, Map.of("kintone.username", "me"))
                .job("customers")
                .connection()
                .credentials())
        .isEqualTo(new Credentials(List.of(), new Login("me", "p"), null));
  }

  private String baseUrl(Map<String, String> environment, Map<String, String> overrides) {
    var all = new HashMap<>(overrides);
    all.put("job.import.app", "1");
    all.put("kintone.api-token", "t");
    return read(environment, all)
        .importing(Job.IMPORT, Path.of("x.csv"))
        .connection()
        .baseUrl()
        .toString();
  }
}
