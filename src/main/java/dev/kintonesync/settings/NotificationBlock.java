package dev.kintonesync.settings;

import dev.kintonesync.kintone.Credentials;
import dev.kintonesync.kintone.KintoneConnection;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.NotificationSettings.Channel;
import dev.kintonesync.settings.NotificationSettings.LogApp;
import dev.kintonesync.settings.NotificationSettings.Mail;
import dev.kintonesync.settings.NotificationSettings.Senders;
import dev.kintonesync.settings.NotificationSettings.Shape;
import dev.kintonesync.settings.NotificationSettings.Webhook;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link NotificationSettings} of what was said; what is needed and was not said is
 * refused.
 */
final class NotificationBlock {
  private static final Set<String> TEAMS =
      Set.of("office.com", "azure.com", "powerplatform.com", "microsoft.com");

  private final ConfigEntries entries;
  private final Settings settings;
  private final Path secrets;

  NotificationBlock(ConfigEntries entries, Settings settings, Path secrets) {
    this.entries = entries;
    this.settings = settings;
    this.secrets = secrets;
  }

  NotificationSettings of(String job) {
    Set<Channel> channels =
        require(PropertyCatalog.JOB_NOTIFY, PropertyCatalog.JOB_NOTIFY.key(job));
    return new NotificationSettings(
        channels.contains(Channel.MAIL) ? mail(job) : null,
        channels.contains(Channel.WEBHOOK) ? webhook() : null,
        channels.contains(Channel.APP) ? app() : null);
  }

  private @Nullable Mail mail(String job) {
    List<String> own =
        entries.value(PropertyCatalog.JOB_NOTIFY_MAIL, PropertyCatalog.JOB_NOTIFY_MAIL.key(job));
    List<String> to = own != null ? own : entries.value(PropertyCatalog.NOTIFY_MAIL);
    String column =
        entries.value(
            PropertyCatalog.JOB_NOTIFY_MAIL_COLUMN,
            PropertyCatalog.JOB_NOTIFY_MAIL_COLUMN.key(job));
    if (to == null && column == null) {
      return null;
    }
    var senders =
        column == null
            ? null
            : new Senders(
                column,
                require(
                    PropertyCatalog.NOTIFY_MAIL_DOMAINS,
                    PropertyCatalog.NOTIFY_MAIL_DOMAINS.name()));
    var server =
        require(PropertyCatalog.NOTIFY_MAIL_SERVER, PropertyCatalog.NOTIFY_MAIL_SERVER.name());
    String from =
        to == null
            ? require(PropertyCatalog.NOTIFY_MAIL_FROM, PropertyCatalog.NOTIFY_MAIL_FROM.name())
            : entries.value(PropertyCatalog.NOTIFY_MAIL_FROM);
    return new Mail(
        to == null ? List.of() : to,
        from == null ? Objects.requireNonNull(to).get(0) : from,
        server.host(),
        server.port(),
        require(PropertyCatalog.NOTIFY_MAIL_SECURITY, PropertyCatalog.NOTIFY_MAIL_SECURITY.name()),
        entries.value(PropertyCatalog.NOTIFY_MAIL_USERNAME),
        entries.value(PropertyCatalog.NOTIFY_MAIL_PASSWORD),
        senders);
  }

  private @Nullable Webhook webhook() {
    URI url = entries.value(PropertyCatalog.NOTIFY_WEBHOOK);
    if (url == null) {
      return null;
    }
    Shape shape =
        require(PropertyCatalog.NOTIFY_WEBHOOK_SHAPE, PropertyCatalog.NOTIFY_WEBHOOK_SHAPE.name());
    return new Webhook(url, shape == Shape.AUTO ? shapeOf(url) : shape);
  }

  private static Shape shapeOf(URI url) {
    String host = url.getHost().toLowerCase(Locale.ROOT);
    return TEAMS.stream().anyMatch(host::endsWith) ? Shape.TEAMS : Shape.SLACK;
  }

  private @Nullable LogApp app() {
    String app = entries.value(PropertyCatalog.NOTIFY_APP);
    if (app == null) {
      return null;
    }
    URI baseUrl = require(PropertyCatalog.BASE_URL, PropertyCatalog.BASE_URL.name());
    List<String> tokens =
        require(PropertyCatalog.NOTIFY_APP_TOKEN, PropertyCatalog.NOTIFY_APP_TOKEN.name());
    var credentials = Credentials.ofTokens(tokens.toArray(String[]::new));
    return new LogApp(
        new KintoneConnection(baseUrl, null, credentials, settings.bundle().language()), app);
  }

  private <T> T require(Property<T> property, String key) {
    T value = entries.value(property, key);
    if (value == null) {
      throw new UserErrorException(
          MessageCode.NOTIFYING_LACKS.with(
              key,
              property.example(),
              property.type().secret()
                  ? secrets
                  : settings.home().resolve("application.properties")));
    }
    return value;
  }
}
