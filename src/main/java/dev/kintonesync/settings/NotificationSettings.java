package dev.kintonesync.settings;

import dev.kintonesync.kintone.KintoneConnection;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
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
   * @param to the addresses; none where only senders of rows are told
   * @param from the sender
   * @param host the mail server
   * @param port its port
   * @param security how the way there is kept secret
   * @param username null: the server asks for none
   * @param password never printed
   * @param senders who is told of their rejected rows; null: nobody
   */
  public record Mail(
      List<String> to,
      String from,
      String host,
      int port,
      Security security,
      @Nullable String username,
      @Nullable String password,
      @Nullable Senders senders) {

    /** The same without senders of rows. */
    public Mail(
        List<String> to,
        String from,
        String host,
        int port,
        Security security,
        @Nullable String username,
        @Nullable String password) {
      this(to, from, host, port, security, username, password, null);
    }

    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /**
   * Who is told of the rejected rows of a file that are theirs.
   *
   * @param column the column with the address
   * @param domains of the addresses that may be written to, so that a file cannot make us write to
   *     strangers
   */
  public record Senders(String column, Set<String> domains) {
    private static final Pattern ADDRESS = Pattern.compile("[^@\\s,;:<>()\"]+@([^@\\s,;:<>()\"]+)");

    /** Whether somebody may be written to. */
    public boolean allow(String address) {
      var parts = ADDRESS.matcher(address);
      return parts.matches() && domains.contains(parts.group(1).toLowerCase(Locale.ROOT));
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
