package dev.kintonesync.cli;

import dev.kintonesync.camel.KintoneSync;
import dev.kintonesync.journal.Standing;
import dev.kintonesync.journal.Standings;
import dev.kintonesync.message.Message;
import dev.kintonesync.message.RefusedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells all who open the journal how the jobs of this program stand, when that has changed. */
final class SaidStandings {
  private static final Logger log = LoggerFactory.getLogger(SaidStandings.class);

  private final KintoneSync application;
  private final Standings standings;
  private final Map<String, Message> waiting = new LinkedHashMap<>();
  private List<Standing> said = List.of();

  SaidStandings(KintoneSync application, Standings standings) {
    this.application = application;
    this.standings = standings;
  }

  /** A job does not run by itself in this program, for a reason. */
  void waits(String job, Message why) {
    waiting.put(job, why);
  }

  /** A job runs by itself in this program. */
  void runs(String job) {
    waiting.remove(job);
  }

  /** Says how all jobs stand now. That nobody hears it stops nothing. */
  void say() {
    var now = new ArrayList<>(application.standings());
    waiting.forEach((job, why) -> now.add(Standing.waiting(job, null, why)));
    if (now.equals(said)) {
      return;
    }
    try {
      standings.say(now);
      said = now;
    } catch (RefusedException e) {
      log.warn("how the jobs stand cannot be said: {}", e.getMessage());
    }
  }
}
