package dev.kintonesync.cli;

import static java.util.stream.Collectors.joining;

import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.ReportJson;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunFold;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code runs}: what has run; {@code runs show RUN}: one of them in full. */
@Command(
    name = "runs",
    customSynopsis = "kintone-sync runs [JOB] | runs show RUN",
    sortOptions = false)
final class RunsCommand implements Callable<Integer> {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
  private static final String SHOW = "show";
  private static final int SHOWN = 20;

  /** Runs that changed nothing are folded, so more of them are read than lines are shown. */
  private static final int LOOKED_AT = 2000;

  @ParentCommand private @Nullable Main main;

  @Parameters(arity = "0..2", paramLabel = "JOB")
  private List<String> words = JobOptions.none();

  @Option(names = "--json")
  private boolean json;

  @Override
  public Integer call() {
    var command = Program.command(main);
    var configuration = Program.configure(command, Map.of());
    try (var journal = OpenedJournal.at(configuration.settings().journal(), command.terminal())) {
      if (!words.isEmpty() && words.get(0).equals(SHOW)) {
        if (words.size() != 2) {
          throw new UserErrorException(MessageCode.RUNS_USAGE.with());
        }
        String name = words.get(1);
        var run =
            journal
                .run(name)
                .orElseThrow(() -> new UserErrorException(MessageCode.NO_SUCH_RUN.with(name)));
        show(command.terminal(), run, journal.runMessages().of(name));
      } else if (words.size() == 2) {
        throw new UserErrorException(MessageCode.RUNS_USAGE.with());
      } else {
        int most = json ? SHOWN : LOOKED_AT;
        var runs = words.isEmpty() ? journal.runs(most) : journal.runs(words.get(0), most);
        if (!words.isEmpty() && runs.isEmpty()) {
          configuration.refuseUnlessNamed(words.get(0));
        }
        list(command.terminal(), journal, runs);
      }
      return 0;
    }
  }

  private void list(Terminal terminal, Journal journal, List<Report> runs) {
    if (json) {
      terminal.text(runs.stream().map(ReportJson::line).collect(joining(",\n", "[", "]")));
      return;
    }
    for (RunFold fold : RunFold.of(runs, SHOWN)) {
      terminal.result(line(fold));
      if (fold.newest().reason() != null) {
        terminal.detail(reason(journal, fold.newest()));
      }
    }
    if (runs.isEmpty()) {
      terminal.say(MessageCode.NO_RUNS.with());
    }
  }

  private static UserMessage line(RunFold fold) {
    Report run = fold.newest();
    UserMessage counts =
        fold.times() == 1
            ? run.inWords()
            : MessageCode.RUNS_FOLDED.with(fold.times(), time(fold.since()), run.inWords());
    return MessageCode.RUN_LINE.with(run.run(), state(run), counts, run.sourceInWords());
  }

  /** In the person's language where it was kept, else in English. */
  static UserMessage reason(Journal journal, Report run) {
    var said = journal.runMessages().of(run.run());
    return said.isEmpty() ? MessageCode.RUN_REASON.with(String.valueOf(run.reason())) : said.get(0);
  }

  private void show(Terminal terminal, Report run, List<UserMessage> remarks) {
    if (json) {
      terminal.text(ReportJson.pretty(run).strip());
      return;
    }
    var requests = run.requests();
    terminal.result(
        MessageCode.RUN_SHOWN.with(
            run.run(), run.job(), run.app(), run.mode(), run.sourceInWords(), state(run)));
    terminal.detail(MessageCode.RUN_TIMES.with(time(run.startedAt()), time(run.finishedAt())));
    if (run.startedBy() != null) {
      terminal.detail(MessageCode.RUN_STARTED_BY.with(run.startedBy().inWords()));
    }
    terminal.detail(run.inWords());
    if (!run.isComparison()) {
      var besides = run.dry() ? MessageCode.RUN_BESIDES_DRY : MessageCode.RUN_BESIDES;
      terminal.detail(
          besides.with(
              run.missing(),
              run.removals().deleted(),
              run.removals().flagged(),
              run.conflicts(),
              run.overEdits(),
              run.retried(),
              run.open()));
    }
    terminal.detail(
        MessageCode.RUN_REQUESTS.with(
            requests.counted(),
            requests.keyLookups(),
            requests.posts(),
            requests.puts(),
            requests.deletes(),
            requests.retries()));
    if (remarks.isEmpty()) {
      remarksOfReport(terminal, run);
    }
    remarks.forEach(remark -> terminal.detail(MessageCode.RUN_REASON.with(remark)));
    if (run.rejectsFile() != null) {
      terminal.detail(MessageCode.REJECTS_ARE_IN.with(run.rejectsFile()));
    }
    if (run.changesFile() != null) {
      terminal.detail(MessageCode.RUN_CHANGES.with(run.changesFile()));
    }
  }

  /** A report has its remarks in English alone; it is all there is of a run by another program. */
  private static void remarksOfReport(Terminal terminal, Report run) {
    if (run.reason() != null) {
      terminal.detail(MessageCode.RUN_REASON.with(run.reason()));
    }
    if (run.understood() != null) {
      terminal.detail(MessageCode.RUN_REASON.with(run.understood()));
    }
    run.remarks().forEach(remark -> terminal.detail(MessageCode.RUN_REASON.with(remark)));
  }

  /** How it ended; a comparison and a dry run are marked. */
  private static Object state(Report run) {
    Object word = StatusCommand.words(run.state());
    if (run.isComparison()) {
      return MessageCode.RUN_COMPARES.with(word);
    }
    return run.dry() ? MessageCode.RUN_DRY.with(word) : word;
  }

  private static String time(@Nullable Instant instant) {
    return instant == null ? "..." : TIME.format(instant.atZone(ZoneId.systemDefault()));
  }
}
