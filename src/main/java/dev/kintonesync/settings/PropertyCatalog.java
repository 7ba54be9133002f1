package dev.kintonesync.settings;

import dev.kintonesync.form.Assignment;
import dev.kintonesync.form.Attachments;
import dev.kintonesync.form.FieldMap;
import dev.kintonesync.form.KeyNormalization;
import dev.kintonesync.form.TableOptions;
import dev.kintonesync.kintone.Limits;
import dev.kintonesync.source.Overlap;
import dev.kintonesync.source.api.Paging;
import dev.kintonesync.source.file.DoneFile;
import dev.kintonesync.source.kafka.ValueFormat;
import dev.kintonesync.sync.Assertion;
import dev.kintonesync.sync.Mode;
import dev.kintonesync.sync.Refresh;
import dev.kintonesync.sync.Removal;
import dev.kintonesync.sync.Rules;
import dev.kintonesync.sync.Threshold;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every property we know. A new one is added here, in {@code application.properties} (a test holds
 * the two together), and where it is asked for: in {@link Settings} or {@link Job}.
 */
public final class PropertyCatalog {
  // must stand before the properties, which enter themselves as they are made
  private static final List<Property<?>> ALL = new ArrayList<>();

  static final Property<URI> BASE_URL =
      property(
          "kintone.base-url",
          ValueType.BASE_URL,
          null,
          "The address of your Kintone: scheme and host, as in the browser.",
          "https://example.cybozu.com");
  static final Property<List<String>> API_TOKEN =
      property(
          "kintone.api-token",
          ValueType.TOKENS,
          null,
          "API tokens for all jobs, separated by commas; only in secrets.properties or as"
              + " KINTONE_API_TOKEN in the environment.",
          "your-api-token");
  static final Property<String> USERNAME =
      property(
          "kintone.username",
          ValueType.TEXT,
          null,
          "The login name of a Kintone user, if you use a password instead of API tokens.",
          "sync@example.com");
  static final Property<String> PASSWORD =
      property(
          "kintone.password",
          ValueType.PASSWORD,
          null,
          "The password of kintone.username; only in secrets.properties or as KINTONE_PASSWORD in"
              + " the environment.",
          "your-password");
  static final Property<String> BASIC_AUTH_USERNAME =
      property(
          "kintone.basic-auth-username",
          ValueType.TEXT,
          null,
          "The user name for Basic authentication, if your Kintone uses it.",
          "office");
  static final Property<String> BASIC_AUTH_PASSWORD =
      property(
          "kintone.basic-auth-password",
          ValueType.PASSWORD,
          null,
          "The password of kintone.basic-auth-username; only in secrets.properties or as"
              + " KINTONE_BASIC_AUTH_PASSWORD in the environment.",
          "your-basic-password");
  static final Property<String> GUEST_SPACE_ID =
      property(
          "kintone.guest-space-id",
          ValueType.ID,
          null,
          "The guest space that contains the apps of all jobs.",
          "3");
  static final Property<Path> PFX_FILE_PATH =
      property(
          "kintone.pfx-file-path",
          ValueType.PATH,
          null,
          "The client certificate for Kintone, a .pfx file; with it, the host of kintone.base-url"
              + " contains .s.: https://example.s.cybozu.com.",
          "certificate.pfx");
  static final Property<String> PFX_FILE_PASSWORD =
      property(
          "kintone.pfx-file-password",
          ValueType.PASSWORD,
          null,
          "The password of kintone.pfx-file-path; only in secrets.properties or as"
              + " KINTONE_PFX_FILE_PASSWORD in the environment.",
          "your-pfx-password");
  static final Property<URI> PROXY =
      property(
          "kintone.proxy",
          ValueType.PROXY,
          null,
          "The HTTP proxy for all connections to Kintone.",
          "http://proxy.example.com:8080");
  static final Property<String> PROXY_USERNAME =
      property(
          "kintone.proxy-username",
          ValueType.TEXT,
          null,
          "The user name for kintone.proxy, if it requires one.",
          "office");
  static final Property<String> PROXY_PASSWORD =
      property(
          "kintone.proxy-password",
          ValueType.PASSWORD,
          null,
          "The password of kintone.proxy-username; only in secrets.properties or as"
              + " KINTONE_PROXY_PASSWORD in the environment.",
          "your-proxy-password");
  static final Property<Path> CA_FILE_PATH =
      property(
          "kintone.ca-file-path",
          ValueType.PATH,
          null,
          "A PEM file with certificate authorities to trust in addition to those of the Java"
              + " runtime, for example if your company's proxy inspects TLS.",
          "company-ca.pem");
  static final Property<Duration> TIMEOUT =
      property(
          "kintone.timeout",
          ValueType.DURATION,
          "60s",
          "The time limit for one request to Kintone.",
          "90s");
  static final Property<Duration> BULK_TIMEOUT =
      property(
          "kintone.bulk-timeout",
          ValueType.DURATION,
          "300s",
          "The time limit for a bulkRequest of up to 20 requests, or for a file.",
          "10m");
  static final Property<Integer> RECORDS_PER_REQUEST =
      property(
          "kintone.records-per-request",
          ValueType.number(1, Limits.RECORDS_PER_WRITE),
          "100",
          "The number of records in one write request; Kintone accepts up to 100.",
          "20");
  static final Property<Integer> REQUESTS_PER_BATCH =
      property(
          "kintone.requests-per-batch",
          ValueType.number(1, Limits.REQUESTS_PER_BULK),
          "20",
          "The number of write requests in one bulkRequest; Kintone accepts up to 20.",
          "5");
  static final Property<Integer> KEYS_PER_LOOKUP =
      property(
          "kintone.keys-per-lookup",
          ValueType.number(1, Limits.RECORDS_PER_READ),
          "500",
          "The number of keys that one request looks up; Kintone returns up to 500 records.",
          "100");
  static final Property<Integer> MAX_WRITERS =
      property(
          "kintone.max-writers",
          ValueType.number(1, 50),
          "4",
          "The maximum number of concurrent write requests to one app.",
          "2");
  static final Property<Integer> MAX_READERS =
      property(
          "kintone.max-readers",
          ValueType.number(1, 50),
          "4",
          "The maximum number of concurrent key lookups in one app.",
          "2");
  static final Property<Long> BATCH_BYTES =
      property(
          "kintone.batch-bytes",
          ValueType.SIZE,
          "8MB",
          "The maximum size of a batch; it is sent at this size even if it is not full, and earlier"
              + " if memory is scarce.",
          "2MB");
  static final Property<Integer> MAX_ISOLATION_CALLS =
      property(
          "kintone.max-isolation-calls",
          ValueType.number(0, 1_000_000),
          "2000",
          "The number of extra requests that one run may use to find bad rows.",
          "500");
  static final Property<Duration> ANSWER_TIME =
      property(
          "kintone.answer-time",
          ValueType.DURATION,
          "10s",
          "If a bulkRequest takes longer than this (three times as long in an app that was empty at"
              + " first), the next ones are made smaller.",
          "5s");

