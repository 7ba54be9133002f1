package dev.kintonesync.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.journal.ReportJson;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Schedule;
import dev.kintonesync.sync.Report;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How jobs stand, as JSON for scripts and for the page. Times are ISO-8601 in UTC. */
public final class StatusJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private StatusJson() {}

  /** A list of jobs, with reasons in a language. */
  public static ArrayNode of(List<JobStatus> statuses, MessageBundle bundle) {
    var all = JSON.createArrayNode();
    statuses.forEach(status -> all.add(of(status, bundle)));
    return all;
  }

  /** Writes the status as indented JSON, for people. */
  public static String pretty(List<JobStatus> statuses, MessageBundle bundle) {
    return of(statuses, bundle).toPrettyString();
  }

  private static ObjectNode of(JobStatus status, MessageBundle bundle) {
    var node = JSON.createObjectNode();
    node.put("job", status.name());
    node.put("state", status.state().word());
    node.put("why", status.why() == null ? null : bundle.say(status.why()));
    node.put("guard", status.guard() == null ? null : status.guard().word());
    node.put("reload", status.needsReload());
    node.put("onRequest", status.runsOnRequest());
    node.put("late", status.late());
    node.put("nextRun", text(status.next()));
    node.put("lastGoodRun", text(status.lastGood()));
    node.put("waitingFiles", status.waitingFiles());
    var backlog = status.backlog();
    if (backlog != null) {
      var oldest = backlog.oldest();
      node.put("lag", backlog.messages())
          .put("oldestMessage", oldest == null ? null : oldest.toString());
    }
    node.put("openRejects", status.openRejects());
    if (status.openRejects() != null) {
      node.put("openRejectsWithoutKey", status.rejectsWithoutKey());
    }
    node.put("calls", status.calls());
    node.put("dailyCalls", status.budget());
    put(node, status.job());
    var statusRow = status.statusRow();
    if (statusRow != null && status.state() == JobStatus.State.RUNNING) {
      node.put("run", statusRow.run());
      node.put("progress", statusRow.progress());
      node.put("slowBecause", statusRow.slowBecause());
    }
    var found = status.reconciled();
    if (found != null) {
      node.putObject("reconciled")
          .put("run", found.run())
          .put("at", found.at().toString())
          .put("same", found.same())
          .put("equal", found.equal())
          .put("different", found.different())
          .put("missing", found.missing())
          .put("extra", found.extra())
          .put("notComparable", found.notComparable())
          .put("extrasLookedFor", found.extrasLookedFor())
          .put("says", bundle.say(found.inWords()));
    }
    node.set("lastRun", status.last() == null ? JSON.nullNode() : tree(status.last()));
    return node;
  }

  private static void put(ObjectNode node, @Nullable Job job) {
    node.put("app", job == null ? null : job.app());
    node.put("baseUrl", job == null ? null : job.connection().baseUrl().toString());
    node.put("source", job == null ? null : job.source().name());
    var schedule = job == null ? null : job.schedule();
    node.put("schedule", schedule == null ? null : schedule.timing().written());
    node.put(
        "after",
        schedule != null && schedule.timing() instanceof Schedule.Following following
            ? following.job()
            : null);
  }

  public static ObjectNode tree(Report report) {
    try {
      return (ObjectNode) JSON.readTree(ReportJson.line(report));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report that cannot be read", e);
    }
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }
}
