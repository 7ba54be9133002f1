package dev.kintonesync.simulator.state;

import java.nio.charset.StandardCharsets;

/**
 * A file, uploaded or attached.
 *
 * @param key unique; what a record shows is longer and names the record
 * @param content not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // content may be large and is never compared
public record StoredFile(String key, String name, String contentType, byte[] content) {

  /** Returns this file under another key. */
  public StoredFile withKey(String other) {
    return new StoredFile(other, name, contentType, content);
  }

  /** What a search finds it by: its name and, when it is text, its content. */
  @Override
  public String toString() {
    return contentType.startsWith("text/")
        ? name + " " + new String(content, StandardCharsets.UTF_8)
        : name;
  }
}
