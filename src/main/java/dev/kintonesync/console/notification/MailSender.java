package dev.kintonesync.console.notification;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.HttpClientFactory;
import dev.kintonesync.settings.NotificationSettings.Mail;
import dev.kintonesync.settings.NotificationSettings.Security;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.mail.MailComponent;
import org.apache.camel.impl.DefaultCamelContext;

/** Sends notices by mail. The password stands in no address. */
final class MailSender implements AutoCloseable {
  private static final String TIMEOUT = "20000";

  private final CamelContext context = new DefaultCamelContext();
  private final HttpClientFactory clients;

  /** Trusts whom the network trusts. */
  MailSender(HttpClientFactory clients) {
    this.clients = clients;
  }

  /** Whether there is anybody whom a notification may be sent to. */
  static boolean mayTell(Mail mail, Notification notification) {
    String only = notification.to();
    var senders = mail.senders();
    return only == null ? !mail.to().isEmpty() : senders != null && senders.allow(only);
  }

  /**
   * Sends a mail; throws whatever keeps it from being sent.
   *
   * @throws Exception when the server does not take it
   */
  void send(Mail mail, Notification notification) throws Exception {
    String only = notification.to();
    context.start(); // where no mail is sent, that would be for nothing
    String protocol = mail.security() == Security.TLS ? "smtps" : "smtp";
    var component = new MailComponent(context);
    var configuration = component.getConfiguration();
    configuration.configureProtocol(protocol);
    if (mail.username() != null) {
      configuration.setUsername(mail.username());
      configuration.setPassword(mail.password());
    }
    configuration.setAdditionalJavaMailProperties(properties(protocol, mail.security()));
    component.start();
    try (ProducerTemplate producer = context.createProducerTemplate()) {
      var endpoint = component.createEndpoint(protocol + "://" + mail.host() + ":" + mail.port());
      var sent =
          producer.request(
              endpoint,
              exchange -> {
                var message = exchange.getMessage();
                message.setBody(notification.text());
                message.setHeader("To", only == null ? String.join(",", mail.to()) : only);
                message.setHeader("From", mail.from());
                message.setHeader("Subject", "[kintone-sync] " + notification.headline());
                message.setHeader("Content-Type", "text/plain; charset=UTF-8");
              });
      if (sent.getException() != null) {
        throw isWithoutStarttls(sent.getException())
            ? new UserErrorException(MessageCode.MAIL_WITHOUT_STARTTLS.with(), sent.getException())
            : sent.getException();
      }
    } finally {
      component.stop();
    }
  }

  private static boolean isWithoutStarttls(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .map(cause -> String.valueOf(cause.getMessage()))
        .anyMatch(words -> words.contains("host does not support STARTTLS"));
  }

  private Properties properties(String protocol, Security security) {
    var properties = new Properties();
    String prefix = "mail." + protocol + ".";
    properties.setProperty(prefix + "connectiontimeout", TIMEOUT);
    properties.setProperty(prefix + "timeout", TIMEOUT);
    properties.setProperty(prefix + "writetimeout", TIMEOUT);
    properties.setProperty(prefix + "ssl.checkserveridentity", "true");
    properties.put(prefix + "ssl.socketFactory", clients.tls().getSocketFactory());
    properties.setProperty(prefix + "socketFactory.fallback", "false"); // it would try another
    if (security == Security.STARTTLS) {
      properties.setProperty(prefix + "starttls.enable", "true");
      properties.setProperty(prefix + "starttls.required", "true");
    }
    return properties;
  }

  @Override
  public void close() {
    context.stop();
  }
}
