package dev.kintonesync.cli;

import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.message.UserMessage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a service has remarked of the newest run of each job. A source that is read again and again
 * gives cause for the same remarks each time; they are in each report, and said once.
 */
final class NewRemarks {
  private final Map<String, List<UserMessage>> said = new ConcurrentHashMap<>();

  /**
   * The remarks of a run that were not those of the run before; of a file all, as each is another.
   */
  List<UserMessage> of(RunResult run) {
    var remarks = run.remarks();
    if (run.report().ofFile()) {
      return remarks;
    }
    var before = said.put(run.report().job(), remarks);
    return before == null
        ? remarks
        : remarks.stream().filter(remark -> !before.contains(remark)).toList();
  }
}
