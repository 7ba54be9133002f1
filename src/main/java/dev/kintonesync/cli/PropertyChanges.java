package dev.kintonesync.cli;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Job;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** What has changed of the properties since the jobs of a service began, by keys alone. */
final class PropertyChanges {
  private final Configuration started;
  private final Map<String, Configuration> applied = new ConcurrentHashMap<>();
  private List<String> told = List.of();
  private List<String> toldOfStart = List.of();

  PropertyChanges(Configuration started) {
    this.started = started;
  }

  /** A job runs by these properties from now on. */
  void began(String job, Configuration properties) {
    applied.put(job, properties);
  }

  /** The properties that a job runs by. */
  Configuration applied(String job) {
    return applied.getOrDefault(job, started);
  }

  /** The keys of what has changed for a job since it began; empty: nothing has. */
  List<String> of(Job job, Configuration now) {
    var keys = now.since(applied(job.name())).of(job.name());
    return keys.isEmpty() && differs(job, now)
        ? List.of("job." + job.name() + ".map-file") // the key is the same, the file is not
        : keys;
  }

  private static boolean differs(Job job, Configuration now) {
    try {
      return !now.job(job.name()).equals(job);
    } catch (UserErrorException e) {
      return false; // that is told when it is to begin
    }
  }

  /** What nobody has been told yet of these jobs and of the program itself. */
  List<UserMessage> news(List<Job> begun, Configuration now) {
    var changed = new TreeSet<String>();
    begun.forEach(job -> changed.addAll(of(job, now)));
    var news = new ArrayList<UserMessage>();
    var keys = List.copyOf(changed);
    if (!keys.isEmpty() && !keys.equals(told)) {
      news.add(MessageCode.PROPERTIES_CHANGED.with(String.join(", ", keys)));
    }
    told = keys;
    var ofStart = now.since(started).ofStart();
    if (!ofStart.isEmpty() && !ofStart.equals(toldOfStart)) {
      news.add(MessageCode.PROPERTIES_NEED_RESTART.with(String.join(", ", ofStart)));
    }
    toldOfStart = ofStart;
    return news;
  }

  /** What is to be said of jobs that still run by earlier properties, by their names. */
  Map<String, UserMessage> needed(List<Job> begun, Configuration now) {
    var needed = new HashMap<String, UserMessage>();
    for (Job job : begun) {
      var keys = of(job, now);
      if (!keys.isEmpty()) {
        needed.put(job.name(), MessageCode.NEEDS_RELOAD.with(String.join(", ", keys), job.name()));
      }
    }
    return needed;
  }
}
