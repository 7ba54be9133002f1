package dev.kintonesync.simulator.state;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The uploads that wait to be attached to a record; they expire after three days. An upload's key
 * can be attached and not downloaded; the key that a record shows can be downloaded.
 */
public final class Files {
  private static final Duration LIFE = Duration.ofDays(3);

  private record Upload(StoredFile file, Instant expires) {}

  private final SimulatedClock clock;
  private final Map<String, Upload> uploads = new ConcurrentHashMap<>();

  Files(SimulatedClock clock) {
    this.clock = clock;
  }

  /** Keeps an upload; answers the key it can be attached by. */
  public String upload(String name, String contentType, byte[] content) {
    Instant now = clock.instant();
    uploads.values().removeIf(upload -> upload.expires().isBefore(now));
    String key = UUID.randomUUID().toString();
    uploads.put(key, new Upload(new StoredFile(key, name, contentType, content), now.plus(LIFE)));
    return key;
  }

  /** The upload of that key, or null when there is none or it expired. */
  public @Nullable StoredFile uploaded(String key) {
    Upload upload = uploads.get(key);
    return upload == null || upload.expires().isBefore(clock.instant()) ? null : upload.file();
  }

  /** A key for a file that becomes part of a record. */
  public static String attachedKey() {
    return UUID.randomUUID().toString().replace("-", "").toUpperCase(Locale.ROOT);
  }

  void clear() {
    uploads.clear();
  }
}