  static final Property<Duration> QUIET_TIME =
      property(
          "folder.quiet-time",
          ValueType.DURATION,
          "5s",
          "How long a file in a watched folder must stay unchanged before it is read; six times as"
              + " long if it seems to be cut off.",
          "1m");
  static final Property<Integer> DAILY_CALLS =
      property(
          "kintone.daily-calls",
          ValueType.number(0, 10_000_000),
          "10000",
          "The maximum number of API requests to one app per day; the day begins at 09:00 JST; 0:"
              + " no limit. Kintone's standard course allows 10,000 and counts each request of a"
              + " bulkRequest as one.",
          "100000");
  static final Property<Duration> PATIENCE =
      property(
          "kintone.patience",
          ValueType.DURATION,
          "15m",
          "How long a run retries while Kintone is busy or not reachable.",
          "2h");
  static final Property<Duration> RETRY_DELAY =
      property(
          "kintone.retry-delay",
          ValueType.DURATION,
          "1s",
          "The first pause before a request is retried; later pauses are longer.",
          "500ms");
  static final Property<Duration> MAX_RETRY_DELAY =
      property(
          "kintone.max-retry-delay",
          ValueType.DURATION,
          "60s",
          "The longest pause before a request is retried.",
          "5m");
  static final Property<Integer> KEEP_DAYS =
      property(
          "journal.keep-days",
          ValueType.number(1, 36_500),
          "90",
          "For how many days finished runs are kept, in the run history database and in runs/; the"
              + " newest run of each job is always kept.",
          "30");
  static final Property<String> JOURNAL_URL =
      property(
          "journal.url",
          SourceValues.JOURNAL_URL,
          null,
          "The address of a PostgreSQL database for the run history and leases, for two"
              + " machines that share the work; without it they are in journal/, for one"
              + " machine; without a password.",
          "jdbc:postgresql://db.example.com/kintone_sync");
  static final Property<String> JOURNAL_USERNAME =
      property(
          "journal.username",
          ValueType.TEXT,
          null,
          "The user name for journal.url.",
          "kintone_sync");
  static final Property<String> JOURNAL_PASSWORD =
      property(
          "journal.password",
          ValueType.PASSWORD,
          null,
          "The password of journal.username; only in secrets.properties or as"
              + " JOURNAL_PASSWORD in the environment.",
          "your-journal-password");
  static final Property<Path> RUNS_FOLDER =
      property(
          "runs.folder",
          ValueType.PATH,
          "runs",
          "The folder of the run folders; with journal.url, a folder that all machines" + " reach.",
          "/mnt/kintone-sync/runs");
  static final Property<Duration> CLUSTER_LEASE =
      property(
          "cluster.lease",
          SourceValues.LEASE,
          "20s",
          "With journal.url: how long a machine that is not heard of keeps its jobs"
              + " before another one continues them, 5s to 5m.",
          "60s");
  static final Property<String> LOG_FORMAT =
      property(
          "log.format",
          ValueType.oneOf("text", "json"),
          "text",
          "The format of the files in logs/: a line of text, or a JSON object, for each event.",
          "json");
  static final Property<Integer> CONSOLE_PORT =
      property(
          "console.port",
          ValueType.PORT,
          "8765",
          "The port of the dashboard of run and demo; 0: any free port; off: no dashboard.",
          "0");
  static final Property<String> CONSOLE_ADDRESS =
      property(
          "console.address",
          ValueType.TEXT,
          "127.0.0.1",
          "The address of the dashboard; any address other than 127.0.0.1 requires"
              + " console.password.",
          "0.0.0.0");
  static final Property<URI> CONSOLE_URL =
      property(
          "console.url",
          ValueType.PAGE_URL,
          null,
          "The address under which people open the dashboard, for links in mail and chat, such as"
              + " that of a proxy in front of it; default: the address and port of the dashboard.",
          "https://sync.example.com");
  static final Property<String> CONSOLE_PASSWORD =
      property(
          "console.password",
          ValueType.PASSWORD,
          null,
          "The password of the dashboard, at least 12 characters (8 for an address of this"
              + " machine); programs send it with any user name; without it the dashboard is"
              + " read-only and available on this machine only; only in secrets.properties or as"
              + " CONSOLE_PASSWORD in the environment.",
          "your-page-password");
  static final Property<String> SETUP_PASSWORD =
      property(
          "console.setup-password",
          ValueType.PASSWORD,
          null,
          "The password for setting up jobs on the dashboard, as long as that of the dashboard;"
              + " who knows it may do everything there; without it a link from kintone-sync setup"
              + " is needed; only in secrets.properties or as CONSOLE_SETUP_PASSWORD in the"
              + " environment.",
          "your-page-password");
  static final Property<List<String>> NOTIFY_MAIL =
      property(
          "notify.mail",
          NotificationValues.ADDRESSES,
          null,
          "The mail addresses to notify about problems and about their end, separated by commas.",
          "sales@example.com, it@example.com");
  static final Property<String> NOTIFY_MAIL_FROM =
      property(
          "notify.mail.from",
          ValueType.TEXT,
          null,
          "The sender of the mails; default: the first address of notify.mail.",
          "kintone-sync@example.com");
  static final Property<Set<String>> NOTIFY_MAIL_DOMAINS =
      property(
          "notify.mail.domains",
          NotificationValues.DOMAINS,
          null,
          "The domains of the addresses that notify-mail-column of a job may name, separated by"
              + " commas; no mail goes to any other.",
          "example.com, sales.example.com");
  static final Property<NotificationValues.Server> NOTIFY_MAIL_SERVER =
      property(
          "notify.mail.server",
          NotificationValues.SERVER,
          null,
          "The mail server and its port: 587 with starttls, 465 with tls.",
          "smtp.example.com:587");
  static final Property<NotificationSettings.Security> NOTIFY_MAIL_SECURITY =
      property(
          "notify.mail.security",
          ValueType.oneOf(NotificationSettings.Security.class),
          "starttls",
          "How the connection to the mail server is encrypted; use none only for a server on this"
              + " machine or in your own network.",
          "tls");
  static final Property<String> NOTIFY_MAIL_USERNAME =
      property(
          "notify.mail.username",
          ValueType.TEXT,
          null,
          "The user name for the mail server, if it requires one.",
          "kintone-sync");
  static final Property<String> NOTIFY_MAIL_PASSWORD =
      property(
          "notify.mail.password",
          ValueType.PASSWORD,
          null,
          "The password of notify.mail.username; only in secrets.properties or as"
              + " NOTIFY_MAIL_PASSWORD in the environment.",
          "your-mail-password");
  static final Property<URI> NOTIFY_WEBHOOK =
      property(
          "notify.webhook",
          NotificationValues.WEBHOOK,
          null,
          "The address of an incoming webhook of Slack or Teams, which receives the same"
              + " notifications as notify.mail; only in secrets.properties or as NOTIFY_WEBHOOK in"
              + " the environment.",
          "https://hooks.slack.com/services/your-webhook");
  static final Property<NotificationSettings.Shape> NOTIFY_WEBHOOK_SHAPE =
      property(
          "notify.webhook.shape",
          ValueType.oneOf(NotificationSettings.Shape.class),
          "auto",
          "The format of the webhook messages: slack or teams; auto chooses by the address, and"
              + " slack if that is not clear.",
          "teams");
  static final Property<String> NOTIFY_APP =
      property(
          "notify.app",
          ValueType.ID,
          null,
          "The Kintone app that receives a record for each run that read anything, with the rejects"
              + " file attached.",
          "50");
  static final Property<List<String>> NOTIFY_APP_TOKEN =
      property(
          "notify.app.token",
          ValueType.TOKENS,
          null,
          "An API token of notify.app with permission to add records; only in secrets.properties or"
              + " as NOTIFY_APP_TOKEN in the environment.",
          "your-log-app-token");
  static final Property<String> LANG =
      property(
          "lang",
          ValueType.oneOf("en", "ja"),
          null,
          "The language of messages, including those from Kintone: en or ja; default: the language"
              + " of the computer.",
          "ja");

