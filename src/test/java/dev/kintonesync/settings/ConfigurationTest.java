package dev.kintonesync.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import dev.kintonesync.form.Assignment;
import dev.kintonesync.kintone.Credentials;
import dev.kintonesync.kintone.Credentials.Login;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.Encoding;
import dev.kintonesync.source.SourceBounds;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.sync.Guards;
import dev.kintonesync.sync.Mode;
import dev.kintonesync.sync.Refresh;
import dev.kintonesync.sync.Removal;
import dev.kintonesync.sync.Rules;
import dev.kintonesync.sync.Threshold;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {

  private static final String CUSTOMERS =
      """
      kintone.base-url = https://example.cybozu.com
      job.customers.app = 42
      job.customers.update-key = 顧客コード
      job.customers.source = folder
      job.customers.folder = inbox/customers
      """;
  private static final Map<String, String> TOKEN = Map.of("KINTONE_API_TOKEN", "general");

  @TempDir Path home;

  @Test
  void withoutAnyFileTheDefaultsHoldAndThereIsNoJob() {
    var configuration = read(Map.of());
    var settings = configuration.settings();
    assertThat(configuration.jobs()).isEmpty();
    assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(60));
    assertThat(settings.bulkTimeout()).isEqualTo(Duration.ofSeconds(300));
    assertThat(settings.recordsPerRequest()).isEqualTo(100);
    assertThat(settings.requestsPerBatch()).isEqualTo(20);
    assertThat(settings.keysPerLookup()).isEqualTo(500);
    assertThat(settings.maxWriters()).isEqualTo(4);
    assertThat(settings.maxReaders()).isEqualTo(4);
    assertThat(settings.batchBytes()).isEqualTo(8 << 20);
    assertThat(settings.maxIsolationCalls()).isEqualTo(2000);
    assertThat(settings.patience()).isEqualTo(Duration.ofMinutes(15));
    assertThat(settings.retryDelay()).isEqualTo(Duration.ofSeconds(1));
    assertThat(settings.maxRetryDelay()).isEqualTo(Duration.ofSeconds(60));
    assertThat(settings.bundle()).isEqualTo(MessageBundle.of(Locale.getDefault()));
  }

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

  @Test
  void aJobIsReadWhole() {
    application(
        CUSTOMERS
            + """
            lang = ja
            job.customers.map = CUST_CD=顧客コード, TEL=電話番号
            job.customers.mode = upsert
            job.customers.encoding = sjis
            job.customers.guest-space-id = 3
            """);
    var job = read(TOKEN).job("customers");
    assertThat(job.name()).isEqualTo("customers");
    assertThat(job.app()).isEqualTo("42");
    assertThat(job.updateKey()).isEqualTo("顧客コード");
    assertThat(job.rules().mode()).isEqualTo(Mode.UPSERT);
    assertThat(job.map().assignments())
        .containsExactly(Assignment.of("CUST_CD", "顧客コード"), Assignment.of("TEL", "電話番号"));
    assertThat(job.source()).isEqualTo(new Source.Folder(home.resolve("inbox/customers")));
    assertThat(job.reading()).isEqualTo(SourceOptions.DEFAULT.withEncoding(Encoding.SHIFT_JIS));
    assertThat(job.connection().baseUrl()).isEqualTo(URI.create("https://example.cybozu.com"));
    assertThat(job.connection().guestSpace()).isEqualTo("3");
    assertThat(job.connection().language()).isEqualTo("ja");
    assertThat(job.connection().credentials()).isEqualTo(Credentials.ofTokens("general"));
  }

  @Test
  void theRulesOfAJobAreRead() {
    application(
        CUSTOMERS
            + """
            job.customers.mode = mirror
            job.customers.mirror.scope = 区分 in ("卸")
            job.customers.mirror.missing = set 状態=退会
            job.customers.mirror.max-missing = 0.5%
            job.customers.delete-when = 削除=1
            job.customers.duplicates = first
            job.customers.empty = keep
            job.customers.if-empty = 備考, 担当者
            job.customers.on-insert = ランク
            job.customers.hand-edits = reject
            job.customers.similar-keys = allow
            job.customers.refresh-lookup-fields = 支店, 担当
            job.customers.key.normalize = trim, nfkc, pad:7
            job.customers.max-rejected = off
            job.customers.max-updated = 500
            job.customers.empty-column = clear
            job.customers.write = false
            """);
    var job = read(TOKEN).job("customers");
    assertThat(job.rules())
        .isEqualTo(
            new Rules(
                Mode.MIRROR,
                Rules.Existing.UNCHANGED,
                Rules.MissingKey.REJECT,
                Rules.Duplicates.FIRST,
                Rules.Empty.KEEP,
                Set.of("備考", "担当者"),
                Set.of("ランク"),
                Rules.HandEdits.REJECT,
                Rules.SimilarKeys.ALLOW,
                Refresh.of(Set.of("支店", "担当")),
                new Rules.Flag("削除", "1"),
                Removal.set("状態", "退会"),
                "区分 in (\"卸\")",
                Threshold.percent(0.5),
                null,
                Rules.Engine.AUTO,
                Rules.Undo.REQUIRED));
    assertThat(job.bounds())
        .isEqualTo(
            new Job.Bounds(
                new Guards.Limits(Threshold.NEVER, Threshold.number(500)),
                true,
                SourceBounds.DEFAULT,
                false,
                List.of()));
    assertThat(job.keys().steps()).hasSize(2);
    assertThat(job.options().writes()).isFalse();
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
  void jobsComeInTheOrderOfTheFileAndMayHaveJapaneseNames() {
    application(CUSTOMERS + CUSTOMERS.replace("customers", "得意先_東京-2").replaceFirst(".*\n", ""));
    var configuration = read(TOKEN);
    assertThat(configuration.jobNames()).containsExactly("customers", "得意先_東京-2");
    assertThat(configuration.jobs()).extracting(Job::name).containsExactly("customers", "得意先_東京-2");
    assertThat(configuration.job("得意先_東京-2").source())
        .isEqualTo(new Source.Folder(home.resolve("inbox/得意先_東京-2")));
  }

  @Test
  void anAbsoluteFolderStaysWhereItIs() {
    application(CUSTOMERS.replace("inbox/customers", "/srv/inbox/../in"));
    assertThat(read(TOKEN).job("customers").source())
        .isEqualTo(new Source.Folder(Path.of("/srv/in").toAbsolutePath()));
  }

  @Test
  void camelsOwnPropertiesPassUnchecked() {
    application("camel.main.name = sync\ncamel.whatever.It.Is = x\n");
    assertThat(read(Map.of()).camelProperties())
        .containsExactly(entry("camel.main.name", "sync"), entry("camel.whatever.It.Is", "x"));
  }

  // --- who is heard ------------------------------------------------------------------------------

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

  // --- one file ----------------------------------------------------------------------------------

  @Test
  void anImportIsMadeOfOptionsAlone() {
    var options =
        Map.of(
            "kintone.base-url",
            "http://127.0.0.1:8080",
            "kintone.api-token",
            "a,b",
            PropertyCatalog.APP.key(Job.IMPORT),
            "7",
            PropertyCatalog.MAP.key(Job.IMPORT),
            "A=b");
    Path file = Path.of("data", "顧客.csv");
    var job = read(Map.of(), options).importing(Job.IMPORT, file);
    assertThat(job.app()).isEqualTo("7");
    assertThat(job.updateKey()).isNull();
    assertThat(job.map().assignments()).containsExactly(Assignment.of("A", "b"));
    assertThat(job.source()).isEqualTo(new Source.OneFile(file));
    assertThat(job.connection().credentials()).isEqualTo(Credentials.ofTokens("a", "b"));
  }

  @Test
  void anImportMayUseTheBlockOfAJobWithOptionsOverIt() {
    application(CUSTOMERS + "job.customers.map = A=b\n");
    var configuration = read(TOKEN, Map.of(PropertyCatalog.UPDATE_KEY.key("customers"), "code"));
    var job = configuration.importing("customers", Path.of("x.csv"));
    assertThat(job.app()).isEqualTo("42");
    assertThat(job.updateKey()).isEqualTo("code");
    assertThat(job.map().assignments()).containsExactly(Assignment.of("A", "b"));
    assertThat(refusal(() -> configuration.importing("custmers", Path.of("x.csv"))).text())
        .isEqualTo(MessageCode.JOB_UNKNOWN);
  }

  @Test
  void anImportThatLacksSomethingNamesTheOption() {
    var app = Map.of(PropertyCatalog.APP.key(Job.IMPORT), "7");
    assertThat(refusal(() -> read(Map.of(), app).importing(Job.IMPORT, Path.of("x"))).toString())
        .contains("--base-url", "KINTONE_BASE_URL");
    var url = Map.of("KINTONE_BASE_URL", "https://example.cybozu.com");
    assertThat(refusal(() -> read(url, app).importing(Job.IMPORT, Path.of("x"))).toString())
        .contains(
            "--api-token", "KINTONE_API_TOKEN", home.resolve("secrets.properties").toString());
    var both = Map.of("KINTONE_BASE_URL", "https://example.cybozu.com", "KINTONE_API_TOKEN", "t");
    assertThat(refusal(() -> read(both).importing(Job.IMPORT, Path.of("x"))).toString())
        .contains("--app 42");
  }

  // --- refusals ----------------------------------------------------------------------------------

  @Test
  void anUnknownKeyStopsTheStartWithTheNearestOne() {
    application(CUSTOMERS + "job.customers.foldr = x\n");
    assertThat(refusal(() -> read(TOKEN)))
        .isEqualTo(
            MessageCode.KEY_UNKNOWN.with(line(6), "job.customers.foldr", "job.customers.folder"));
    assertThat(refusal(() -> read(Map.of(), Map.of("kintone.tmeout", "1s"))).text())
        .isEqualTo(MessageCode.KEY_UNKNOWN);
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

  private Configuration read(Map<String, String> environment) {
    return read(environment, Map.of());
  }

  private Configuration read(Map<String, String> environment, Map<String, String> overrides) {
    return Configuration.read(home, environment, overrides);
  }

  private Credentials credentials(Map<String, String> environment) {
    return read(environment).job("customers").connection().credentials();
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

  private UserMessage line(int line) {
    return MessageCode.PLACE_LINE.with(home.resolve("application.properties"), line);
  }

  private static UserMessage refusal(Runnable reading) {
    return catchThrowableOfType(UserErrorException.class, reading::run).reason();
  }

  private void application(String content) {
    write("application.properties", content);
  }

  private void secrets(String content) {
    write("secrets.properties", content);
    var file = home.resolve("secrets.properties");
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void write(String name, String content) {
    try {
      Files.writeString(home.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
