package dev.kintonesync.settings;

import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads when a job runs by itself; refuses what does not go together. */
final class ScheduleBlock {
  private final String name;
  private final Statements statements;
  private final JobBlock block;

  ScheduleBlock(String name, Statements statements, JobBlock block) {
    this.name = name;
    this.statements = statements;
    this.block = block;
  }

  /** When the job runs; null: a folder is watched all the time, other sources wait to be asked. */
  @Nullable Schedule schedule() {
    var timing = timing();
    ZoneId zone = block.value(Reference.TIME_ZONE);
    return timing == null
        ? null
        : new Schedule(
            timing,
            zone == null ? ZoneId.systemDefault() : zone,
            Objects.requireNonNull(block.value(Reference.MISSED)) == Missed.RUN);
  }

  private Schedule.@Nullable Timing timing() {
    var times = block.value(Reference.SCHEDULE);
    String other = block.value(Reference.AFTER);
    if (other == null) {
      return times;
    }
    if (times != null) {
      throw new RefusedException(
          Text.SCHEDULE_AND_AFTER.with(Reference.SCHEDULE.key(name), Reference.AFTER.key(name)));
    }
    var names = statements.jobs(Statements.Voice.APPLICATION);
    if (!names.contains(other)) {
      throw new RefusedException(
          Text.AFTER_UNKNOWN_JOB.with(Reference.AFTER.key(name), other, Nearest.of(other, names)));
    }
    var followed = new LinkedHashSet<String>();
    for (String next = other; next != null && followed.add(next); next = followedBy(next)) {
      if (next.equals(name)) {
        throw new RefusedException(
            Text.AFTER_ITSELF.with(Reference.AFTER.key(name), String.join(" → ", followed)));
      }
    }
    return new Schedule.Following(other);
  }

  private @Nullable String followedBy(String job) {
    return statements.value(Reference.AFTER, Reference.AFTER.key(job));
  }

  /** What becomes of a time that passed while the program was down. */
  enum Missed {
    RUN,
    SKIP
  }
}