  /** The app that a job writes to. */
  public static final Property<String> APP =
      property(
          "job.NAME.app",
          ValueType.ID,
          null,
          "The id of the app that the job writes to: the number after /k/ in the browser.",
          "42");

  /** The field that identifies records. */
  public static final Property<String> UPDATE_KEY =
      property(
          "job.NAME.update-key",
          ValueType.TEXT,
          null,
          "The code of the field that identifies a record; it must prohibit duplicate values.",
          "顧客コード");

  static final Property<String> SOURCE =
      property(
          "job.NAME.source",
          ValueType.oneOf(SourceKind.words()),
          null,
          "The type of the source: folder, a folder into which files are dropped; database, a query"
              + " over JDBC; api, an HTTP API that returns JSON; kintone, another app; kafka, a"
              + " topic of Kafka.",
          "folder");
  static final Property<Path> FOLDER =
      property(
          "job.NAME.folder",
          ValueType.PATH,
          null,
          "The folder to watch; relative to the folder of this file, with / also on Windows.",
          "inbox/customers");
  static final Property<Duration> FOLDER_QUIET_TIME =
      property(
          "job.NAME.folder.quiet-time",
          ValueType.DURATION,
          null,
          "How long a file in this job's folder must stay unchanged before it is read; default:"
              + " folder.quiet-time.",
          "1m");
  static final Property<DoneFile> DONE_FILE =
      property(
          "job.NAME.done-file",
          SourceValues.DONE_FILE,
          null,
          "The name of the empty file that another program creates when a file is complete; NAME"
              + " stands for the file's name. A file without one is not read.",
          "NAME.done");
  static final Property<String> RESULT_FILE =
      property(
          "job.NAME.result-file",
          ValueType.oneOf("off", "on"),
          "off",
          "Whether a text file NAME.result.txt in the folder says what became of a file.",
          "on");

