package dev.kintonesync.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.sync.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot hold stops the start with what to write, and no secret is shown. */
class ConfigurationRefusalsTest extends WrittenConfiguration {
  @Test
  void twoJobsMayNotReadOneFolderUnderWhateverName() throws IOException {
    String second =
        """
        job.orders.app = 43
        job.orders.update-key = code
        job.orders.source = folder
        job.orders.folder = %s
        """;
    Path inbox = Files.createDirectories(home.resolve("inbox/customers"));
    Files.createSymbolicLink(home.resolve("link"), inbox);
    for (String same : List.of("inbox/customers", "inbox/orders/../customers", "link")) {
      application(CUSTOMERS + second.formatted(same));
      var refused = catchThrowableOfType(UserErrorException.class, () -> read(TOKEN).jobs());
      assertThat(refused).as(same).hasMessageContaining("the jobs customers and orders read");
      assertThat(MessageBundle.JAPANESE.say(refused.reason())).contains("customers と orders");
      assertThat(read(TOKEN).job("orders").app()).as("only one of them").isEqualTo("43");
    }
    application(CUSTOMERS + second.formatted("inbox/orders"));
    assertThat(read(TOKEN).jobs()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "existing = reject | mode insert",
        "missing-key = skip | mode update",
        "mirror.scope = a = 1 | mode mirror",
        "mirror.max-missing = 5% | mode mirror",
        "mirror.missing = delete | mode mirror",
        "delete-when = DEL=1 | mirror.missing",
        "delete-when = DEL | COLUMN=VALUE",
        "mirror.missing = remove | set FIELD=VALUE",
        "max-rejected = many | 10%",
        "key.normalize = lower | pad:7",
        "if-empty = a,,b | FIELD, FIELD"
      })
  void rulesThatCannotHoldAreRefusedWithWhatToWrite(String line, String advice) {
    application(CUSTOMERS + "job.customers." + line + "\n");
    assertThatThrownBy(() -> read(TOKEN).job("customers"))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining(advice);
  }

  @Test
  void aMirrorNeedsAScopeWhereAnotherJobWritesToItsApp() {
    String mirror = CUSTOMERS + "job.customers.mode = mirror\n";
    application(mirror + CUSTOMERS.replace("customers", "others").replaceFirst(".*\n", ""));
    Path file = home.resolve("in.csv");
    assertThatThrownBy(() -> read(TOKEN).importing("customers", file))
        .hasMessageContaining("job.customers.mirror.scope");
    application(mirror);
    assertThat(read(TOKEN).importing("customers", file).rules().mode()).isEqualTo(Mode.MIRROR);
  }

