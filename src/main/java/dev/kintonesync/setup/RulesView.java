package dev.kintonesync.setup;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Schedule;
import dev.kintonesync.sync.Guards;
import dev.kintonesync.sync.Mode;
import dev.kintonesync.sync.Removal;
import dev.kintonesync.sync.Rules;
import dev.kintonesync.sync.Threshold;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the rules of a job would do to its app as it is now, and when. */
public final class RulesView {
  private static final int TIMES = 5;

  private RulesView() {}

  /**
   * The view.
   *
   * @param records how many records the app has; null: not known
   * @param inScope how many of them a mirror looks at; null: not known
   */
  static ObjectNode of(
      Job job, @Nullable Long records, @Nullable Long inScope, Instant now, MessageBundle bundle) {
    var view = SetupJson.object().put("records", records);
    view.set("effects", SetupJson.sentences(effects(job, records, inScope), bundle));
    var schedule = job.schedule();
    view.put("when", bundle.say(when(job)));
    view.put("zone", schedule == null ? null : schedule.zone().getId());
    var next = view.putArray("next");
    if (schedule != null) {
      Instant time = now;
      for (int i = 0; i < TIMES; i++) {
        time = schedule.after(time);
        if (time.equals(Instant.MAX)) {
          break;
        }
        next.add(time.toString());
      }
    }
    return view;
  }

  private static List<UserMessage> effects(
      Job job, @Nullable Long records, @Nullable Long inScope) {
    var rules = job.rules();
    var effects = new ArrayList<UserMessage>();
    if (records != null) {
      effects.add(MessageCode.SETUP_RECORDS.with(records));
    }
    String key = String.valueOf(job.updateKey());
    effects.add(
        switch (rules.mode()) {
          case UPSERT, MIRROR -> MessageCode.SETUP_UPSERTS.with(key);
          case INSERT -> MessageCode.SETUP_INSERTS.with(key);
          case UPDATE -> MessageCode.SETUP_UPDATES.with(key);
        });
    effects.add(
        (rules.empty() == Rules.Empty.KEEP
                ? MessageCode.SETUP_EMPTY_KEEPS
                : MessageCode.SETUP_EMPTY_CLEARS)
            .with());
    if (rules.mode() == Mode.MIRROR) {
      effects.add(removal(rules, inScope));
      if (rules.removal().action() != Removal.Action.REPORT) {
        effects.add(
            guard(
                MessageCode.SETUP_MAX_MISSING, rules.maxMissing(), inScope, Guards.LEAST_MISSING));
        effects.add(MessageCode.SETUP_FIRST_MIRROR.with());
      }
    } else {
      effects.add(MessageCode.SETUP_REMOVES_NOTHING.with());
    }
    if (!job.bounds().guards().maxRejected().isNever()) {
      effects.add(MessageCode.SETUP_MAX_REJECTED.with(job.bounds().guards().maxRejected()));
    }
    if (!job.bounds().guards().maxUpdated().isNever()) {
      effects.add(MessageCode.SETUP_MAX_UPDATED.with(job.bounds().guards().maxUpdated()));
    }
    if (job.bounds().approval()) {
      effects.add(MessageCode.SETUP_APPROVAL.with());
    } else if (!job.options().writes()) {
      effects.add(MessageCode.SETUP_NOT_STARTED.with());
    }
    return effects;
  }

  private static UserMessage removal(Rules rules, @Nullable Long inScope) {
    String records = inScope == null ? "?" : String.valueOf(inScope);
    return switch (rules.removal().action()) {
      case DELETE -> MessageCode.SETUP_MIRROR_DELETES.with(records);
      case SET ->
          MessageCode.SETUP_MIRROR_SETS.with(
              records,
              String.valueOf(rules.removal().field()),
              String.valueOf(rules.removal().value()));
      case REPORT -> MessageCode.SETUP_MIRROR_REPORTS.with(records);
    };
  }

  private static UserMessage guard(
      MessageCode sentence, Threshold threshold, @Nullable Long all, long least) {
    String bearable =
        threshold.isNever() || all == null ? "-" : String.valueOf(threshold.of(all, least));
    return sentence.with(threshold, bearable);
  }

  private static UserMessage when(Job job) {
    var schedule = job.schedule();
    return schedule == null || schedule.timing() instanceof Schedule.Following
        ? occasion(job)
        : MessageCode.SETUP_SCHEDULED.with(schedule.timing().written(), schedule.zone());
  }

  /** When a job runs that has no times of its own. */
  public static UserMessage occasion(Job job) {
    var schedule = job.schedule();
    if (schedule != null && schedule.timing() instanceof Schedule.Following following) {
      return MessageCode.CHECK_FOLLOWS.with(following.job());
    } else if (job.source().folder() != null) {
      return MessageCode.CHECK_WATCHED.with();
    }
    return job.runsByItself()
        ? MessageCode.CHECK_FOLLOWED.with()
        : MessageCode.CHECK_ON_REQUEST.with(job.name());
  }
}