  static final Property<String> URL =
      property(
          "job.NAME.url",
          SourceValues.URL,
          null,
          "The address of the source: a JDBC URL for a database, or the URL of an API with its path"
              + " and fixed parameters; without a password or token.",
          "jdbc:postgresql://db.example.com/sales");
  static final Property<String> SOURCE_USERNAME =
      property(
          "job.NAME.username",
          ValueType.TEXT,
          null,
          "The user name for the source, ideally with read-only rights. An API receives it as Basic"
              + " authentication.",
          "reader");
  static final Property<String> SOURCE_PASSWORD =
      property(
          "job.NAME.password",
          ValueType.PASSWORD,
          null,
          "The password of job.NAME.username; only in secrets.properties or as SOURCE_PASSWORD_NAME"
              + " in the environment.",
          "your-database-password");
  static final Property<String> SOURCE_TOKEN =
      property(
          "job.NAME.source.token",
          ValueType.PASSWORD,
          null,
          "The token for an API, or the API tokens of another app with permission to view; only in"
              + " secrets.properties or as SOURCE_TOKEN_NAME in the environment.",
          "your-source-token");
  static final Property<String> SOURCE_TOKEN_HEADER =
      property(
          "job.NAME.source.token-header",
          SourceValues.HEADER_NAME,
          null,
          "The header in which an API expects the token; default: a bearer token.",
          "X-API-Key");
  static final Property<String> SOURCE_APP =
      property("job.NAME.source.app", ValueType.ID, null, "The id of the app to read.", "17");
  static final Property<URI> SOURCE_BASE_URL =
      property(
          "job.NAME.source.base-url",
          ValueType.BASE_URL,
          null,
          "The Kintone of the app to read, if it is not the one that the job writes to.",
          "https://branch.cybozu.com");
  static final Property<String> SOURCE_GUEST_SPACE_ID =
      property(
          "job.NAME.source.guest-space-id",
          ValueType.ID,
          null,
          "The guest space that contains the app to read.",
          "3");
  static final Property<Set<String>> SOURCE_ALLOWED_HOSTS =
      property(
          "job.NAME.source.allowed-hosts",
          SourceValues.HOSTS,
          null,
          "Hosts other than that of url to which the next pages of an API may lead, separated by"
              + " commas; the password or token is not sent there.",
          "files.example.com");
  static final Property<Integer> SOURCE_MAX_ROWS =
      property(
          "job.NAME.source.max-rows",
          ValueType.number(1, 999_999_999),
          "5000000",
          "The maximum number of rows from a database, an API or another app; a run that would read"
              + " more stops, because its source seems to have no end.",
          "20000000");
  static final Property<Long> SOURCE_MAX_BYTES =
      property(
          "job.NAME.source.max-bytes",
          ValueType.LARGE_SIZE,
          "4GB",
          "The maximum total size of the responses of an API in one run; they are stored in the"
              + " folder for temporary files.",
          "20GB");
  static final Property<Duration> SOURCE_MAX_TIME =
      property(
          "job.NAME.source.max-time",
          ValueType.DURATION,
          "6h",
          "The time limit for reading all pages of an API in one run, before the first row is"
              + " written.",
          "12h");
  static final Property<String> QUERY =
      property(
          "job.NAME.query",
          ValueType.TEXT,
          null,
          "What to read: for a database, a SELECT without ORDER BY at its end; for another app, a"
              + " condition in Kintone's query language, or all records if not set. A backslash at"
              + " the end of a line continues it on the next.",
          "SELECT code, name, tel, updated_at, id FROM customers");
  static final Property<String> CHECKPOINT =
      property(
          "job.NAME.checkpoint",
          ValueType.TEXT,
          null,
          "The column whose value grows when a row is added or changed, a number or a time: later"
              + " runs continue from there; without it every run reads all rows. For another app,"
              + " the field of the updated or created time.",
          "updated_at");
  static final Property<String> CHECKPOINT_PARAMETER =
      property(
          "job.NAME.checkpoint-parameter",
          SourceValues.PARAMETER,
          null,
          "The URL parameter that tells an API from which checkpoint value to return rows.",
          "updated_since");
  static final Property<String> UNIQUE =
      property(
          "job.NAME.unique",
          ValueType.TEXT,
          null,
          "A column of the query that is unique and never changes: rows are read in pages by it;"
              + " without it one long transaction reads them all.",
          "id");
  static final Property<Overlap> OVERLAP =
      property(
          "job.NAME.overlap",
          SourceValues.OVERLAP,
          null,
          "How far before the checkpoint a run begins, so that rows committed late are not lost;"
              + " default: 10m for times, 1000 for numbers.",
          "30m");
  static final Property<Integer> PAGE_SIZE =
      property(
          "job.NAME.page-size",
          ValueType.number(1, 100_000),
          "500",
          "The number of rows per page: for a database; for an API, together with size-parameter;"
              + " for another app, at most 500.",
          "2000");
  static final Property<Paging.Kind> PAGING =
      property(
          "job.NAME.paging",
          ValueType.oneOf(Paging.Kind.class),
          "none",
          "How an API returns its pages: by page number, by offset, by a cursor or an address in"
              + " the response, by its Link header, or none for everything in one response.",
          "cursor");
  static final Property<String> PAGE_PARAMETER =
      property(
          "job.NAME.page-parameter",
          SourceValues.PARAMETER,
          null,
          "The URL parameter for the page number, the offset or the cursor; default: page, offset"
              + " or cursor.",
          "p");
  static final Property<Integer> FIRST_PAGE =
      property(
          "job.NAME.first-page",
          ValueType.number(0, 1_000_000),
          "1",
          "The number of an API's first page.",
          "0");
  static final Property<String> SIZE_PARAMETER =
      property(
          "job.NAME.size-parameter",
          SourceValues.PARAMETER,
          null,
          "The URL parameter for the number of rows (page-size); default: not sent.",
          "per_page");
  static final Property<String> NEXT =
      property(
          "job.NAME.next",
          FileValues.POINTER,
          null,
          "The place of the cursor or the address of the next page in an API's response, with"
              + " paging = cursor.",
          "/meta/next_cursor");
  static final Property<String> HAS_MORE =
      property(
          "job.NAME.has-more",
          FileValues.POINTER,
          null,
          "The place in an API's response of the value true or false that tells whether there is"
              + " another page; default: a false at has_more, hasNext or similar ends the pages.",
          "/meta/has_more");
  static final Property<Paging.Last> LAST_PAGE =
      property(
          "job.NAME.last-page",
          ValueType.oneOf(Paging.Last.class),
          "empty",
          "What an API returns after its last page, with paging = page or offset: a page without"
              + " rows, HTTP 404 (not-found), or null or HTTP 204 (no-list).",
          "not-found");
  static final Property<Integer> FETCH_SIZE =
      property(
          "job.NAME.fetch-size",
          ValueType.number(1, 100_000),
          "500",
          "The number of rows to fetch at a time from a database that is read without pages.",
          "100");
  static final Property<String> BROKERS =
      property(
          "job.NAME.brokers",
          ValueType.TEXT,
          null,
          "The Kafka brokers to ask first, as host:port, separated by commas.",
          "kafka1.example.com:9092, kafka2.example.com:9092");
  static final Property<String> TOPIC =
      property("job.NAME.topic", ValueType.TEXT, null, "The topic to read.", "customers");
  static final Property<String> GROUP =
      property(
          "job.NAME.group",
          ValueType.TEXT,
          null,
          "The consumer group, in which Kafka keeps how far the job has read; default:"
              + " kintone-sync-NAME. A new group begins with the oldest message.",
          "kintone-customers");
  static final Property<ValueFormat> VALUE_FORMAT =
      property(
          "job.NAME.value-format",
          ValueType.oneOf(ValueFormat.class),
          "auto",
          "How the values of messages are written: json, an object is a row; connect, JSON with a"
              + " schema of Kafka Connect; debezium, change events, in Avro too; avro, an Avro"
              + " record is a row; auto tells them apart message by message.",
          "debezium");
  static final Property<URI> REGISTRY =
      property(
          "job.NAME.registry",
          SourceValues.REGISTRY_URL,
          null,
          "The URL of the schema registry for keys and values in Avro: one with Confluent's API;"
              + " without a password or token.",
          "https://registry.example.com/apis/ccompat/v7");
  static final Property<String> REGISTRY_USERNAME =
      property(
          "job.NAME.registry.username",
          ValueType.TEXT,
          null,
          "The user name for the schema registry, sent as Basic authentication.",
          "reader");
  static final Property<String> REGISTRY_PASSWORD =
      property(
          "job.NAME.registry.password",
          ValueType.PASSWORD,
          null,
          "The password of job.NAME.registry.username; only in secrets.properties or as"
              + " REGISTRY_PASSWORD_NAME in the environment.",
          "your-registry-password");
  static final Property<String> REGISTRY_TOKEN =
      property(
          "job.NAME.registry.token",
          ValueType.PASSWORD,
          null,
          "The bearer token for the schema registry; only in secrets.properties or as"
              + " REGISTRY_TOKEN_NAME in the environment.",
          "your-registry-token");
  static final Property<String> KEY_COLUMN =
      property(
          "job.NAME.key-column",
          ValueType.TEXT,
          null,
          "The column that the key of a message fills when it is a plain text or number; default:"
              + " the column of the update key.",
          "code");
  static final Property<Removal> DELETED =
      property(
          "job.NAME.deleted",
          RuleValues.REMOVAL,
          "report",
          "What to do with the record when its key is gone (a tombstone, or a delete event): only"
              + " report it, set a field, or delete it.",
          "set 状態=削除済み");
  static final Property<String> DEAD_LETTER_TOPIC =
      property(
          "job.NAME.dead-letter-topic",
          ValueType.TEXT,
          null,
          "A topic to which rejected messages are copied, with the reason in their headers.",
          "customers-rejected");
  static final Property<Duration> EVERY =
      property(
          "job.NAME.every",
          ValueType.DURATION,
          "1s",
          "How long a batch waits for more messages before it is sent; a longer time costs fewer"
              + " API requests.",
          "15s");
  static final Property<Duration> RUN_TIME =
      property(
          "job.NAME.run-time",
          ValueType.DURATION,
          "10m",
          "How long a run of a job that follows a topic lasts before the next one begins.",
          "1h");
  static final Property<Integer> RUN_ROWS =
      property(
          "job.NAME.run-rows",
          ValueType.number(1, 10_000_000),
          "100000",
          "How many messages a run of a job that follows a topic reads before the next one begins.",
          "500000");
  static final Property<Duration> RUN_IDLE =
      property(
          "job.NAME.run-idle",
          ValueType.DURATION,
          "1m",
          "A run of a job that follows a topic ends when no message has come for so long; the next"
              + " message begins another one.",
          "5m");
  static final Property<String> SECURITY_PROTOCOL =
      property(
          "job.NAME.security-protocol",
          ValueType.oneOf("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"),
          null,
          "How to connect to the brokers; default: PLAINTEXT, or SASL_SSL with job.NAME.username.",
          "SASL_SSL");
  static final Property<String> SASL_MECHANISM =
      property(
          "job.NAME.sasl-mechanism",
          ValueType.oneOf("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"),
          null,
          "How job.NAME.username logs in to the brokers; default: PLAIN.",
          "SCRAM-SHA-512");
  static final Property<Path> CLIENT_PROPERTIES =
      property(
          "job.NAME.client-properties",
          ValueType.PATH,
          null,
          "A file of properties for Kafka's client, as Kafka's own tools take it, for instance with"
              + " ssl.truststore.location; only its owner may be able to read it.",
          "kafka-client.properties");
  static final Property<Schedule.Timing> SCHEDULE =
      property(
          "job.NAME.schedule",
          Schedule.TIMING,
          null,
          "When the job runs: every 15m, daily 02:30, weekly sun 04:00, or cron with five or six"
              + " fields; without it a folder is watched and a topic followed continuously, and any"
              + " other source is read only by run NAME --once.",
          "daily 02:30");
  static final Property<String> AFTER =
      property(
          "job.NAME.after",
          ValueType.TEXT,
          null,
          "Another job, instead of a schedule: this job runs after each run of that job.",
          "customers");
  static final Property<ZoneId> TIME_ZONE =
      property(
          "job.NAME.time-zone",
          Schedule.ZONE,
          null,
          "The time zone of the schedule; default: that of the computer.",
          "Asia/Tokyo");
  static final Property<ScheduleBlock.Missed> MISSED =
      property(
          "job.NAME.missed",
          ValueType.oneOf(ScheduleBlock.Missed.class),
          "run",
          "What to do about runs missed while the program was stopped: run once at the next start,"
              + " or skip them.",
          "skip");

