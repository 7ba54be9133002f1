package dev.kintonesync.setup;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The block of a job as somebody is making it. Holds no secrets: they lie beside it.
 *
 * @param id by which it is asked for
 * @param version counts its changes, from 1
 * @param name what the job is called, or is to be called
 * @param job the job that it changes; null: it becomes a new one
 * @param before the lines of that job when the draft was made; empty of a new one
 * @param properties as the block has them, without the name of the job, such as {@code update-key}
 * @param sample the name of the file that shows what is read; null: there is none
 * @param changed when it was last changed, in UTC and ISO 8601
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Draft(
    String id,
    int version,
    String name,
    @Nullable String job,
    String before,
    Map<String, String> properties,
    @Nullable String sample,
    String changed) {

  /** A time as drafts have it. */
  static String written(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  public Draft {
    properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
  }

  /** Returns it with another name. */
  Draft named(String other) {
    return new Draft(id, version, other, job, before, properties, sample, changed);
  }

  /** Returns it with other properties. */
  Draft with(Map<String, String> other) {
    return new Draft(id, version, name, job, before, other, sample, changed);
  }

  /** Returns it with another sample. */
  Draft withSample(String file) {
    return new Draft(id, version, name, job, before, properties, file, changed);
  }

  /** Returns it as one that is about the job as it is now. */
  Draft since(String block) {
    return new Draft(id, version, name, job, block, properties, sample, changed);
  }

  /** Returns the next version. */
  Draft next(Instant now) {
    return new Draft(id, version + 1, name, job, before, properties, sample, written(now));
  }
}
