package dev.kintonesync.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code help}: the same as {@code --help}, of the program or of one command. */
@Command(name = "help", customSynopsis = "kintone-sync help [COMMAND]", sortOptions = false)
final class HelpCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Main main;

  @Parameters(arity = "0..1", paramLabel = "COMMAND")
  private @Nullable String command;

  @Spec private CommandLine.Model.@Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if (spec == null) {
      throw new IllegalStateException("not called by picocli");
    }
    CommandLine program = spec.parent().commandLine();
    CommandLine explained = command == null ? program : program.getSubcommands().get(command);
    if (explained == null) {
      throw new CommandLine.UnmatchedArgumentException(program, List.of(String.valueOf(command)));
    }
    explained.usage(Program.command(main).terminal().out());
    return 0;
  }
}