  static final Property<Schedule.Timing> RECONCILE =
      property(
          "job.NAME.reconcile",
          Schedule.TIMING,
          null,
          "When the whole source is compared with the app, without writing; people are notified"
              + " when the differences have changed. For sources other than folders and topics.",
          "weekly sun 04:00");

  /** Which column goes to which field. */
  public static final Property<List<Assignment>> MAP =
      property(
          "job.NAME.map",
          ValueType.MAP,
          null,
          "Which column goes to which field, as COLUMN=FIELD separated by commas, with conversions;"
              + " without it columns are matched by field code, then by label.",
          "CUST_CD=顧客コード, SEI + ' ' + MEI=氏名, STATUS=状態 | values(A=契約中, B=休止)");

  static final Property<Path> MAP_FILE =
      property(
          "job.NAME.map-file",
          ValueType.PATH,
          null,
          "A UTF-8 file with the pairs of map, one per line; a line that begins with # is a"
              + " comment.",
          "maps/customers.txt");
  static final Property<FieldMap.Unknown> UNKNOWN_COLUMNS =
      property(
          "job.NAME.unknown-columns",
          ValueType.oneOf(FieldMap.Unknown.class),
          null,
          "What to do with columns that match no field: error refuses the source, ignore skips and"
              + " lists them; default: error without a map, ignore with one.",
          "ignore");

