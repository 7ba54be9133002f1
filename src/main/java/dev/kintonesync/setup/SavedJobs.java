package dev.kintonesync.setup;

import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.NewJob;
import dev.kintonesync.settings.PropertiesText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The jobs of {@code application.properties}: what becomes of a draft, and what is done to one. */
final class SavedJobs {
  private static final String WRITE = "write";

  private final JobSetup.Home home;
  private final Drafts drafts;

  SavedJobs(JobSetup.Home home, Drafts drafts) {
    this.home = home;
    this.drafts = drafts;
  }

  private PropertiesText text() {
    return PropertiesText.ofJobs(home.path());
  }

  /** The lines of a draft as they would stand in the file. */
  String block(Draft draft, MessageBundle bundle) {
    String job = draft.job();
    if (job == null) {
      return newBlock(draft, bundle).text() + "\n";
    }
    return text().withJob(job, draft.properties()).linesOfJob(job);
  }

  /** In the order of the reference; it writes nothing until somebody starts it. */
  private static NewJob newBlock(Draft draft, MessageBundle bundle) {
    var block = new NewJob(draft.name());
    String app = draft.properties().getOrDefault("app", "?");
    block.comment(bundle.say(MessageCode.SETUP_HEAD.with(app)));
    var order = Configuration.propertiesOfJob();
    var names = new ArrayList<>(draft.properties().keySet());
    names.sort(Comparator.comparingInt(order::indexOf));
    names.remove(WRITE);
    names.forEach(name -> block.with(name, String.valueOf(draft.properties().get(name))));
    return block.with(WRITE, "false");
  }

  /**
   * Puts a draft into the file, and its secrets into theirs; the draft is over.
   *
   * @param force although somebody has changed the job meanwhile; a new job never takes the place
   *     of one that there is by now
   * @return the name of the job
   * @throws JobChangedException when somebody has
   */
  String save(Draft draft, boolean force, MessageBundle bundle) {
    synchronized (drafts) {
      var before = text();
      String name = draft.name();
      String now = before.linesOfJob(name);
      boolean isNew = draft.job() == null;
      if ((isNew || !force) && !now.equals(draft.before())) {
        throw new JobChangedException(name, block(draft, bundle), now);
      }
      var secrets = new LinkedHashMap<String, @Nullable String>();
      drafts
          .secrets(draft.id())
          .forEach((property, value) -> secrets.put("job." + name + "." + property, value));
      if (!secrets.isEmpty()) {
        PropertiesText.ofSecrets(home.path()).with(secrets).write(false);
      }
      var after =
          isNew
              ? before.withBlock(newBlock(draft, bundle))
              : before.withJob(name, draft.properties());
      after.write(true);
      drafts.remove(draft.id());
      return name;
    }
  }

  /** The lines of a job. */
  String lines(String job) {
    return text().linesOfJob(job);
  }

  /** Lets a job write, or only plan. */
  void writes(String job, boolean writes) {
    synchronized (drafts) {
      var text = required(job);
      var change = new LinkedHashMap<String, @Nullable String>();
      change.put("job." + job + "." + WRITE, writes ? null : "false");
      text.with(change).write(true);
    }
  }

  /** Removes the lines of a job, and its secrets where that is asked for. */
  void remove(String job, boolean secrets) {
    synchronized (drafts) {
      required(job).withJob(job, Map.of()).write(true);
      var kept = PropertiesText.ofSecrets(home.path());
      if (secrets && !kept.ofJob(job).isEmpty()) {
        kept.withJob(job, Map.of()).write(false);
      }
    }
  }

  private PropertiesText required(String job) {
    var text = text();
    if (text.ofJob(job).isEmpty()) {
      throw new UserErrorException(MessageCode.SETUP_NO_JOB.with(job));
    }
    return text;
  }

  /** The names of all jobs. */
  List<String> names() {
    return text().jobs();
  }
}
