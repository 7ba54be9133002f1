package dev.kintonesync.settings;

import dev.kintonesync.kintone.Credentials;
import dev.kintonesync.kintone.Credentials.Login;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.ConfigEntries.Voice;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How one job proves who it is: the first of the command line, the job's own token, and a password
 * or token of all jobs that somebody has given. A password of the same voice goes before a token,
 * as Kintone itself has it.
 */
final class Credential {
  private final ConfigEntries statements;
  private final Path secrets;
  private final String job;
  private final @Nullable URI elsewhere;

  /**
   * The credential of a job.
   *
   * @param elsewhere the job's own address where it is another one than that of all jobs: what was
   *     said of all is not for it; otherwise null
   */
  Credential(ConfigEntries statements, Path secrets, String job, @Nullable URI elsewhere) {
    this.statements = statements;
    this.secrets = secrets;
    this.job = job;
    this.elsewhere = elsewhere;
  }

  /** The variable that holds the token of one job: {@code KINTONE_API_TOKEN_CUSTOMERS}. */
  static String tokenVariable(String job) {
    return "KINTONE_API_TOKEN_" + job.toUpperCase(Locale.ROOT).replace('-', '_');
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
    var said = statements.by(Voice.COMMAND_LINE, own, PropertyCatalog.API_TOKEN.name());
    said = said != null ? said : statements.about(own);
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
    boolean userNamed = statements.by(Voice.COMMAND_LINE, PropertyCatalog.USERNAME.name()) != null;
    return Stream.of(
            statements.by(Voice.COMMAND_LINE, password, own, token),
            userNamed ? statements.about(password) : null,
            statements.about(own),
            statements.by(Voice.ENVIRONMENT, password, token),
            statements.by(Voice.SECRETS, password, token))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private @Nullable Login login(Property<String> user, Property<String> password) {
    var name = statements.about(user.name());
    var secret = statements.about(password.name());
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
    var user = statements.about(PropertyCatalog.USERNAME.name());
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
