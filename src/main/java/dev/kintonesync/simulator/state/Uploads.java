package dev.kintonesync.simulator.state;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The files that were uploaded and wait to be attached to records, for three days. Whether one can
 * be attached twice is not known; here it can.
 */
public final class Uploads {
  private static final Duration LIFETIME = Duration.ofDays(3);

  private final Clock clock;
  private final Map<String, Upload> uploads = new HashMap<>();

  private record Upload(StoredFile file, Instant expires) {}

  Uploads(Clock clock) {
    this.clock = clock;
  }

  /** Keeps a file; answers the key to attach it by. */
  public synchronized String add(String name, String contentType, byte[] content) {
    expire();
    String key = UUID.randomUUID().toString();
    StoredFile file = new StoredFile(key, name, contentType, content);
    uploads.put(key, new Upload(file, clock.instant().plus(LIFETIME)));
    return key;
  }

  /** The upload of a key; null when there is none or it has expired. */
  public synchronized @Nullable StoredFile find(String key) {
    expire();
    Upload upload = uploads.get(key);
    return upload == null ? null : upload.file();
  }

  private void expire() {
    Instant now = clock.instant();
    uploads.values().removeIf(upload -> !now.isBefore(upload.expires()));
  }

  synchronized void clear() {
    uploads.clear();
  }
}
