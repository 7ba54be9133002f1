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
          "Where your Kintone answers: scheme and host, as in the browser.",
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
          "The login name of a Kintone user, where a password is used instead of API tokens.",
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
          "The user of the Basic authentication in front of your Kintone, where it has one.",
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
          "The guest space in which the apps of all jobs lie.",
          "3");
  static final Property<Path> PFX_FILE_PATH =
      property(
          "kintone.pfx-file-path",
          ValueType.PATH,
          null,
          "The client certificate to show to Kintone, a .pfx file; with one, kintone.base-url has"
              + " .s. in its host: https://example.s.cybozu.com.",
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
          "The HTTP proxy through which Kintone is reached.",
          "http://proxy.example.com:8080");
  static final Property<String> PROXY_USERNAME =
      property(
          "kintone.proxy-username",
          ValueType.TEXT,
          null,
          "The user to whom kintone.proxy opens, where it asks.",
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
          "Certificates, in PEM, of authorities to trust besides those of the Java runtime: where"
              + " your company's proxy looks into TLS.",
          "company-ca.pem");
  static final Property<Duration> TIMEOUT =
      property(
          "kintone.timeout",
          ValueType.DURATION,
          "60s",
          "How long Kintone may take to answer one request.",
          "90s");
  static final Property<Duration> BULK_TIMEOUT =
      property(
          "kintone.bulk-timeout",
          ValueType.DURATION,
          "300s",
          "How long Kintone may take to answer a bulkRequest of up to 20 requests, or a file.",
          "10m");
  static final Property<Integer> RECORDS_PER_REQUEST =
      property(
          "kintone.records-per-request",
          ValueType.number(1, Limits.RECORDS_PER_WRITE),
          "100",
          "Records in one write request; Kintone takes 100.",
          "20");
  static final Property<Integer> REQUESTS_PER_BATCH =
      property(
          "kintone.requests-per-batch",
          ValueType.number(1, Limits.REQUESTS_PER_BULK),
          "20",
          "Write requests in one bulkRequest; Kintone takes 20.",
          "5");
  static final Property<Integer> KEYS_PER_LOOKUP =
      property(
          "kintone.keys-per-lookup",
          ValueType.number(1, Limits.RECORDS_PER_READ),
          "500",
          "Keys that one request looks up; Kintone answers with 500 records.",
          "100");
  static final Property<Integer> MAX_WRITERS =
      property(
          "kintone.max-writers",
          ValueType.number(1, 50),
          "4",
          "Write requests that may be under way to one app at the same time.",
          "2");
  static final Property<Integer> MAX_READERS =
      property(
          "kintone.max-readers",
          ValueType.number(1, 50),
          "4",
          "Key lookups that may be under way to one app at the same time.",
          "2");
  static final Property<Long> BATCH_BYTES =
      property(
          "kintone.batch-bytes",
          ValueType.SIZE,
          "8MB",
          "A batch is closed when its rows reach this size, even when it is not full; earlier where"
              + " memory is scarce.",
          "2MB");
  static final Property<Integer> MAX_ISOLATION_CALLS =
      property(
          "kintone.max-isolation-calls",
          ValueType.number(0, 1_000_000),
          "2000",
          "Extra requests that one run may spend on finding bad rows.",
          "500");
  static final Property<Duration> ANSWER_TIME =
      property(
          "kintone.answer-time",
          ValueType.DURATION,
          "5s",
          "How long a bulkRequest may take before the next ones are made smaller.",
          "10s");

  static final Property<Duration> QUIET_TIME =
      property(
          "folder.quiet-time",
          ValueType.DURATION,
          "5s",
          "How long a file of a watched folder must stay as it is before it is read; six times as"
              + " long where its end looks cut off.",
          "1m");
  static final Property<Integer> DAILY_CALLS =
      property(
          "kintone.daily-calls",
          ValueType.number(0, 10_000_000),
          "10000",
          "Calls that may be made to one app in a day, which begins at 09:00 in Japan; 0: any"
              + " number. Kintone's standard course counts up to 10,000, each request of a"
              + " bulkRequest as one.",
          "100000");
  static final Property<Duration> PATIENCE =
      property(
          "kintone.patience",
          ValueType.DURATION,
          "15m",
          "How long a run goes on trying while Kintone is busy or away.",
          "2h");
  static final Property<Duration> RETRY_DELAY =
      property(
          "kintone.retry-delay",
          ValueType.DURATION,
          "1s",
          "The first pause before a request is sent again; later pauses grow.",
          "500ms");
  static final Property<Duration> MAX_RETRY_DELAY =
      property(
          "kintone.max-retry-delay",
          ValueType.DURATION,
          "60s",
          "The longest pause before a request is sent again.",
          "5m");
  static final Property<Integer> KEEP_DAYS =
      property(
          "journal.keep-days",
          ValueType.number(1, 36_500),
          "90",
          "For how many days finished runs are kept, in the journal and in runs/; the newest run of"
              + " each job always stays.",
          "30");
  static final Property<String> LOG_FORMAT =
      property(
          "log.format",
          ValueType.oneOf("text", "json"),
          "text",
          "How the files in logs/ are written: a line of text, or a JSON object, for each event.",
          "json");
  static final Property<Integer> CONSOLE_PORT =
      property(
          "console.port",
          ValueType.PORT,
          "8765",
          "The port of the page on which run and demo show how the jobs stand; 0: any free one;"
              + " off: no page.",
          "0");
  static final Property<String> CONSOLE_ADDRESS =
      property(
          "console.address",
          ValueType.TEXT,
          "127.0.0.1",
          "The address of the page; any other than 127.0.0.1 needs console.password.",
          "0.0.0.0");
  static final Property<String> CONSOLE_PASSWORD =
      property(
          "console.password",
          ValueType.PASSWORD,
          null,
          "The password of the page, of 12 characters or more (8 for an address of this machine"
              + " alone); programs give it with any user name; without it the page only shows, on"
              + " this machine alone; only in secrets.properties or as CONSOLE_PASSWORD in the"
              + " environment.",
          "your-page-password");
  static final Property<List<String>> NOTIFY_MAIL =
      property(
          "notify.mail",
          NotificationValues.ADDRESSES,
          null,
          "The mail addresses that are told when something goes wrong, and when it is right again,"
              + " separated by commas.",
          "sales@example.com, it@example.com");
  static final Property<String> NOTIFY_MAIL_FROM =
      property(
          "notify.mail.from",
          ValueType.TEXT,
          null,
          "The address that mails come from; the first of notify.mail when not set.",
          "kintone-sync@example.com");
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
          "How the way to the mail server is kept secret; none only for a server on this machine or"
              + " in your own network.",
          "tls");
  static final Property<String> NOTIFY_MAIL_USERNAME =
      property(
          "notify.mail.username",
          ValueType.TEXT,
          null,
          "The user of the mail server, where it asks for one.",
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
          "The address of an incoming webhook of Slack or Teams, which is told the same as"
              + " notify.mail; only in secrets.properties or as NOTIFY_WEBHOOK in the environment.",
          "https://hooks.slack.com/services/your-webhook");
  static final Property<NotificationSettings.Shape> NOTIFY_WEBHOOK_SHAPE =
      property(
          "notify.webhook.shape",
          ValueType.oneOf(NotificationSettings.Shape.class),
          "auto",
          "How the webhook is told: as slack or teams expects it; auto: by its address, and as"
              + " slack where that does not tell.",
          "teams");
  static final Property<String> NOTIFY_APP =
      property(
          "notify.app",
          ValueType.ID,
          null,
          "The app of your Kintone that gets a record for each run that read anything, with the"
              + " rejects attached.",
          "50");
  static final Property<List<String>> NOTIFY_APP_TOKEN =
      property(
          "notify.app.token",
          ValueType.TOKENS,
          null,
          "An API token of notify.app with the permission to add; only in secrets.properties or as"
              + " NOTIFY_APP_TOKEN in the environment.",
          "your-log-app-token");
  static final Property<String> LANG =
      property(
          "lang",
          ValueType.oneOf("en", "ja"),
          null,
          "The language of messages, ours and Kintone's: en or ja; that of the computer when not"
              + " set.",
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
          "Where the rows come from: folder, a folder into which files are dropped; database, a"
              + " query over JDBC; api, an HTTP API that answers with JSON; kintone, another app.",
          "folder");
  static final Property<Path> FOLDER =
      property(
          "job.NAME.folder",
          ValueType.PATH,
          null,
          "The folder that is watched; relative to this file's folder, with / also on Windows.",
          "inbox/customers");
  static final Property<Duration> FOLDER_QUIET_TIME =
      property(
          "job.NAME.folder.quiet-time",
          ValueType.DURATION,
          null,
          "How long a file of this job's folder must stay as it is before it is read; without it,"
              + " folder.quiet-time.",
          "1m");
  static final Property<DoneFile> DONE_FILE =
      property(
          "job.NAME.done-file",
          SourceValues.DONE_FILE,
          null,
          "The name of the empty file by which another program says that a file is complete; NAME"
              + " stands for the file's name. A file without one is not read.",
          "NAME.done");

  static final Property<String> URL =
      property(
          "job.NAME.url",
          SourceValues.URL,
          null,
          "Where the source answers: a database as a JDBC URL, an API with its path and fixed"
              + " parameters; without a password or token.",
          "jdbc:postgresql://db.example.com/sales");
  static final Property<String> SOURCE_USERNAME =
      property(
          "job.NAME.username",
          ValueType.TEXT,
          null,
          "The user of the source; one that may only read is best. An API asks for it by Basic"
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
          "The token by which an API knows us, or the API tokens of another app with the permission"
              + " to view; only in secrets.properties or as SOURCE_TOKEN_NAME in the environment.",
          "your-source-token");
  static final Property<String> SOURCE_TOKEN_HEADER =
      property(
          "job.NAME.source.token-header",
          SourceValues.HEADER_NAME,
          null,
          "The header in which an API wants the token; when not set, it is sent as a bearer token.",
          "X-API-Key");
  static final Property<String> SOURCE_APP =
      property("job.NAME.source.app", ValueType.ID, null, "The id of the app that is read.", "17");
  static final Property<URI> SOURCE_BASE_URL =
      property(
          "job.NAME.source.base-url",
          ValueType.BASE_URL,
          null,
          "The Kintone of the app that is read, if it is another one than that of the job.",
          "https://branch.cybozu.com");
  static final Property<String> SOURCE_GUEST_SPACE_ID =
      property(
          "job.NAME.source.guest-space-id",
          ValueType.ID,
          null,
          "The guest space in which the app that is read lies.",
          "3");
  static final Property<Set<String>> SOURCE_ALLOWED_HOSTS =
      property(
          "job.NAME.source.allowed-hosts",
          SourceValues.HOSTS,
          null,
          "Hosts besides that of url to which an API may lead for its next pages, separated by"
              + " commas; the password or token does not go there.",
          "files.example.com");
  static final Property<Integer> SOURCE_MAX_ROWS =
      property(
          "job.NAME.source.max-rows",
          ValueType.number(1, 999_999_999),
          "5000000",
          "A run that would read more rows of a database, an API or another app stops: its source"
              + " seems to have no end.",
          "20000000");
  static final Property<Long> SOURCE_MAX_BYTES =
      property(
          "job.NAME.source.max-bytes",
          ValueType.LARGE_SIZE,
          "4GB",
          "An API whose answers to one run have more bytes is not used; they lie in the folder for"
              + " temporary files meanwhile.",
          "20GB");
  static final Property<Duration> SOURCE_MAX_TIME =
      property(
          "job.NAME.source.max-time",
          ValueType.DURATION,
          "6h",
          "How long the pages of an API may take to come in one run, before the first row is"
              + " written.",
          "12h");
  static final Property<String> QUERY =
      property(
          "job.NAME.query",
          ValueType.TEXT,
          null,
          "What is read: of a database a SELECT without ORDER BY at its end; of another app a"
              + " condition in Kintone's query language, or all records when not set. A backslash"
              + " at the end of a line goes on in the next.",
          "SELECT code, name, tel, updated_at, id FROM customers");
  static final Property<String> CHECKPOINT =
      property(
          "job.NAME.checkpoint",
          ValueType.TEXT,
          null,
          "The column whose value grows whenever a row is added or changed, a number or a time:"
              + " later runs read on from there; without it every run reads all rows. Of another"
              + " app the field of the updated or created time.",
          "updated_at");
  static final Property<String> CHECKPOINT_PARAMETER =
      property(
          "job.NAME.checkpoint-parameter",
          SourceValues.PARAMETER,
          null,
          "The parameter of the URL by which an API is told from which value of the checkpoint on"
              + " rows are wanted.",
          "updated_since");
  static final Property<String> UNIQUE =
      property(
          "job.NAME.unique",
          ValueType.TEXT,
          null,
          "The column of the query that no two rows have in common and that never changes: rows are"
              + " read in pages by it; without it one long transaction reads them all.",
          "id");
  static final Property<Overlap> OVERLAP =
      property(
          "job.NAME.overlap",
          SourceValues.OVERLAP,
          null,
          "How far behind the checkpoint a run begins, so that rows committed late are not lost:"
              + " 10m of times, 1000 of numbers when not set.",
          "30m");
  static final Property<Integer> PAGE_SIZE =
      property(
          "job.NAME.page-size",
          ValueType.number(1, 100_000),
          "500",
          "Rows in one page: of a database; of an API, which must be asked for them by"
              + " size-parameter; of another app, 500 at the most.",
          "2000");
  static final Property<Paging.Kind> PAGING =
      property(
          "job.NAME.paging",
          ValueType.oneOf(Paging.Kind.class),
          "none",
          "How an API hands out its pages: by page number, by offset, by a cursor or an address in"
              + " the answer, by its Link header, or none, everything in one answer.",
          "cursor");
  static final Property<String> PAGE_PARAMETER =
      property(
          "job.NAME.page-parameter",
          SourceValues.PARAMETER,
          null,
          "The parameter of the URL that takes the page number, the offset or the cursor: page,"
              + " offset or cursor when not set.",
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
          "The parameter of the URL that asks an API for page-size rows; not sent when not set.",
          "per_page");
  static final Property<String> NEXT =
      property(
          "job.NAME.next",
          FileValues.POINTER,
          null,
          "Where in an API's answer the cursor or the address of the next page stands, with paging"
              + " = cursor.",
          "/meta/next_cursor");
  static final Property<String> HAS_MORE =
      property(
          "job.NAME.has-more",
          FileValues.POINTER,
          null,
          "Where in an API's answer it stands whether there is another page, true or false; when"
              + " not set, a false at has_more or hasNext and the like ends the pages.",
          "/meta/has_more");
  static final Property<Paging.Last> LAST_PAGE =
      property(
          "job.NAME.last-page",
          ValueType.oneOf(Paging.Last.class),
          "empty",
          "What an API answers to the page behind its last one, with paging = page or offset: a"
              + " page without rows, or HTTP 404 (not-found).",
          "not-found");
  static final Property<Integer> FETCH_SIZE =
      property(
          "job.NAME.fetch-size",
          ValueType.number(1, 100_000),
          "500",
          "Rows that are fetched at a time from a database that is read without pages.",
          "100");
  static final Property<Schedule.Timing> SCHEDULE =
      property(
          "job.NAME.schedule",
          Schedule.TIMING,
          null,
          "When the job runs: every 15m, daily 02:30, or cron with five or six fields; without it a"
              + " folder is watched all the time, and any other source is read by run NAME --once"
              + " alone.",
          "daily 02:30");
  static final Property<String> AFTER =
      property(
          "job.NAME.after",
          ValueType.TEXT,
          null,
          "Another job, instead of a schedule: this one runs whenever a run of that job has come to"
              + " its end.",
          "customers");
  static final Property<ZoneId> TIME_ZONE =
      property(
          "job.NAME.time-zone",
          Schedule.ZONE,
          null,
          "The time zone of the schedule; that of the computer when not set.",
          "Asia/Tokyo");
  static final Property<ScheduleBlock.Missed> MISSED =
      property(
          "job.NAME.missed",
          ValueType.oneOf(ScheduleBlock.Missed.class),
          "run",
          "What becomes of times that passed while the program was down: one run makes up for them"
              + " at the next start, or they are skipped.",
          "skip");

  /** Which column goes to which field. */
  public static final Property<List<Assignment>> MAP =
      property(
          "job.NAME.map",
          ValueType.MAP,
          null,
          "Which column goes to which field, as COLUMN=FIELD between commas, with steps that change"
              + " the value; without it columns are matched by field code, then by label.",
          "CUST_CD=顧客コード, SEI + ' ' + MEI=氏名, STATUS=状態 | values(A=契約中, B=休止)");

  static final Property<Path> MAP_FILE =
      property(
          "job.NAME.map-file",
          ValueType.PATH,
          null,
          "A file with the pairs of map, one in each line, in UTF-8; a line that begins with # is a"
              + " comment.",
          "maps/customers.txt");
  static final Property<FieldMap.Unknown> UNKNOWN_COLUMNS =
      property(
          "job.NAME.unknown-columns",
          ValueType.oneOf(FieldMap.Unknown.class),
          null,
          "What becomes of columns that go nowhere: error refuses the source, ignore leaves them"
              + " out and names them; when not set, error without a map and ignore with one.",
          "ignore");

  static final Property<String> REVISION_COLUMN =
      property(
          "job.NAME.revision-column",
          ValueType.TEXT,
          null,
          "The column with the revision that a record is expected to have: a record that somebody"
              + " has changed since is not overwritten, its row is rejected; -1 and an empty value"
              + " check nothing.",
          "$revision");

  /** What a job does with records. */
  public static final Property<Mode> MODE =
      property(
          "job.NAME.mode",
          ValueType.oneOf(Mode.class),
          "upsert",
          "What is done: upsert adds what is missing and updates what differs, insert only adds,"
              + " update only updates, mirror also treats the records that the source lacks.",
          "upsert");

  static final Property<Rules.Existing> EXISTING =
      property(
          "job.NAME.existing",
          ValueType.oneOf(Rules.Existing.class),
          "unchanged",
          "In mode insert, what becomes of a row whose key is there with other values: it counts as"
              + " unchanged, or it is rejected.",
          "reject");
  static final Property<Rules.MissingKey> MISSING_KEY =
      property(
          "job.NAME.missing-key",
          ValueType.oneOf(Rules.MissingKey.class),
          "reject",
          "In mode update, what becomes of a row whose key is not there: it is rejected, or skipped"
              + " and counts as unchanged.",
          "skip");
  static final Property<Rules.Duplicates> DUPLICATES =
      property(
          "job.NAME.duplicates",
          ValueType.oneOf(Rules.Duplicates.class),
          "last",
          "Which of several rows with one key counts: the last, the first, or the first while the"
              + " others are rejected.",
          "first");
  static final Property<Rules.Empty> EMPTY =
      property(
          "job.NAME.empty",
          ValueType.oneOf(Rules.Empty.class),
          "clear",
          "What an empty value does: it clears its field, or it keeps what is there.",
          "keep");
  static final Property<Set<String>> IF_EMPTY =
      property(
          "job.NAME.if-empty",
          RuleValues.FIELDS,
          null,
          "Fields that are only written where they are empty in Kintone, separated by commas.",
          "備考, 担当者");
  static final Property<Set<String>> ON_INSERT =
      property(
          "job.NAME.on-insert",
          RuleValues.FIELDS,
          null,
          "Fields that are only written when a record is added, separated by commas.",
          "ランク");
  static final Property<Refresh> REFRESH_LOOKUP_FIELDS =
      property(
          "job.NAME.refresh-lookup-fields",
          RuleValues.REFRESH,
          "false",
          "Lookup fields that are written again, although their keys are unchanged, when the other"
              + " app holds other values than Kintone has copied from it: those named, or with true"
              + " all that the source fills. It needs the right to view that app.",
          "true");
  static final Property<Rules.HandEdits> HAND_EDITS =
      property(
          "job.NAME.hand-edits",
          ValueType.oneOf(Rules.HandEdits.class),
          "overwrite",
          "What becomes of an update of a record that a person saved last: it is written and"
              + " listed, or rejected.",
          "reject");
  static final Property<KeyNormalization> KEY_NORMALIZE =
      property(
          "job.NAME.key.normalize",
          RuleValues.KEYS,
          "trim, nfc",
          "How keys are made alike before they are compared and written: trim and nfc hold always;"
              + " nfkc folds widths, upper makes capitals, pad:N puts zeros before digits.",
          "trim, nfc, nfkc, pad:7");
  static final Property<Rules.SimilarKeys> SIMILAR_KEYS =
      property(
          "job.NAME.similar-keys",
          ValueType.oneOf(Rules.SimilarKeys.class),
          "reject",
          "What becomes of a row that would be added although a key is there that differs from its"
              + " own only in width, case, leading zeros or characters that look alike, and of a"
              + " key that looks as if a spreadsheet had made it of another one.",
          "allow");
  static final Property<Rules.Flag> DELETE_WHEN =
      property(
          "job.NAME.delete-when",
          RuleValues.FLAG,
          null,
          "The column and value by which a row says that its record is to go; mirror.missing says"
              + " how.",
          "削除区分=1");
  static final Property<Removal> MIRROR_MISSING =
      property(
          "job.NAME.mirror.missing",
          RuleValues.REMOVAL,
          null,
          "What is done with records that the source lacks or flags: report lists them, set"
              + " FIELD=VALUE marks them, delete deletes them; in mode mirror report where not"
              + " set.",
          "set 状態=退会");
  static final Property<String> MIRROR_SCOPE =
      property(
          "job.NAME.mirror.scope",
          ValueType.TEXT,
          null,
          "The records that mode mirror looks at, as a condition in Kintone's query language;"
              + " needed when the source is a folder or another job writes to the app.",
          "取引先区分 in (\"卸\")");
  static final Property<Threshold> MIRROR_MAX_MISSING =
      property(
          "job.NAME.mirror.max-missing",
          RuleValues.SHARE,
          "1%",
          "A mirror that would remove more of the records in its scope stops before the first; of a"
              + " share at least 20 are borne.",
          "50");
  static final Property<Threshold> MAX_REJECTED =
      property(
          "job.NAME.max-rejected",
          RuleValues.SHARE,
          "10%",
          "A run that rejects more of its rows stops, and at once when 200 rows in a row fail for"
              + " one reason; of a share at least 100 are borne.",
          "off");
  static final Property<Threshold> MAX_UPDATED =
      property(
          "job.NAME.max-updated",
          RuleValues.SHARE,
          "off",
          "A run that would update more records than this number, or share of its rows, stops; of a"
              + " share at least 100 are borne.",
          "20%");
  static final Property<Rules.Empty> EMPTY_COLUMN =
      property(
          "job.NAME.empty-column",
          ValueType.oneOf(Rules.Empty.class),
          "keep",
          "What a column does that is empty in every row: it is left out and named, or it clears"
              + " its field in every record.",
          "clear");
  static final Property<Boolean> WRITE =
      property(
          "job.NAME.write",
          ValueType.yesOrNo(),
          "true",
          "Whether the job writes; with false it only reports what it would do.",
          "false");

  /** The encoding of a job's files. */
  public static final Property<String> ENCODING =
      property(
          "job.NAME.encoding",
          ValueType.ENCODING,
          null,
          "The encoding of the files, such as utf8 or sjis; found out when not set.",
          "sjis");

  static final Property<Integer> HEADER =
      property(
          "job.NAME.header",
          FileValues.HEADER,
          "row 1",
          "The line, or row of the sheet, with the names of the columns; what stands above is"
              + " passed over. With none the columns are named A, B and so on.",
          "row 3");
  static final Property<Integer> SKIP_ROWS =
      property(
          "job.NAME.skip-rows",
          ValueType.number(0, 1_000_000),
          "0",
          "How many rows right below the header are passed over.",
          "1");
  static final Property<String> SKIP_WHEN =
      property(
          "job.NAME.skip-when",
          FileValues.SKIP_WHEN,
          null,
          "Rows in which this column is empty are passed over.",
          "顧客コード is empty");
  static final Property<Character> DELIMITER =
      property(
          "job.NAME.delimiter",
          FileValues.DELIMITER,
          null,
          "What stands between two values of a text file; when not set, found out from the header"
              + " and the first rows.",
          "semicolon");
  static final Property<String> SHEET =
      property(
          "job.NAME.sheet",
          ValueType.TEXT,
          null,
          "The sheet of a workbook to read; when not set, the first one that is not hidden.",
          "顧客一覧");
  static final Property<String> POINTER =
      property(
          "job.NAME.pointer",
          FileValues.POINTER,
          null,
          "Where in a JSON file or in the answer of an API the list of records stands, if it is not"
              + " the whole.",
          "/data/records");

  static final Property<String> GROUP_BY =
      property(
          "job.NAME.group-by",
          ValueType.TEXT,
          null,
          "The column that tells which rows of a file make one record: rows below each other with"
              + " the same value in it are the rows of its tables. They must stand together,"
              + " whatever table-rows says. Kintone's own export with its * column needs none.",
          "受注番号");
  static final Property<TableOptions.Policy> TABLE_ROWS =
      property(
          "job.NAME.table-rows",
          ValueType.oneOf(TableOptions.Policy.class),
          "merge",
          "What becomes of the rows of a table: merge changes and adds rows and keeps the others,"
              + " replace also removes those that the source lacks, append only adds.",
          "replace");
  static final Property<Set<String>> ROW_KEY =
      property(
          "job.NAME.row-key",
          RuleValues.FIELDS,
          null,
          "The fields by which the rows of a table are known again, separated by commas; without it"
              + " rows are compared in their order.",
          "品番");
  static final Property<Path> ATTACHMENTS_DIR =
      property(
          "job.NAME.attachments-dir",
          ValueType.PATH,
          null,
          "The folder with the files that a column names for an attachment field: paths below it,"
              + " one on each line of a cell. No path leads out of it.",
          "/srv/contracts");
  static final Property<Attachments.Policy> ATTACHMENTS =
      property(
          "job.NAME.attachments",
          ValueType.oneOf(Attachments.Policy.class),
          "merge",
          "What becomes of the files that a record has: with merge a file replaces the one of its"
              + " name and the others stay, with replace the record has the files of the source and"
              + " no others, with append files are only added.",
          "replace");
  static final Property<Set<NotificationSettings.Channel>> JOB_NOTIFY =
      property(
          "job.NAME.notify",
          NotificationValues.CHANNELS,
          "mail, webhook, app",
          "Which of notify.mail, notify.webhook and notify.app are told of this job, separated by"
              + " commas, or none.",
          "mail");
  static final Property<List<String>> JOB_NOTIFY_MAIL =
      property(
          "job.NAME.notify-mail",
          NotificationValues.ADDRESSES,
          null,
          "The mail addresses that are told of this job, in the place of notify.mail.",
          "warehouse@example.com");

  static final Property<String> JOB_GUEST_SPACE_ID =
      property(
          "job.NAME.guest-space-id",
          ValueType.ID,
          null,
          "The guest space in which the app of this job lies.",
          "3");
  static final Property<URI> JOB_BASE_URL =
      property(
          "job.NAME.base-url",
          ValueType.BASE_URL,
          null,
          "Another Kintone than kintone.base-url, for this job.",
          "https://branch.cybozu.com");
  static final Property<List<String>> JOB_API_TOKEN =
      property(
          "job.NAME.api-token",
          ValueType.TOKENS,
          null,
          "API tokens of this job, separated by commas, with the permissions to view, add and edit;"
              + " only in secrets.properties or as KINTONE_API_TOKEN_NAME in the environment.",
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
