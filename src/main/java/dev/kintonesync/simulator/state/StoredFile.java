package dev.kintonesync.simulator.state;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * A file, as it was uploaded or as a record holds it. The two have different keys: one can only be
 * attached, the other only be downloaded.
 *
 * @param content not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // written once and never compared
public record StoredFile(String key, String name, String contentType, byte[] content) {
  private static final int APP_DIGITS = 16;

  /** This file as a record of an app holds it: under a new key, which tells the app. */
  public StoredFile attachedTo(long app) {
    String random = UUID.randomUUID().toString().replace("-", "");
    return new StoredFile(random + "%016x".formatted(app), name, contentType, content);
  }

  /** The app whose records hold the file of a key; 0 when the key is not of that kind. */
  public static long appOf(String key) {
    if (!key.matches("[0-9a-f]{48}")) {
      return 0;
    }
    return Long.parseUnsignedLong(key.substring(key.length() - APP_DIGITS), 16);
  }

  /** What a search finds it by: its name and, when it is text, its content. */
  @Override
  public String toString() {
    return contentType.startsWith("text/")
        ? name + " " + new String(content, StandardCharsets.UTF_8)
        : name;
  }
}
