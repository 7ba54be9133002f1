package dev.kintonesync.settings;

import dev.kintonesync.kintone.KintoneConnection;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is notified of a job, and how; null: not in that way.
 *
 * @param mail by mail
 * @param webhook in a chat
 * @param app by records of an app
 */
public record NotificationSettings(
    @Nullable Mail mail, @Nullable Webhook webhook, @Nullable LogApp app) {

  /** Whether there is anybody to be told. */
  public boolean isAnybody() {
    return mail != null || webhook != null || app != null;
  }

  /** A way to tell somebody. */
  public enum Channel {
    MAIL,
    WEBHOOK,
    APP
  }

  /** How the way to a mail server is kept secret. */
  public enum Security {
    STARTTLS,
    TLS,
    NONE
  }

  /** What a webhook expects. */
  public enum Shape {
    AUTO,
    SLACK,
    TEAMS
  }

  /**
   * By mail.
   *
   * @param to the addresses
   * @param from the sender
   * @param host the mail server
   * @param port its port
   * @param security how the way there is kept secret
   * @param username null: the server asks for none
   * @param password never printed
   */
  public record Mail(
      List<String> to,
      String from,
      String host,
      int port,
      Security security,
      @Nullable String username,
      @Nullable String password) {

    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /**
   * In a chat.
   *
   * @param url where; a secret, for whoever knows it may write there
   * @param shape slack or teams
   */
  public record Webhook(URI url, Shape shape) {

    @Override
    public String toString() {
      return String.valueOf(url.getHost());
    }
  }

  /**
   * By records of an app.
   *
   * @param connection the domain and who writes
   * @param app the id of the app
   */
  public record LogApp(KintoneConnection connection, String app) {}
}
