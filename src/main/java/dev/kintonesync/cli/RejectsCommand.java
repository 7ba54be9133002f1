package dev.kintonesync.cli;

import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.OpenReject;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.sync.Report;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code rejects}: the rejected rows that later runs try again. */
@Command(
    name = "rejects",
    customSynopsis = "kintone-sync rejects [JOB] | rejects dismiss JOB KEY",
    sortOptions = false)
final class RejectsCommand implements Callable<Integer> {
  private static final DateTimeFormatter SINCE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");
  private static final String DISMISS = "dismiss";

  @ParentCommand private @Nullable Main main;

  @Parameters(arity = "0..3", paramLabel = "JOB")
  private List<String> words = JobOptions.none();

  @Override
  public Integer call() {
    var command = Program.command(main);
    var configuration = Program.configure(command, Map.of());
    try (var journal = OpenedJournal.at(configuration.settings().journal(), command.terminal())) {
      if (!words.isEmpty() && words.get(0).equals(DISMISS)) {
        return dismiss(command.terminal(), journal);
      }
      if (words.size() > 1) {
        throw new UserErrorException(MessageCode.REJECTS_USAGE.with());
      }
      if (!words.isEmpty() && isUnheardOf(journal, words.get(0))) {
        configuration.refuseUnlessNamed(words.get(0));
      }
      return words.isEmpty()
          ? overview(command.terminal(), journal)
          : list(command.terminal(), journal, words.get(0));
    }
  }

  private static boolean isUnheardOf(Journal journal, String job) {
    return journal.runs(job, 1).isEmpty() && journal.openRejects().of(job, 1).isEmpty();
  }

  private static int overview(Terminal terminal, Journal journal) {
    var byJob = new LinkedHashMap<String, Integer>();
    journal.openRejects().all().forEach(reject -> byJob.merge(reject.job(), 1, Integer::sum));
    var withoutKey = journal.openRejects().countsWithoutKey();
    byJob.forEach(
        (job, count) -> {
          terminal.result(MessageCode.REJECTS_OF_JOB.with(job, count));
          int unread = withoutKey.getOrDefault(job, 0);
          if (unread > 0) {
            terminal.detail(MessageCode.OPEN_REJECTS_WITHOUT_KEY.with(unread));
          }
        });
    if (byJob.isEmpty()) {
      terminal.say(MessageCode.NO_OPEN_REJECTS.with());
    }
    return 0;
  }

  private static int list(Terminal terminal, Journal journal, String job) {
    var open = journal.openRejects().of(job);
    open.forEach(reject -> show(terminal, journal, reject));
    if (open.isEmpty()) {
      terminal.say(MessageCode.NO_OPEN_REJECTS_OF.with(job));
    }
    return 0;
  }

  private static void show(Terminal terminal, Journal journal, OpenReject reject) {
    terminal.result(
        MessageCode.OPEN_REJECT.with(
            reject.id(),
            SINCE.format(reject.since().atZone(ZoneId.systemDefault())),
            reject.tried(),
            reject.reason()));
    if (reject.row() > 0) {
      String file = journal.run(reject.run()).map(Report::source).orElse(reject.run());
      terminal.detail(MessageCode.OPEN_REJECT_ROW.with(reject.row(), file));
    }
    if (reject.key() == null) {
      var closed =
          reject.row() > 0
              ? MessageCode.OPEN_REJECT_WITHOUT_KEY_OF_FILE
              : MessageCode.OPEN_REJECT_WITHOUT_KEY;
      terminal.detail(closed.with(reject.job(), reject.id()));
    }
    reject
        .values()
        .forEach(
            (column, value) ->
                terminal.detail(
                    MessageCode.PLAN_NEW_VALUE.with(column, value == null ? "-" : value)));
  }

  private int dismiss(Terminal terminal, Journal journal) {
    if (words.size() != 3) {
      throw new UserErrorException(MessageCode.REJECTS_USAGE.with());
    }
    String job = words.get(1);
    String id = words.get(2);
    if (!journal.openRejects().dismiss(job, id)) {
      throw new UserErrorException(MessageCode.NO_SUCH_OPEN_REJECT.with(job, id));
    }
    terminal.say(MessageCode.REJECT_DISMISSED.with(job, id));
    return 0;
  }
}
