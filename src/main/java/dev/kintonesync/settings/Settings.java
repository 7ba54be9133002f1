package dev.kintonesync.settings;

import dev.kintonesync.journal.JournalLocation;
import dev.kintonesync.kintone.Credentials.Login;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What holds for all jobs, as typed values. Immutable; never asks for a credential of Kintone. */
public final class Settings {
  private final Path home;
  private final ConfigEntries entries;

  Settings(Path home, ConfigEntries entries) {
    this.home = home;
    this.entries = entries;
  }

  /** The folder of {@code application.properties}, absolute. */
  public Path home() {
    return home;
  }

  /** A path as a user wrote it in the properties: relative ones lie below the home. */
  public Path resolve(Path path) {
    return home.resolve(path).normalize();
  }

  /**
   * What lies between us and Kintone.
   *
   * @throws UserErrorException when only half of a name and its password is given
   */
  public Network network() {
    Path file = entries.value(PropertyCatalog.PFX_FILE_PATH);
    String password = entries.value(PropertyCatalog.PFX_FILE_PASSWORD);
    together(PropertyCatalog.PFX_FILE_PATH, file, PropertyCatalog.PFX_FILE_PASSWORD, password);
    String user = entries.value(PropertyCatalog.PROXY_USERNAME);
    String proxyPassword = entries.value(PropertyCatalog.PROXY_PASSWORD);
    together(PropertyCatalog.PROXY_USERNAME, user, PropertyCatalog.PROXY_PASSWORD, proxyPassword);
    Path authorities = entries.value(PropertyCatalog.CA_FILE_PATH);
    return new Network(
        entries.value(PropertyCatalog.PROXY),
        user == null || proxyPassword == null ? null : new Login(user, proxyPassword),
        file == null || password == null ? null : new Network.Certificate(resolve(file), password),
        authorities == null ? null : resolve(authorities));
  }

  private static void together(
      Property<?> one, @Nullable Object said, Property<?> other, @Nullable Object otherSaid) {
    if ((said == null) != (otherSaid == null)) {
      throw new UserErrorException(
          said == null
              ? MessageCode.GOES_WITH.with(other.name(), one.name(), one.variable())
              : MessageCode.GOES_WITH.with(one.name(), other.name(), other.variable()));
    }
  }

  /** How long Kintone may take to answer one request. */
  public Duration timeout() {
    return value(PropertyCatalog.TIMEOUT);
  }

  /** How long Kintone may take to answer a bulkRequest. */
  public Duration bulkTimeout() {
    return value(PropertyCatalog.BULK_TIMEOUT);
  }

  /** Records in one write request, 1 to 100. */
  public int recordsPerRequest() {
    return value(PropertyCatalog.RECORDS_PER_REQUEST);
  }

  /** Write requests in one bulkRequest, 1 to 20. */
  public int requestsPerBatch() {
    return value(PropertyCatalog.REQUESTS_PER_BATCH);
  }

  /** Keys in one key lookup, 1 to 500. */
  public int keysPerLookup() {
    return value(PropertyCatalog.KEYS_PER_LOOKUP);
  }

  /** Write requests under way to one app at a time. */
  public int maxWriters() {
    return value(PropertyCatalog.MAX_WRITERS);
  }

  /** Key lookups under way to one app at a time. */
  public int maxReaders() {
    return value(PropertyCatalog.MAX_READERS);
  }

  /** The size in bytes at which a batch is closed. */
  public long batchBytes() {
    return value(PropertyCatalog.BATCH_BYTES);
  }

  /** How long a bulkRequest may take before the next ones are made smaller. */
  public Duration answerTime() {
    return value(PropertyCatalog.ANSWER_TIME);
  }

  /** Extra requests that one run may spend on finding bad rows. */
  public int maxIsolationCalls() {
    return value(PropertyCatalog.MAX_ISOLATION_CALLS);
  }

  /** Calls that may be made to one app in a day of Kintone's; 0: any number. */
  public long dailyCalls() {
    return value(PropertyCatalog.DAILY_CALLS);
  }

  /** How long a file of a watched folder must stay as it is before it is read. */
  public Duration quietTime() {
    return value(PropertyCatalog.QUIET_TIME);
  }

  /** How long a run goes on trying while Kintone is busy or away. */
  public Duration patience() {
    return value(PropertyCatalog.PATIENCE);
  }

  /** The first pause before a request is sent again. */
  public Duration retryDelay() {
    return value(PropertyCatalog.RETRY_DELAY);
  }

  /** The longest pause before a request is sent again. */
  public Duration maxRetryDelay() {
    return value(PropertyCatalog.MAX_RETRY_DELAY);
  }

  /** Where the journal is: in the home, or in a database that several machines share. */
  public JournalLocation journal() {
    return new JournalLocation(
        home.resolve("journal"),
        entries.value(PropertyCatalog.JOURNAL_URL),
        entries.value(PropertyCatalog.JOURNAL_USERNAME),
        entries.value(PropertyCatalog.JOURNAL_PASSWORD),
        value(PropertyCatalog.CLUSTER_LEASE));
  }

  /** The folder of all run folders, absolute. */
  public Path runs() {
    return resolve(value(PropertyCatalog.RUNS_FOLDER));
  }

  /** How long finished runs are kept. */
  public Duration keep() {
    return Duration.ofDays(value(PropertyCatalog.KEEP_DAYS));
  }

  /** Whether the log is written as JSON. */
  public boolean logIsJson() {
    return value(PropertyCatalog.LOG_FORMAT).equals("json");
  }

  /** The port of the page, 0 for any free one; null: there is to be no page. */
  public @Nullable Integer consolePort() {
    int port = value(PropertyCatalog.CONSOLE_PORT);
    return port == ValueType.NO_PORT ? null : port;
  }

  /** The address that the page is served on. */
  public String consoleAddress() {
    return value(PropertyCatalog.CONSOLE_ADDRESS);
  }

  /** The address under which people open the page; null: the one that it is served on. */
  public @Nullable URI consoleUrl() {
    return entries.value(PropertyCatalog.CONSOLE_URL);
  }

  /** The password of the page; null: none. Never printed. */
  public @Nullable String consolePassword() {
    return entries.value(PropertyCatalog.CONSOLE_PASSWORD);
  }

  /** The password of those who set up jobs on the page; null: none. Never printed. */
  public @Nullable String setupPassword() {
    return entries.value(PropertyCatalog.SETUP_PASSWORD);
  }

  /** The language of messages: as set, else that of the computer. */
  public MessageBundle bundle() {
    String lang = entries.value(PropertyCatalog.LANG);
    return MessageBundle.of(lang == null ? Locale.getDefault() : Locale.forLanguageTag(lang));
  }

  private <T> T value(Property<T> property) {
    return Objects.requireNonNull(entries.value(property), property.name());
  }
}
