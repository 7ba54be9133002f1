package dev.kintonesync.cli;

import dev.kintonesync.journal.JournalCopy;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code journal copy}: takes the run history in {@code journal/} over to PostgreSQL. */
@Command(name = "journal", customSynopsis = "kintone-sync journal copy", sortOptions = false)
final class JournalCommand implements Callable<Integer> {
  private static final String COPY = "copy";

  @ParentCommand private @Nullable Main main;

  @Parameters(arity = "0..1", paramLabel = "copy")
  private @Nullable String word;

  @Override
  public Integer call() {
    var command = Program.command(main);
    var target = Program.configure(command, Map.of()).settings().journal();
    if (!COPY.equals(word)) {
      throw new UserErrorException(MessageCode.JOURNAL_USAGE.with());
    }
    if (target.url() == null) {
      throw new UserErrorException(MessageCode.JOURNAL_COPY_WITHOUT_URL.with());
    }
    var counts = new JournalCopy(target).copy();
    int all = counts.values().stream().mapToInt(Integer::intValue).sum();
    command
        .terminal()
        .result(
            MessageCode.JOURNAL_COPIED.with(
                counts.getOrDefault("run", 0),
                counts.getOrDefault("checkpoint", 0),
                counts.getOrDefault("open_reject", 0),
                all,
                target,
                target.folder()));
    return 0;
  }
}