  static final Property<String> REVISION_COLUMN =
      property(
          "job.NAME.revision-column",
          ValueType.TEXT,
          null,
          "The column with the expected revision of the record: if somebody has changed the record"
              + " since, it is not overwritten and its row is rejected; -1 or an empty value skips"
              + " the check.",
          "$revision");

  /** What a job does with records. */
  public static final Property<Mode> MODE =
      property(
          "job.NAME.mode",
          ValueType.oneOf(Mode.class),
          "upsert",
          "What to do: upsert adds missing records and updates changed ones, insert only adds,"
              + " update only updates, mirror also handles the records missing from the source.",
          "upsert");

  static final Property<Rules.Existing> EXISTING =
      property(
          "job.NAME.existing",
          ValueType.oneOf(Rules.Existing.class),
          "unchanged",
          "In mode insert, what to do with a row whose key exists with other values: count it as"
              + " unchanged, or reject it.",
          "reject");
  static final Property<Rules.MissingKey> MISSING_KEY =
      property(
          "job.NAME.missing-key",
          ValueType.oneOf(Rules.MissingKey.class),
          "reject",
          "In mode update, what to do with a row whose key does not exist: reject it, or skip it"
              + " and count it as unchanged.",
          "skip");
  static final Property<Rules.Duplicates> DUPLICATES =
      property(
          "job.NAME.duplicates",
          ValueType.oneOf(Rules.Duplicates.class),
          "last",
          "Which of several rows with the same key is used: the last, the first, or the first while"
              + " the others are rejected.",
          "first");
  static final Property<Rules.Empty> EMPTY =
      property(
          "job.NAME.empty",
          ValueType.oneOf(Rules.Empty.class),
          "clear",
          "What an empty value does: clear the field, or keep its value.",
          "keep");
  static final Property<Set<String>> IF_EMPTY =
      property(
          "job.NAME.if-empty",
          RuleValues.FIELDS,
          null,
          "Fields that are written only if they are empty in Kintone, separated by commas.",
          "備考, 担当者");
  static final Property<Set<String>> ON_INSERT =
      property(
          "job.NAME.on-insert",
          RuleValues.FIELDS,
          null,
          "Fields that are written only when a record is added, separated by commas.",
          "ランク");
  static final Property<Refresh> REFRESH_LOOKUP_FIELDS =
      property(
          "job.NAME.refresh-lookup-fields",
          RuleValues.REFRESH,
          "false",
          "Lookup fields to write again when the other app has other values than Kintone has copied"
              + " from it, although the key is unchanged: a list, or true for all that the source"
              + " fills. This requires permission to view that app.",
          "true");
  static final Property<Rules.HandEdits> HAND_EDITS =
      property(
          "job.NAME.hand-edits",
          ValueType.oneOf(Rules.HandEdits.class),
          "overwrite",
          "What to do with an update of a record that a person saved last: write and list it, or"
              + " reject it.",
          "reject");
  static final Property<Rules.Diff> DIFF =
      property(
          "job.NAME.diff",
          ValueType.oneOf(Rules.Diff.class),
          "lookup",
          "How rows are compared with the app: lookup reads the record of each key; snapshot reads"
              + " only records that earlier runs have not seen or that others have saved since.",
          "snapshot");
  static final Property<Duration> SNAPSHOT_FULL =
      property(
          "job.NAME.snapshot.full",
          ValueType.DURATION,
          "168h",
          "How long diff = snapshot goes by what earlier runs have seen before all keys are looked"
              + " up again.",
          "24h");
  static final Property<Rules.Engine> ENGINE =
      property(
          "job.NAME.engine",
          ValueType.oneOf(Rules.Engine.class),
          "auto",
          "Whether the records of keys are read before rows are written: lookup always reads them;"
              + " native never does, Kintone adds or updates by the key; auto stops reading them"
              + " while all rows are new, and with undo = optional also while nearly all change.",
          "native");
  static final Property<Rules.Undo> UNDO =
      property(
          "job.NAME.undo",
          ValueType.oneOf(Rules.Undo.class),
          "required",
          "Whether the previous values of updated records must be known: required reads them, so"
              + " that a run can be undone; optional lets engine = auto update records without"
              + " reading them.",
          "optional");
  static final Property<KeyNormalization> KEY_NORMALIZE =
      property(
          "job.NAME.key.normalize",
          RuleValues.KEYS,
          "trim, nfc",
          "How keys are normalized before they are compared and written: trim and nfc always apply;"
              + " nfkc unifies full-width and half-width, upper converts to capitals, pad:N adds"
              + " leading zeros.",
          "trim, nfc, nfkc, pad:7");
  static final Property<Rules.SimilarKeys> SIMILAR_KEYS =
      property(
          "job.NAME.similar-keys",
          ValueType.oneOf(Rules.SimilarKeys.class),
          "reject",
          "What to do with a row that would add a key which differs from an existing one only in"
              + " width, case, leading zeros or characters that look alike, and with a key that"
              + " looks damaged by a spreadsheet.",
          "allow");
  static final Property<Rules.Flag> DELETE_WHEN =
      property(
          "job.NAME.delete-when",
          RuleValues.FLAG,
          null,
          "The column and value that flag a record for removal; mirror.missing sets what happens to"
              + " it.",
          "削除区分=1");
  static final Property<Removal> MIRROR_MISSING =
      property(
          "job.NAME.mirror.missing",
          RuleValues.REMOVAL,
          null,
          "What to do with records that are missing from the source or flagged: report lists them,"
              + " set FIELD=VALUE marks them, delete deletes them; default in mode mirror: report.",
          "set 状態=退会");
  static final Property<String> MIRROR_SCOPE =
      property(
          "job.NAME.mirror.scope",
          ValueType.TEXT,
          null,
          "The records that mode mirror handles, as a condition in Kintone's query language;"
              + " required if the source is a folder or another job writes to the app.",
          "取引先区分 in (\"卸\")");
  static final Property<Threshold> MIRROR_MAX_MISSING =
      property(
          "job.NAME.mirror.max-missing",
          RuleValues.SHARE,
          "1%",
          "The most records in its scope that a mirror may remove; a run that would remove more"
              + " stops before the first. A percentage never allows fewer than 20 records.",
          "50");
  static final Property<Threshold> MAX_REJECTED =
      property(
          "job.NAME.max-rejected",
          RuleValues.SHARE,
          "10%",
          "The most rows that a run may reject before it stops; it also stops when 200 consecutive"
              + " rows fail for the same reason. A percentage never allows fewer than 100 rows.",
          "off");
  static final Property<Threshold> MAX_UPDATED =
      property(
          "job.NAME.max-updated",
          RuleValues.SHARE,
          "off",
          "The most records that a run may update before it stops, as a number or a percentage of"
              + " its rows. A percentage never allows fewer than 100 records.",
          "20%");
  static final Property<String> RUN_FIELD =
      property(
          "job.NAME.run-field",
          ValueType.TEXT,
          null,
          "The text field that takes the name of the run when a record is added or updated; it is"
              + " never a reason to update one.",
          "最終取込");
  static final Property<String> SYNCED_AT_FIELD =
      property(
          "job.NAME.synced-at-field",
          ValueType.TEXT,
          null,
          "The date and time field that takes the time at which the run began, in the same way.",
          "最終取込日時");
  static final Property<List<Assertion>> ASSERT =
      property(
          "job.NAME.assert",
          RuleValues.ASSERTIONS,
          null,
          "What must hold before anything is written, of the source (rows, column, sum, min, max,"
              + " count, newest) and of the plan (inserted, updated, removed, cleared, rejected);"
              + " otherwise the run stops.",
          "rows >= 1000, column AMT is never empty, inserted <= 50");
  static final Property<Rules.Empty> EMPTY_COLUMN =
      property(
          "job.NAME.empty-column",
          ValueType.oneOf(Rules.Empty.class),
          "keep",
          "What to do with a column that is empty in every row: keep ignores and lists it, clear"
              + " clears its field in every record.",
          "clear");
  static final Property<Boolean> WRITE =
      property(
          "job.NAME.write",
          ValueType.yesOrNo(),
          "true",
          "Whether the job writes; with false it only reports what it would do.",
          "false");
  static final Property<Job.Approval> APPROVAL =
      property(
          "job.NAME.approval",
          ValueType.oneOf(Job.Approval.class),
          "none",
          "Whether a person must approve what the job writes: with required its runs only make a"
              + " plan, which apply, or the dashboard, carries out.",
          "required");

