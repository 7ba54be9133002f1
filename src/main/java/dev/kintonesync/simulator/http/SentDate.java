package dev.kintonesync.simulator.http;

import com.sun.net.httpserver.Headers;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.AbstractList;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Sets the header {@code Date} of an answer to another time than the machine's, such as that of a
 * domain, whose clock also gives records their times.
 *
 * <p>The JDK's server writes the machine's time over whatever a handler has set. The last thing it
 * reads before it sends the headers are the values of {@code Connection}: this is a list of none of
 * them, which sets the date when it is read.
 */
public final class SentDate extends AbstractList<String> {
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final Headers headers;
  private final String date;

  private SentDate(Headers headers, String date) {
    this.headers = headers;
    this.date = date;
  }

  /** The answer with these headers is sent with this time. To be called before they are sent. */
  static void setIn(Headers headers, Instant at) {
    setIn(headers, HTTP_DATE.format(at));
  }

  /** The answer with these headers is sent with this value of {@code Date}. */
  public static void setIn(Headers headers, String date) {
    headers.put("Connection", new SentDate(headers, date));
  }

  @Override
  public Stream<String> stream() {
    headers.set("Date", date);
    return Stream.empty();
  }

  @Override
  public String get(int index) {
    throw new IndexOutOfBoundsException(index);
  }

  @Override
  public int size() {
    return 0;
  }
}
