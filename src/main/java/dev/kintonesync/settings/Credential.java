package dev.kintonesync.settings;

import dev.kintonesync.kintone.Credentials;
import dev.kintonesync.kintone.Credentials.Login;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.ConfigEntries.ConfigSource;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How one job proves who it is: the first of the command line, the job's own token, and a password
 * or token of all jobs that somebody has given. A password of the same voice goes before a token,
 * as Kintone itself has it.
 */
final class Credential {
  private final ConfigEntries entries;
  private final Path secrets;
  private final String job;
  private final @Nullable URI elsewhere;

  /**
   * The credential of a job.
   *
   * @param elsewhere the job's own address where it is another one than that of all jobs: what was
   *     said of all is not for it; otherwise null
   */
  Credential(ConfigEntries entries, Path secrets, String job, @Nullable URI elsewhere) {
    this.entries = entries;
    this.secrets = secrets;
    this.job = job;
    this.elsewhere = elsewhere;
  }

  /** The variable that holds the token of one job: {@code KINTONE_API_TOKEN_CUSTOMERS}. */
  static String tokenVariable(String job) {
    return "KINTONE_API_TOKEN_" + JobKey.inVariable(job);
  }

  /**
   * The credentials of the job.
   *
   * @throws UserErrorException when there are none, half of a pair, or only those of another
   *     address, saying what to set and where
   */
  Credentials read() {
    if (elsewhere != null) {
      return ofAnotherAddress(elsewhere);
    }
    var basic = login(PropertyCatalog.BASIC_AUTH_USERNAME, PropertyCatalog.BASIC_AUTH_PASSWORD);
    var said = strongest();
    if (said == null) {
      throw new UserErrorException(missing());
    }
    return said.key().equals(PropertyCatalog.PASSWORD.name())
        ? new Credentials(
            List.of(), login(PropertyCatalog.USERNAME, PropertyCatalog.PASSWORD), basic)
        : new Credentials(said.as(ValueType.TOKENS), null, basic);
  }

  /** A token of all jobs was given for their address; another one must not even see it. */
  private Credentials ofAnotherAddress(URI address) {
    String own = PropertyCatalog.JOB_API_TOKEN.key(job);
    var said = entries.by(ConfigSource.COMMAND_LINE, own, PropertyCatalog.API_TOKEN.name());
    said = said != null ? said : entries.about(own);
    if (said == null) {
      throw new UserErrorException(
          MessageCode.JOB_ELSEWHERE_WITHOUT_TOKEN.with(
              job, address, tokenVariable(job), own, secrets));
    }
    return new Credentials(said.as(ValueType.TOKENS), null, null);
  }

  private @Nullable ConfigEntry strongest() {
    String password = PropertyCatalog.PASSWORD.name();
    String token = PropertyCatalog.API_TOKEN.name();
    String own = PropertyCatalog.JOB_API_TOKEN.key(job);
    boolean userNamed =
        entries.by(ConfigSource.COMMAND_LINE, PropertyCatalog.USERNAME.name()) != null;
    return Stream.of(
            entries.by(ConfigSource.COMMAND_LINE, password, own, token),
            userNamed ? entries.about(password) : null,
            entries.about(own),
            entries.by(ConfigSource.ENVIRONMENT, password, token),
            entries.by(ConfigSource.SECRETS, password, token))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private @Nullable Login login(Property<String> user, Property<String> password) {
    var name = entries.about(user.name());
    var secret = entries.about(password.name());
    if (name == null && secret == null) {
      return null;
    }
    if (name == null) {
      throw new UserErrorException(
          MessageCode.USERNAME_MISSING.with(password.name(), user.variable(), user.name()));
    }
    if (secret == null) {
      throw new UserErrorException(
          MessageCode.PASSWORD_MISSING.with(
              name.place(), name.spoken(), password.variable(), password.name(), secrets));
    }
    return new Login(name.value(), secret.value());
  }

  private UserMessage missing() {
    var user = entries.about(PropertyCatalog.USERNAME.name());
    if (user != null) {
      return MessageCode.PASSWORD_MISSING.with(
          user.place(),
          user.spoken(),
          PropertyCatalog.PASSWORD.variable(),
          PropertyCatalog.PASSWORD.name(),
          secrets);
    }
    return job.equals(Job.IMPORT)
        ? MessageCode.IMPORT_WITHOUT_TOKEN.with(secrets)
        : MessageCode.JOB_WITHOUT_TOKEN.with(
            job, tokenVariable(job), PropertyCatalog.JOB_API_TOKEN.key(job), secrets);
  }
}
