package dev.kintonesync.journal;

import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.sync.Report;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets runs that ended long ago: their rows in the journal together with their folders. The
 * newest run of every job stays, and runs with rejected rows stay while the job has open ones. So
 * do runs that only a clock makes old which has leapt, see {@link AgeLimit}.
 *
 * <p>A folder goes first and its row second, so that a kill in between leaves nothing behind that
 * the next time does not find.
 */
public final class OldRuns {
  private static final Logger log = LoggerFactory.getLogger(OldRuns.class);
  private static final Duration DAY = Duration.ofDays(1);

  /** The name that {@link RunFolder#create} gives. */
  private static final Pattern NAME = Pattern.compile("(\\d{8}-\\d{6})-(.+)");

  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  private final Journal journal;
  private final Path runs;
  private final PublishedRejects published;
  private final Duration keep;
  private Instant due = Instant.MIN;

  /**
   * The old runs of an installation.
   *
   * @param runs the folder of all runs; it need not be there
   * @param published the rejects files that go with their runs
   * @param keep how long a run is kept from its start on
   */
  public OldRuns(Journal journal, Path runs, PublishedRejects published, Duration keep) {
    this.journal = journal;
    this.runs = runs;
    this.published = published;
    this.keep = keep;
  }

  /**
   * Forgets what has become old, at the first call and then when a day has passed. What cannot be
   * deleted now stays for the next day and is no reason to stop: it goes to the log.
   */
  public void forgetDaily(Instant now) {
    if (now.isBefore(due)) {
      return;
    }
    due = now.plus(DAY);
    try {
      forget(journal.ageLimit().at(now, keep));
    } catch (IOException | UserErrorException e) {
      log.warn("old runs in {} cannot be forgotten", runs, e);
    }
  }

  /** Forgets one run that has ended. */
  public static void forget(Journal journal, Path runs, String run) {
    if (deleted(runs.resolve(run))) {
      journal.forget(run);
    }
  }

  /** Deletes the files of a run that the journal goes on to know: its folder, and its rejects. */
  public static void deleteFiles(Path runs, PublishedRejects published, Report run) {
    Path folder = runs.resolve(run.run());
    published.delete(run, folder);
    deleted(folder);
  }

  private void forget(Instant before) throws IOException {
    int forgotten = 0;
    var open = journal.openRejects().counts();
    for (String run : journal.old(before)) {
      var report = journal.run(run).filter(rejecting -> rejecting.counts().rejected() > 0);
      if (report.filter(rejecting -> open.containsKey(rejecting.job())).isPresent()) {
        continue; // the newest run may have been refused before it counted what is open
      }
      report.ifPresent(rejecting -> published.delete(rejecting, runs.resolve(run)));
      if (deleted(runs.resolve(run))) {
        journal.forget(run);
        forgotten++;
      }
    }
    for (Path folder : unknown(before)) {
      forgotten += deleted(folder) ? 1 : 0;
    }
    journal.tidy(before);
    if (forgotten > 0) {
      log.info("{} runs before {} are forgotten", forgotten, before);
    }
  }

  /**
   * Old folders of runs that this journal never knew, because an earlier one was moved away; but
   * not the last one of each job.
   */
  private List<Path> unknown(Instant before) throws IOException {
    String limit = STAMP.format(LocalDateTime.ofInstant(before, ZoneId.systemDefault()));
    var seen = new HashSet<String>();
    var unknown = new ArrayList<Path>();
    for (String run : newestFirst()) {
      Matcher name = NAME.matcher(run);
      // there may be thousands, and nearly all are neither the last of their job nor old
      boolean last = name.matches() && !seen.contains(name.group(2));
      boolean old = name.matches() && name.group(1).compareTo(limit) < 0;
      Path folder = runs.resolve(run);
      if ((last || old) && Files.isDirectory(folder)) {
        seen.add(name.group(2));
        if (!last && journal.run(run).isEmpty()) {
          unknown.add(folder);
        }
      }
    }
    return unknown;
  }

  private List<String> newestFirst() throws IOException {
    try (var files = Files.list(runs)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .sorted(Comparator.reverseOrder())
          .toList();
    } catch (NoSuchFileException none) {
      return List.of();
    }
  }

  /** Whether the folder is gone. What somebody has open on Windows stays for another day. */
  private static boolean deleted(Path folder) {
    if (!Files.isDirectory(folder)) {
      return true;
    }
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
      return true;
    } catch (IOException | UncheckedIOException e) {
      log.warn("{} cannot be deleted", folder, e);
      return false;
    }
  }
}
