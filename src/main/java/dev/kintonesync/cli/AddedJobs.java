package dev.kintonesync.cli;

import dev.kintonesync.console.JobOverview;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Configuration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;

/**
 * Jobs that the file has got while a service runs others. What was saved may be half of a job, so
 * each waits until somebody has the service run it.
 */
final class AddedJobs {
  private final StatusPublisher publisher;
  private final Terminal terminal;
  private final Set<String> waiting = new ConcurrentSkipListSet<>();

  AddedJobs(StatusPublisher publisher, Terminal terminal) {
    this.publisher = publisher;
    this.terminal = terminal;
  }

  /** Says of each once that it is there. */
  void are(Collection<String> names) {
    for (String name : names) {
      if (waiting.add(name)) {
        publisher.waits(name, MessageCode.NEEDS_START.with(name));
        terminal.log(MessageCode.JOB_ADDED.with(name));
      }
    }
    waiting.removeIf(
        name -> {
          boolean gone = !names.contains(name);
          if (gone) {
            publisher.runs(name);
          }
          return gone;
        });
  }

  boolean has(String name) {
    return waiting.contains(name);
  }

  /** The service runs it from now on; false: it was not waiting. */
  boolean take(String name) {
    return waiting.remove(name);
  }

  /** As the properties have them. */
  Stream<JobOverview.Configured> in(Configuration configuration) {
    return waiting.stream()
        .map(
            name -> {
              try {
                return new JobOverview.Configured(name, configuration.job(name), null);
              } catch (UserErrorException e) {
                return new JobOverview.Configured(name, null, e.reason());
              }
            });
  }
}
