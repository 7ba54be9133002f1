package dev.kintonesync.cli;

import dev.kintonesync.message.Catalogue;
import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Entry point of the {@code kintone-sync} command. */
@Command(
    name = "kintone-sync",
    resourceBundle = "dev.kintonesync.cli.help",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      ImportCommand.class,
      SimulateCommand.class,
    })
public final class Main implements Callable<Integer> {
  /** Wrong usage, configuration or permission; nothing was written. */
  static final int REFUSED = 2;

  /** Stopped before the end; run again to go on. */
  static final int STOPPED = 3;

  @Option(names = "--home", paramLabel = "DIR", scope = ScopeType.INHERIT)
  private @Nullable Path home;

  @Option(names = "--lang", paramLabel = "en|ja", scope = ScopeType.INHERIT)
  private @Nullable String language;

  @Option(names = "--verbose", scope = ScopeType.INHERIT)
  private boolean verbose;

  private Main() {}

  public static void main(String[] args) {
    Locale.setDefault(spoken(args));
    var program = new Main();
    int exitCode = commandLine(program).execute(args);
    System.exit(exitCode);
  }

  private static CommandLine commandLine(Main program) {
    var commandLine = new CommandLine(program);
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setParameterExceptionHandler(
        (failure, args) -> {
          program.terminal().say(Text.USAGE_WRONG.with(String.valueOf(failure.getMessage())));
          return REFUSED;
        });
    commandLine.setExecutionExceptionHandler(
        (failure, line, parsed) -> {
          if (failure instanceof RefusedException refused) {
            program.terminal().say(refused.reason());
          } else {
            program.terminal().say(Text.UNEXPECTED.with(failure, program.home().logs()));
          }
          if (program.verbose) {
            failure.printStackTrace(System.err);
          }
          return failure instanceof RefusedException ? REFUSED : STOPPED;
        });
    return commandLine;
  }

  /** The language of the help must be known before the options are. */
  private static Locale spoken(String[] args) {
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals("--lang") && i + 1 < args.length) {
        return Locale.forLanguageTag(args[i + 1]);
      } else if (args[i].startsWith("--lang=")) {
        return Locale.forLanguageTag(args[i].substring("--lang=".length()));
      }
    }
    return Locale.getDefault();
  }

  Home home() {
    return Home.of(home);
  }

  @Nullable String language() {
    return language;
  }

  boolean verbose() {
    return verbose;
  }

  /** A terminal in the language of the options or the computer, before properties are read. */
  Terminal terminal() {
    return terminal(Catalogue.of(Locale.getDefault()));
  }

  Terminal terminal(Catalogue catalogue) {
    // what the platform's own streams would print as question marks without a UTF-8 locale
    return new Terminal(
        new PrintStream(System.out, true, StandardCharsets.UTF_8),
        new PrintStream(System.err, true, StandardCharsets.UTF_8),
        catalogue);
  }

  /** Without a command: the help. */
  @Override
  public Integer call() {
    CommandLine.usage(this, System.out);
    return 0;
  }
}
