package dev.kintonesync.setup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.camel.JobRunner;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.form.Field;
import dev.kintonesync.form.Form;
import dev.kintonesync.journal.ChangesFile;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.RunOptions;
import dev.kintonesync.settings.Source;
import dev.kintonesync.sync.Reject;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plans of drafts, one at a time, in the background; of each draft the last one is kept. */
final class PlanRuns {
  /** So many rows are planned at the most. */
  static final long ROWS = 1000;

  private static final Logger log = LoggerFactory.getLogger(PlanRuns.class);
  private static final int SHOWN = 20;
  private static final int MOST_WAITING = 10;

  private final Supplier<JobRunner> runner;
  private final Map<String, Plan> plans = new ConcurrentHashMap<>();
  private final ThreadPoolExecutor planning =
      new ThreadPoolExecutor(
          1,
          1,
          1,
          TimeUnit.MINUTES,
          new ArrayBlockingQueue<>(MOST_WAITING),
          work -> {
            var thread = new Thread(work, "plans-of-drafts");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * A plan that was asked for.
   *
   * @param version of the draft
   * @param done null: not yet
   * @param failure why there is none
   */
  private record Plan(int version, @Nullable Done done, @Nullable UserMessage failure) {}

  private record Done(RunResult run, PlanReport report) {}

  PlanRuns(Supplier<JobRunner> runner) {
    this.runner = runner;
    planning.allowCoreThreadTimeOut(true);
  }

  /**
   * Starts a plan, unless one of this version is under way.
   *
   * @throws UserErrorException when too many wait
   */
  void start(Draft draft, Job job) {
    var before = plans.get(draft.id());
    if (before != null
        && before.version() == draft.version()
        && before.done() == null
        && before.failure() == null) {
      return;
    }
    var asked = new Plan(draft.version(), null, null);
    plans.put(draft.id(), asked);
    try {
      planning.execute(() -> plan(draft.id(), asked, job));
    } catch (RejectedExecutionException e) {
      plans.remove(draft.id(), asked);
      throw new UserErrorException(MessageCode.SETUP_TOO_MANY_PLANS.with(), e);
    }
  }

  private void plan(String id, Plan asked, Job job) {
    Plan ended;
    try {
      var options = new RunOptions(false, ROWS, Set.of(), null);
      var runs = runner.get().plan(job.with(options));
      var run = runs.get(0);
      var report = PlanReport.of(run, SHOWN);
      runs.forEach(runner.get()::forget);
      removeRejects(job, run);
      ended = new Plan(asked.version(), new Done(run, report), null);
    } catch (UserErrorException e) {
      ended = new Plan(asked.version(), null, e.reason());
    } catch (RuntimeException e) {
      log.error("the plan of a draft failed", e);
      ended = new Plan(asked.version(), null, MessageCode.RUN_FAILED.with(String.valueOf(e)));
    }
    plans.replace(id, asked, ended);
  }

  /** Those beside a file that waits in a folder of a user's would puzzle people. */
  private static void removeRejects(Job job, RunResult run) {
    String rejects = run.report().rejectsFile();
    if (rejects != null && !(job.source() instanceof Source.Folder)) {
      var file = Path.of(rejects).toFile();
      if (!file.delete()) {
        log.debug("{} stays", file);
      }
    }
  }

  /** The draft is over. */
  void forget(String draft) {
    plans.remove(draft);
  }

  /** How the plan of a draft stands. */
  ObjectNode view(Draft draft, MessageBundle bundle) {
    var plan = plans.get(draft.id());
    var view = SetupJson.object();
    if (plan == null) {
      return view.put("state", "none");
    }
    view.put("outdated", plan.version() != draft.version());
    var failure = plan.failure();
    var done = plan.done();
    if (failure != null) {
      return view.put("state", "failed").put("message", bundle.say(failure));
    }
    if (done == null) {
      return view.put("state", "running");
    }
    return done(view, done, bundle);
  }

  private static ObjectNode done(ObjectNode view, Done done, MessageBundle bundle) {
    var report = done.run().report();
    var reason = done.run().reason();
    view.put("state", done.run().early() ? "failed" : "done");
    view.put("message", bundle.say(reason == null ? done.run().counts() : reason));
    view.put("limited", report.counts().read() >= ROWS);
    view.putObject("counts")
        .put("read", report.counts().read())
        .put("inserted", report.counts().inserted())
        .put("updated", report.counts().updated())
        .put("unchanged", report.counts().unchanged())
        .put("superseded", report.counts().superseded())
        .put("rejected", report.counts().rejected())
        .put("deleted", report.missing());
    var rejects = view.putArray("rejects");
    for (Reject reject : done.run().firstRejects().stream().limit(SHOWN).toList()) {
      rejects
          .addObject()
          .put("row", reject.number())
          .put("key", reject.key())
          .put("reason", words(reject, done.run().form(), bundle));
    }
    var changes = view.putArray("changes");
    Form form = done.run().form();
    for (JsonNode change : done.report().changes()) {
      var each =
          changes
              .addObject()
              .put("outcome", ChangesFile.outcome(change))
              .put("key", change.path("key").asText())
              .put("record", change.path("id").isValueNode() ? change.path("id").asText() : null);
      var fields = each.putArray("fields");
      change
          .path("fields")
          .properties()
          .forEach(
              field ->
                  fields
                      .addObject()
                      .put("code", field.getKey())
                      .put("label", label(form, field.getKey()))
                      .put("before", SetupJson.shown(field.getValue().path("before")))
                      .put("after", SetupJson.shown(field.getValue().path("after"))));
    }
    view.set("remarks", SetupJson.sentences(done.run().remarks(), bundle));
    return view;
  }

  /** Names the field, unless the sentence does. */
  private static String words(Reject reject, @Nullable Form form, MessageBundle bundle) {
    String sentence = bundle.say(reject.reason());
    String code = reject.field();
    if (code == null || sentence.contains(code)) {
      return sentence;
    }
    return bundle.say(MessageCode.VALUE_UNFIT.with(label(form, code), sentence));
  }

  private static String label(@Nullable Form form, String code) {
    Field field = form == null ? null : form.field(code);
    return field == null || field.label().isEmpty() ? code : field.label();
  }
}
