package dev.kintonesync.settings;

import dev.kintonesync.kintone.Connection;
import dev.kintonesync.kintone.Credentials;
import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
import dev.kintonesync.settings.Notifying.Channel;
import dev.kintonesync.settings.Notifying.LogApp;
import dev.kintonesync.settings.Notifying.Mail;
import dev.kintonesync.settings.Notifying.Shape;
import dev.kintonesync.settings.Notifying.Webhook;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a {@link Notifying} of what was said; what is needed and was not said is refused. */
final class NotifyingBlock {
  private static final Set<String> TEAMS =
      Set.of("office.com", "azure.com", "powerplatform.com", "microsoft.com");

  private final Statements statements;
  private final Settings settings;
  private final Path secrets;

  NotifyingBlock(Statements statements, Settings settings, Path secrets) {
    this.statements = statements;
    this.settings = settings;
    this.secrets = secrets;
  }

  Notifying of(String job) {
    Set<Channel> channels = require(Reference.JOB_NOTIFY, Reference.JOB_NOTIFY.key(job));
    return new Notifying(
        channels.contains(Channel.MAIL) ? mail(job) : null,
        channels.contains(Channel.WEBHOOK) ? webhook() : null,
        channels.contains(Channel.APP) ? app() : null);
  }

  private @Nullable Mail mail(String job) {
    List<String> own =
        statements.value(Reference.JOB_NOTIFY_MAIL, Reference.JOB_NOTIFY_MAIL.key(job));
    List<String> to = own != null ? own : statements.value(Reference.NOTIFY_MAIL);
    if (to == null) {
      return null;
    }
    var server = require(Reference.NOTIFY_MAIL_SERVER, Reference.NOTIFY_MAIL_SERVER.name());
    String from = statements.value(Reference.NOTIFY_MAIL_FROM);
    return new Mail(
        to,
        from == null ? to.get(0) : from,
        server.host(),
        server.port(),
        require(Reference.NOTIFY_MAIL_SECURITY, Reference.NOTIFY_MAIL_SECURITY.name()),
        statements.value(Reference.NOTIFY_MAIL_USERNAME),
        statements.value(Reference.NOTIFY_MAIL_PASSWORD));
  }

  private @Nullable Webhook webhook() {
    URI url = statements.value(Reference.NOTIFY_WEBHOOK);
    if (url == null) {
      return null;
    }
    Shape shape = require(Reference.NOTIFY_WEBHOOK_SHAPE, Reference.NOTIFY_WEBHOOK_SHAPE.name());
    return new Webhook(url, shape == Shape.AUTO ? shapeOf(url) : shape);
  }

  private static Shape shapeOf(URI url) {
    String host = url.getHost().toLowerCase(Locale.ROOT);
    return TEAMS.stream().anyMatch(host::endsWith) ? Shape.TEAMS : Shape.SLACK;
  }

  private @Nullable LogApp app() {
    String app = statements.value(Reference.NOTIFY_APP);
    if (app == null) {
      return null;
    }
    URI baseUrl = require(Reference.BASE_URL, Reference.BASE_URL.name());
    List<String> tokens = require(Reference.NOTIFY_APP_TOKEN, Reference.NOTIFY_APP_TOKEN.name());
    var credentials = Credentials.ofTokens(tokens.toArray(String[]::new));
    return new LogApp(
        new Connection(baseUrl, null, credentials, settings.catalogue().language()), app);
  }

  private <T> T require(Property<T> property, String key) {
    T value = statements.value(property, key);
    if (value == null) {
      throw new RefusedException(
          Text.NOTIFYING_LACKS.with(
              key,
              property.example(),
              property.type().secret()
                  ? secrets
                  : settings.home().resolve("application.properties")));
    }
    return value;
  }
}
