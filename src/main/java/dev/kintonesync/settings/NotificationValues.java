package dev.kintonesync.settings;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.NotificationSettings.Channel;
import java.net.URI;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How it is written who is told. */
final class NotificationValues {
  private static final Pattern SEPARATOR = Pattern.compile("\\s*,\\s*");
  private static final Pattern ADDRESS = Pattern.compile("[^@\\s,<>]+@[^@\\s,<>]+");
  private static final Pattern HOST_AND_PORT = Pattern.compile("([^:\\s/@]+):([0-9]{1,5})");

  /** Reads a list of mail addresses. */
  static final ValueType<List<String>> ADDRESSES =
      new ValueType<>("mail addresses", false, NotificationValues::addresses);

  /** Reads a list of domains of mail addresses. */
  static final ValueType<Set<String>> DOMAINS =
      new ValueType<>("domains", false, NotificationValues::domains);

  /** A host with its port. */
  static final ValueType<Server> SERVER =
      new ValueType<>("host:port", false, NotificationValues::server);

  /** An address that is a secret. */
  static final ValueType<URI> WEBHOOK =
      new ValueType<>("secret", true, NotificationValues::webhook);

  /** Ways to tell somebody. */
  static final ValueType<Set<Channel>> CHANNELS =
      new ValueType<>("mail, webhook, app or none", false, NotificationValues::channels);

  private NotificationValues() {}

  /** A host with its port. */
  record Server(String host, int port) {}

  private static List<String> addresses(String value) {
    var addresses = List.of(SEPARATOR.split(value, -1));
    for (String address : addresses) {
      if (!ADDRESS.matcher(address).matches()) {
        throw new UserErrorException(MessageCode.NOT_A_MAIL_ADDRESS.with(address));
      }
    }
    return addresses;
  }

  private static Set<String> domains(String value) {
    var domains = new LinkedHashSet<String>();
    for (String domain : SEPARATOR.split(value.toLowerCase(Locale.ROOT), -1)) {
      if (!ADDRESS.matcher("x@" + domain).matches()) {
        throw new UserErrorException(MessageCode.NOT_A_MAIL_ADDRESS.with(domain));
      }
      domains.add(domain);
    }
    return domains;
  }

  private static Server server(String value) {
    Matcher parts = HOST_AND_PORT.matcher(value);
    if (!parts.matches()) {
      throw new UserErrorException(MessageCode.NOT_A_MAIL_SERVER.with(value));
    }
    return new Server(parts.group(1), Integer.parseInt(parts.group(2)));
  }

  private static URI webhook(String value) {
    try {
      var url = URI.create(value);
      if (url.getHost() != null && List.of("https", "http").contains(url.getScheme())) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      // its message holds the value, which is a secret
    }
    throw new UserErrorException(MessageCode.NOT_A_WEBHOOK.with());
  }

  private static Set<Channel> channels(String value) {
    var channels = EnumSet.noneOf(Channel.class);
    if (value.equalsIgnoreCase("none")) {
      return channels;
    }
    for (String word : SEPARATOR.split(value, -1)) {
      try {
        channels.add(Channel.valueOf(word.toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw new UserErrorException(
            MessageCode.NOT_ONE_OF.with(word, "mail, webhook, app, none"), e);
      }
    }
    return channels;
  }
}
