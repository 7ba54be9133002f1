package dev.kintonesync.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kintonesync.journal.ChangesFile;
import dev.kintonesync.journal.KeyHistory;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.sync.Report;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code history KEY}: what the kept runs did to one record. */
@Command(
    name = "history",
    customSynopsis = "kintone-sync history KEY [--job JOB | --app N]",
    sortOptions = false)
final class HistoryCommand implements Callable<Integer> {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  @ParentCommand private @Nullable Main main;

  @Parameters(arity = "0..1", paramLabel = "KEY")
  private @Nullable String key;

  @Option(names = "--job", paramLabel = "JOB")
  private @Nullable String job;

  @Option(names = "--app", paramLabel = "N")
  private @Nullable String app;

  @Option(names = "--json")
  private boolean json;

  @Override
  public Integer call() {
    var command = Program.command(main);
    String wanted = key;
    if (wanted == null) {
      throw new UserErrorException(MessageCode.HISTORY_USAGE.with());
    }
    var settings = Program.configure(command, Map.of()).settings();
    try (var journal = OpenedJournal.at(settings.journal(), command.terminal())) {
      var history = new KeyHistory(journal, settings.runs());
      var terminal = command.terminal();
      var all = JsonNodeFactory.instance.arrayNode();
      int[] found = {0};
      var extent =
          history.read(
              wanted,
              false,
              this::isAskedAbout,
              entry -> {
                found[0]++;
                if (json) {
                  add(all, entry);
                } else {
                  print(terminal, entry);
                }
                return true;
              });
      if (json) {
        terminal.text(all.toPrettyString());
      }
      terminal.say(MessageCode.HISTORY_READ.with(found[0], extent.runs(), settings.runs()));
      if (extent.unindexed() > 0) {
        terminal.say(MessageCode.HISTORY_UNINDEXED.with(extent.unindexed()));
      }
      return 0;
    }
  }

  private boolean isAskedAbout(Report run) {
    return (job == null || job.equals(run.job())) && (app == null || app.equals(run.app()));
  }

  private static void add(ArrayNode all, KeyHistory.Entry entry) {
    var run = entry.run();
    var change = entry.change();
    var one = all.addObject();
    one.put("run", run.run());
    one.put("job", run.job());
    one.put("app", run.app());
    one.put("source", run.source());
    one.put("startedAt", run.startedAt().toString());
    one.put("outcome", ChangesFile.outcome(change));
    for (String name : new String[] {"key", "id", "row", "overEdit", "fields"}) {
      one.set(name, change.get(name));
    }
  }

  private static void print(Terminal terminal, KeyHistory.Entry entry) {
    var run = entry.run();
    var change = entry.change();
    var outcome =
        switch (ChangesFile.outcome(change)) {
          case "inserted" -> MessageCode.HISTORY_INSERTED;
          case "deleted" -> MessageCode.HISTORY_DELETED;
          case "flagged" -> MessageCode.HISTORY_FLAGGED;
          default -> MessageCode.HISTORY_UPDATED;
        };
    String id = change.path("id").asText("-");
    terminal.result(
        outcome.with(
            TIME.format(run.startedAt().atZone(ZoneId.systemDefault())),
            change.path("key").asText(),
            id,
            run.run()));
    if (change.has("row")) {
      terminal.detail(
          MessageCode.HISTORY_SOURCE.with(run.sourceInWords(), change.get("row").asLong()));
    }
    String person = change.path("overEdit").asText(null);
    if (person != null) {
      terminal.detail(MessageCode.HISTORY_OVER_EDIT.with(person));
    }
    for (var field : change.path("fields").properties()) {
      var values = field.getValue();
      if (!field.getKey().startsWith("$")) {
        terminal.detail(
            MessageCode.PLAN_VALUE.with(
                field.getKey(),
                ShownValue.onOneLine(ChangesFile.before(change, values)),
                ShownValue.onOneLine(values.path("after"), values.path("before"))));
      }
    }
  }
}
