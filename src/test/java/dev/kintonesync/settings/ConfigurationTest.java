package dev.kintonesync.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.kintonesync.form.Assignment;
import dev.kintonesync.kintone.Credentials;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.source.Encoding;
import dev.kintonesync.source.SourceBounds;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.sync.Guards;
import dev.kintonesync.sync.Mode;
import dev.kintonesync.sync.Refresh;
import dev.kintonesync.sync.Removal;
import dev.kintonesync.sync.Rules;
import dev.kintonesync.sync.Threshold;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConfigurationTest extends WrittenConfiguration {
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
}