  /** The encoding of a job's files. */
  public static final Property<String> ENCODING =
      property(
          "job.NAME.encoding",
          ValueType.ENCODING,
          null,
          "The encoding of the files, such as utf8 or sjis; default: detected automatically.",
          "sjis");

  static final Property<Integer> HEADER =
      property(
          "job.NAME.header",
          FileValues.HEADER,
          "row 1",
          "The line, or row of the sheet, with the column names; everything above is skipped. With"
              + " none the columns are named A, B and so on.",
          "row 3");
  static final Property<Integer> SKIP_ROWS =
      property(
          "job.NAME.skip-rows",
          ValueType.number(0, 1_000_000),
          "0",
          "The number of rows to skip directly below the header.",
          "1");
  static final Property<String> SKIP_WHEN =
      property(
          "job.NAME.skip-when",
          FileValues.SKIP_WHEN,
          null,
          "Rows in which this column is empty are skipped.",
          "顧客コード is empty");
  static final Property<Character> DELIMITER =
      property(
          "job.NAME.delimiter",
          FileValues.DELIMITER,
          null,
          "The delimiter of a text file; default: detected from the header and the first rows.",
          "semicolon");
  static final Property<String> SHEET =
      property(
          "job.NAME.sheet",
          ValueType.TEXT,
          null,
          "The sheet of a workbook to read; default: the first one that is not hidden. Of a web"
              + " page, the number of the table; default: the first one with rows.",
          "顧客一覧");
  static final Property<String> POINTER =
      property(
          "job.NAME.pointer",
          FileValues.POINTER,
          null,
          "The place of the list of records in a JSON file or an API's response, if it is not the"
              + " whole.",
          "/data/records");

