package dev.kintonesync.settings;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads when a job runs by itself; refuses what does not go together. */
final class ScheduleBlock {
  private final String name;
  private final ConfigEntries entries;
  private final JobBlock block;

  ScheduleBlock(String name, ConfigEntries entries, JobBlock block) {
    this.name = name;
    this.entries = entries;
    this.block = block;
  }

  /** When the job runs; null: a folder is watched all the time, other sources wait to be asked. */
  @Nullable Schedule schedule() {
    var timing = timing();
    return timing == null ? null : at(timing);
  }

  /**
   * When the whole source is held against its app; null: never by itself.
   *
   * @param source of the job
   */
  @Nullable Schedule reconcile(Source source) {
    var timing = block.value(PropertyCatalog.RECONCILE);
    if (timing == null) {
      return null;
    }
    String key = PropertyCatalog.RECONCILE.key(name);
    if (source.folder() != null) {
      throw new UserErrorException(MessageCode.RECONCILE_TIMES_OF_A_FOLDER.with(key, name));
    } else if (source instanceof Source.Topic) {
      throw new UserErrorException(MessageCode.RECONCILE_OF_A_STREAM.with(name));
    } else if (timing() == null) {
      throw new UserErrorException(
          MessageCode.RECONCILE_WITHOUT_SCHEDULE.with(
              key, PropertyCatalog.SCHEDULE.key(name), name));
    }
    return at(timing);
  }

  private Schedule at(Schedule.Timing timing) {
    ZoneId zone = block.value(PropertyCatalog.TIME_ZONE);
    return new Schedule(
        timing,
        zone == null ? ZoneId.systemDefault() : zone,
        Objects.requireNonNull(block.value(PropertyCatalog.MISSED)) == Missed.RUN);
  }

  private Schedule.@Nullable Timing timing() {
    var times = block.value(PropertyCatalog.SCHEDULE);
    String other = block.value(PropertyCatalog.AFTER);
    if (other == null) {
      return times;
    }
    if (times != null) {
      throw new UserErrorException(
          MessageCode.SCHEDULE_AND_AFTER.with(
              PropertyCatalog.SCHEDULE.key(name), PropertyCatalog.AFTER.key(name)));
    }
    var names = entries.jobs(ConfigEntries.ConfigSource.APPLICATION);
    if (!names.contains(other)) {
      throw new UserErrorException(
          MessageCode.AFTER_UNKNOWN_JOB.with(
              PropertyCatalog.AFTER.key(name), other, Suggestions.of(other, names)));
    }
    var followed = new LinkedHashSet<String>();
    for (String next = other; next != null && followed.add(next); next = followedBy(next)) {
      if (next.equals(name)) {
        throw new UserErrorException(
            MessageCode.AFTER_ITSELF.with(
                PropertyCatalog.AFTER.key(name), String.join(" → ", followed)));
      }
    }
    return new Schedule.Following(other);
  }

  private @Nullable String followedBy(String job) {
    return entries.value(PropertyCatalog.AFTER, PropertyCatalog.AFTER.key(job));
  }

  /** What becomes of a time that passed while the program was down. */
  enum Missed {
    RUN,
    SKIP
  }
}
