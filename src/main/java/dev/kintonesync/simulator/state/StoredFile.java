package dev.kintonesync.simulator.state;

/**
 * A file, uploaded or attached.
 *
 * @param key unique; what a record shows is longer and names the record
 * @param content not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // content may be large and is never compared
public record StoredFile(String key, String name, String contentType, byte[] content) {

  /** The same file under another key. */
  public StoredFile withKey(String other) {
    return new StoredFile(other, name, contentType, content);
  }
}