  static final Property<String> GROUP_BY =
      property(
          "job.NAME.group-by",
          ValueType.TEXT,
          null,
          "The column that tells which rows of a file make one record: consecutive rows with the"
              + " same value are the rows of its tables. They must be together, whatever table-rows"
              + " is. Kintone's own export with its * column does not need it.",
          "受注番号");
  static final Property<TableOptions.Policy> TABLE_ROWS =
      property(
          "job.NAME.table-rows",
          ValueType.oneOf(TableOptions.Policy.class),
          "merge",
          "What to do with the rows of a table: merge changes and adds rows and keeps the others,"
              + " replace also removes rows missing from the source, append only adds.",
          "replace");
  static final Property<Set<String>> ROW_KEY =
      property(
          "job.NAME.row-key",
          RuleValues.FIELDS,
          null,
          "The fields that identify the rows of a table, separated by commas; without it rows are"
              + " compared by position.",
          "品番");
  static final Property<Path> ATTACHMENTS_DIR =
      property(
          "job.NAME.attachments-dir",
          ValueType.PATH,
          null,
          "The folder of the files that a column names for an attachment field: paths inside the"
              + " folder, one per line of a cell. Paths that lead outside are rejected.",
          "/srv/contracts");
  static final Property<Attachments.Policy> ATTACHMENTS =
      property(
          "job.NAME.attachments",
          ValueType.oneOf(Attachments.Policy.class),
          "merge",
          "What to do with the files of a record: merge replaces a file of the same name and keeps"
              + " the others, replace leaves only the files of the source, append only adds files.",
          "replace");
  static final Property<Set<NotificationSettings.Channel>> JOB_NOTIFY =
      property(
          "job.NAME.notify",
          NotificationValues.CHANNELS,
          "mail, webhook, app",
          "Which of notify.mail, notify.webhook and notify.app receive the notifications of this"
              + " job, separated by commas, or none.",
          "mail");
  static final Property<List<String>> JOB_NOTIFY_MAIL =
      property(
          "job.NAME.notify-mail",
          NotificationValues.ADDRESSES,
          null,
          "The mail addresses for notifications of this job, instead of notify.mail.",
          "warehouse@example.com");
  static final Property<String> JOB_NOTIFY_MAIL_COLUMN =
      property(
          "job.NAME.notify-mail-column",
          ValueType.TEXT,
          null,
          "The column with the mail address of the person who is notified of their own rejected"
              + " rows of a file; requires notify.mail.domains.",
          "担当者メール");

  static final Property<String> JOB_GUEST_SPACE_ID =
      property(
          "job.NAME.guest-space-id",
          ValueType.ID,
          null,
          "The guest space that contains the app of this job.",
          "3");
  static final Property<URI> JOB_BASE_URL =
      property(
          "job.NAME.base-url",
          ValueType.BASE_URL,
          null,
          "The Kintone of this job, if it is not kintone.base-url.",
          "https://branch.cybozu.com");
  static final Property<List<String>> JOB_API_TOKEN =
      property(
          "job.NAME.api-token",
          ValueType.TOKENS,
          null,
          "API tokens of this job, separated by commas, with permission to view, add and edit; only"
              + " in secrets.properties or as KINTONE_API_TOKEN_NAME in the environment.",
          "your-api-token");

  private PropertyCatalog() {}

  /** Every property, in the order of the reference document. */
  public static List<Property<?>> all() {
    return Collections.unmodifiableList(ALL);
  }

  /** The property of a key as users write it, or null for a key that we do not know. */
  static @Nullable Property<?> find(String key) {
    var job = JobKey.of(key);
    return ALL.stream()
        .filter(
            property ->
                property.ofJob()
                    ? job != null && property.ownName().equals(job.property())
                    : property.name().equals(key))
        .findFirst()
        .orElse(null);
  }

  /** The known key that looks most like an unknown one. */
  static String nearest(String key) {
    var candidates = new ArrayList<String>();
    var parts = key.split("\\.", -1);
    String job = parts.length > 2 ? parts[1] : "NAME";
    boolean ofJob = key.startsWith("job.");
    ALL.stream()
        .filter(property -> property.ofJob() || !ofJob)
        .forEach(property -> candidates.add(property.key(job)));
    return Suggestions.of(key, candidates);
  }

  private static <T> Property<T> property(
      String name, ValueType<T> type, @Nullable String fallback, String sentence, String example) {
    var property = new Property<>(name, type, fallback, sentence, example);
    ALL.add(property);
    return property;
  }
}