  @Test
  void anUnknownKeyStopsTheStartWithTheNearestOne() {
    application(CUSTOMERS + "job.customers.foldr = x\n");
    assertThat(refusal(() -> read(TOKEN)))
        .isEqualTo(
            MessageCode.KEY_UNKNOWN.with(line(6), "job.customers.foldr", "job.customers.folder"));
    assertThat(refusal(() -> read(Map.of(), Map.of("kintone.tmeout", "1s"))).text())
        .isEqualTo(MessageCode.KEY_UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource({
    "KINTONE_API_TOKEN,kintone.api-token,secrets",
    "KINTONE_BASE_URL,kintone.base-url,application",
    "FOLDER_QUIET_TIME,folder.quiet-time,application",
    "CONSOLE_PASSWORD,console.password,secrets",
    "KINTONE_API_TOKEN_CUSTOMERS,job.customers.api-token,secrets",
    "KINTONE_API_TOKEN_得意先_2,job.得意先-2.api-token,secrets",
    "KINTONE_API_TOKEN_U5F97U610FU5148_2,job.得意先-2.api-token,secrets",
    "SOURCE_PASSWORD_CUSTOMERS,job.customers.password,secrets",
    "SOURCE_TOKEN_CUSTOMERS,job.customers.source.token,secrets",
    "REGISTRY_PASSWORD_CUSTOMERS,job.customers.registry.password,secrets",
    "REGISTRY_TOKEN_CUSTOMERS,job.customers.registry.token,secrets",
    "KINTONE_API_TOKEN_NOBODY,job.NAME.api-token,secrets",
  })
  void aVariableInAFileStopsTheStartWithThePropertyToWrite(
      String variable, String property, String file) {
    String wanted =
        "%s is the name of an environment variable. In %s.properties, write %s = ... instead."
            .formatted(variable, file, property);
    application(CUSTOMERS + "job.得意先-2.app = 7\n");
    secrets(variable + " = hidden\n");
    var refused = refusal(() -> read(TOKEN));
    assertThat(refused.toString()).endsWith(", line 1: " + wanted).doesNotContain("hidden");
    assertThat(MessageBundle.JAPANESE.say(refused))
        .contains(file + ".properties", "環境変数", property + " = ");
    // also before the block of the job
    secrets("kintone.api-token = t\n");
    application(variable + " = hidden\njob.得意先-2.app = 7\n" + CUSTOMERS);
    assertThat(refusal(() -> read(TOKEN)).toString()).endsWith(", line 1: " + wanted);
  }

  @Test
  void aBadValueStopsTheStartWithItsPlace() {
    application("\nkintone.timeout = soon\n");
    assertThat(refusal(() -> read(Map.of())))
        .isEqualTo(
            MessageCode.VALUE_REFUSED.with(
                line(2), "kintone.timeout", MessageCode.NOT_A_DURATION.with("soon")));
    application("");
    assertThat(refusal(() -> read(Map.of("KINTONE_TIMEOUT", "soon"))).toString())
        .contains("environment variable KINTONE_TIMEOUT");
    assertThat(refusal(() -> read(Map.of(), Map.of("kintone.timeout", "soon"))).toString())
        .contains("command line");
    assertThat(refusal(() -> read(Map.of(), Map.of("kintone.api-token", " "))).text())
        .isEqualTo(MessageCode.VALUE_EMPTY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.b", "a b", "a/b", "株式会社・東京"})
  void aJobNameIsOfLettersDigitsHyphensAndUnderscores(String name) {
    var options = Map.of("job." + name + ".app", "1");
    assertThat(refusal(() -> read(Map.of(), options)).text())
        .isEqualTo(MessageCode.JOB_NAME_REFUSED);
  }

  @Test
  void theNameOfTheCommandIsNoJob() {
    application("job.import.app = 1\n");
    assertThat(refusal(() -> read(Map.of())))
        .isEqualTo(MessageCode.JOB_NAME_RESERVED.with(line(1), "import"));
  }

  @ParameterizedTest
  @CsvSource({
    "app,job.customers.app = 42",
    "update-key,job.customers.update-key = 顧客コード",
    "source,job.customers.source = folder",
    "folder,job.customers.folder = inbox/customers"
  })
  void aJobThatLacksAPropertyIsRefusedWithTheLineToAdd(String property, String toAdd) {
    application(CUSTOMERS.replaceFirst("job.customers." + property + " = .*\n", ""));
    var configuration = read(TOKEN);
    assertThat(configuration.jobNames()).containsExactly("customers");
    var refused = refusal(configuration::jobs);
    assertThat(refused.text()).isEqualTo(MessageCode.JOB_LACKS);
    assertThat(refused.arguments().get(0)).isEqualTo(line(2));
    assertThat(refused.toString()).contains(toAdd);
    assertThat(MessageBundle.JAPANESE.say(refused)).contains(toAdd);
  }

  @Test
  void aJobFollowsOneThatIsThereAndHasNoOtherTimes() {
    String orders = CUSTOMERS.replace("customers", "orders").replaceFirst("kintone.*\n", "");
    application(CUSTOMERS + orders + "job.orders.after = custmers\n");
    assertThat(refusal(read(TOKEN)::jobs).toString()).contains("custmers").contains("customers");

    application(
        CUSTOMERS + orders + "job.orders.after = customers\njob.orders.schedule = every 1h\n");
    assertThat(refusal(read(TOKEN)::jobs).text()).isEqualTo(MessageCode.SCHEDULE_AND_AFTER);

    application(
        CUSTOMERS + orders + "job.orders.after = customers\njob.customers.after = orders\n");
    assertThat(refusal(read(TOKEN)::jobs).toString()).contains("orders → customers");

    application(CUSTOMERS + orders + "job.orders.after = customers\n");
    var schedule = read(TOKEN).job("orders").schedule();
    assertThat(schedule.timing()).isEqualTo(new Schedule.Following("customers"));
    assertThat(schedule.after(Instant.EPOCH)).isEqualTo(Instant.MAX);
  }

  @Test
  void aJobIsComparedAtTimesOnlyIfItsWholeSourceCanBeReadAndItRunsByItself() {
    application(CUSTOMERS + "job.customers.reconcile = weekly sun 04:00\n");
    assertThat(refusal(read(TOKEN)::jobs).text())
        .isEqualTo(MessageCode.RECONCILE_TIMES_OF_A_FOLDER);

    String database =
        CUSTOMERS.replaceFirst("source = folder\n.*\n", "source = database\n")
            + "job.customers.url = jdbc:h2:mem:x\njob.customers.query = select 1\n"
            + "job.customers.reconcile = weekly sun 04:00\n";
    application(database);
    assertThat(refusal(read(TOKEN)::jobs).text()).isEqualTo(MessageCode.RECONCILE_WITHOUT_SCHEDULE);

    application(database + "job.customers.schedule = every 1h\n");
    assertThat(read(TOKEN).job("customers").reconcile().timing().written())
        .isEqualTo("weekly sun 04:00");
  }

  @Test
  void withoutAnAddressAJobIsRefused() {
    application(CUSTOMERS.replaceFirst("kintone.base-url.*\n", ""));
    assertThat(refusal(() -> read(TOKEN).job("customers")).toString())
        .contains("kintone.base-url = https://example.cybozu.com")
        .contains(home.resolve("application.properties").toString());
  }

  @Test
  void credentialsAreAskedForOnlyWithTheJob() {
    application(CUSTOMERS);
    var configuration = read(Map.of());
    assertThat(configuration.settings().maxWriters()).isEqualTo(4);
    assertThat(configuration.jobNames()).containsExactly("customers");
    assertThat(refusal(() -> configuration.job("customers")).toString())
        .contains("KINTONE_API_TOKEN_CUSTOMERS", "job.customers.api-token")
        .contains(home.resolve("secrets.properties").toString());
  }

  @Test
  void halfALoginIsRefusedWithTheOtherHalf() {
    application(CUSTOMERS);
    assertThat(refusal(() -> credentials(Map.of("KINTONE_PASSWORD", "geheim"))).toString())
        .contains("KINTONE_USERNAME")
        .doesNotContain("geheim");
    assertThat(refusal(() -> credentials(Map.of("KINTONE_USERNAME", "me"))).toString())
        .contains("KINTONE_PASSWORD", "kintone.password");
    var basic = Map.of("KINTONE_API_TOKEN", "t", "KINTONE_BASIC_AUTH_USERNAME", "me");
    assertThat(refusal(() -> credentials(basic)).toString())
        .contains("KINTONE_BASIC_AUTH_PASSWORD", "kintone.basic-auth-password");
  }

  @Test
  void anUnknownJobIsRefusedWithTheNearestOne() {
    assertThat(refusal(() -> read(TOKEN).job("customers")).text()).isEqualTo(MessageCode.NO_JOBS);
    application(CUSTOMERS);
    assertThat(refusal(() -> read(TOKEN).job("costumers")))
        .isEqualTo(
            MessageCode.JOB_UNKNOWN.with(
                "costumers", home.resolve("application.properties"), "customers"));
  }

  // --- secrets -----------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kintone.api-token",
        "kintone.password",
        "kintone.basic-auth-password",
        "job.customers.api-token"
      })
  void aSecretInTheOpenFileIsRefusedAndNotShown(String key) {
    application(key + " = geheim\n");
    var refused = refusal(() -> read(Map.of()));
    assertThat(refused).isEqualTo(MessageCode.SECRET_IN_THE_OPEN.with(line(1), key));
    assertThat(refused.toString()).contains("secrets.properties").doesNotContain("geheim");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void secretsThatOthersCanReadAreRefused() throws IOException {
    Path file = home.resolve("secrets.properties");
    for (String permissions : List.of("rw-r-----", "rw----r--")) {
      secrets("kintone.api-token = geheim\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
      assertThat(refusal(() -> read(Map.of()))).isEqualTo(MessageCode.SECRETS_READABLE.with(file));
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
    assertThatCode(() -> read(Map.of())).doesNotThrowAnyException();
  }

  @Test
  void noRefusalShowsASecret() {
    application(CUSTOMERS);
    for (String line :
        List.of(
            "kintone.api-token = geheim geheim",
            "kintone.api-token = geheim # mine",
            "kintone.password = gehe\\im geheim",
            "kintone.password = geheim\\",
            "geheim-token-without-key",
            "kintone.passwort = geheim",
            "kintone.password = 1\nkintone.password = geheim",
            "kintone.base-url = https://me:geheim@example.com")) {
      secrets(line + "\n");
      var refused = catchThrowableOfType(UserErrorException.class, () -> read(Map.of()));
      for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
        assertThat(cause).as(line).asString().doesNotContain("geheim");
      }
    }
  }

  @Test
  void noJobShowsASecret() {
    application(CUSTOMERS);
    assertThat(read(Map.of("KINTONE_API_TOKEN", "geheim")).job("customers"))
        .asString()
        .doesNotContain("geheim");
    assertThat(new ConfigEntry("kintone.password", "geheim", MessageCode.PLACE_COMMAND_LINE.with()))
        .asString()
        .doesNotContain("geheim");
  }
}
