package dev.kintonesync.cli;

import dev.kintonesync.journal.LeasedException;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code kintone-sync} command. {@link Start} is its entry point. */
@Command(
    name = "kintone-sync",
    customSynopsis = "kintone-sync COMMAND [OPTION...]",
    versionProvider = Version.class,
    addMethodSubcommands = false, // looking for some takes its time
    sortOptions = false)
public final class Main implements Callable<Integer> {
  /** Wrong usage, configuration or permission; nothing was written. */
  static final int REFUSED = 2;

  /** Stopped before the end; run again to go on. */
  static final int STOPPED = 3;

  private static final int OPTIONS_WIDTH = 28;

  /** All commands. */
  private static final Map<String, Class<?>> COMMANDS =
      Map.ofEntries(
          Map.entry("apply", ApplyCommand.class),
          Map.entry("check", CheckCommand.class),
          Map.entry("demo", DemoCommand.class),
          Map.entry("history", HistoryCommand.class),
          Map.entry("import", ImportCommand.class),
          Map.entry("init", InitCommand.class),
          Map.entry("journal", JournalCommand.class),
          Map.entry("plan", PlanCommand.class),
          Map.entry("reconcile", ReconcileCommand.class),
          Map.entry("rejects", RejectsCommand.class),
          Map.entry("reload", ReloadCommand.class),
          Map.entry("retry", RetryCommand.class),
          Map.entry("run", RunCommand.class),
          Map.entry("runs", RunsCommand.class),
          Map.entry("setup", SetupCommand.class),
          Map.entry("simulate", SimulateCommand.class),
          Map.entry("status", StatusCommand.class),
          Map.entry("undo", UndoCommand.class));

  @Option(names = "--home", paramLabel = "DIR", scope = ScopeType.INHERIT, order = 101)
  private @Nullable Path home;

  @Option(names = "--lang", paramLabel = "en|ja", scope = ScopeType.INHERIT, order = 102)
  private @Nullable String language;

  @Option(names = "--verbose", scope = ScopeType.INHERIT, order = 103)
  private boolean verbose;

  @SuppressWarnings("UnusedVariable") // picocli acts on it
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      order = 104)
  private boolean help;

  @SuppressWarnings("UnusedVariable") // picocli acts on it
  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      order = 105)
  private boolean version;

  @Spec private @Nullable CommandSpec spec;

  private final Map<String, String> environment;
  private final Terminal terminal;

  private Main(Map<String, String> environment, Terminal terminal) {
    this.environment = environment;
    this.terminal = terminal;
  }

  public static void main(String[] args) {
    System.exit(
        run(args, System.getenv(), System.out, System.err, Terminal.columnsOfThisProcess()));
  }

  /**
   * Runs one command to its end.
   *
   * @param environment the variables it sees
   * @param out gets results, in UTF-8
   * @param err gets what is said to a person besides, in UTF-8
   * @param columns how wide the terminal is that shows {@code err}; 0 where nobody watches
   * @return the exit code
   */
  static int run(
      String[] args,
      Map<String, String> environment,
      OutputStream out,
      OutputStream err,
      int columns) {
    Locale locale = spoken(args);
    // what the platform's own streams would print as question marks without a UTF-8 locale
    var terminal =
        new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            MessageBundle.of(locale),
            columns);
    // to learn of all commands takes longer than many a run of one; where the first word is none,
    // the help and what is said of a wrong word need them all
    String first = args.length == 0 ? "" : args[0];
    var commands = COMMANDS.containsKey(first) ? List.of(first) : allCommands();
    return commandLine(new Main(environment, terminal), commands, locale).execute(args);
  }

  /** The parser of the command line in English, for what is made of it: manual and completion. */
  public static CommandLine parser() {
    return parser(Locale.ENGLISH);
  }

  /** The same, with its help in the language of the locale. */
  static CommandLine parser(Locale locale) {
    var out = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    var terminal = new Terminal(out, out, MessageBundle.of(locale), 0);
    return commandLine(new Main(Map.of(), terminal), allCommands(), locale);
  }

  private static List<String> allCommands() {
    return COMMANDS.keySet().stream().sorted().toList();
  }

  /** The parser of the command line, with its help in the language of the locale. */
  private static CommandLine commandLine(Main program, List<String> commands, Locale locale) {
    var commandLine = new CommandLine(program);
    commands.forEach(command -> commandLine.addSubcommand(COMMANDS.get(command)));
    commandLine.addSubcommand(new HelpCommand());
    commandLine.setResourceBundle(help(locale));
    commandLine.setUsageHelpLongOptionsMaxWidth(OPTIONS_WIDTH);
    commandLine.setExpandAtFiles(false); // a file may be called @customers.csv
    commandLine.setOut(program.terminal.out());
    commandLine.setErr(program.terminal.err());
    commandLine.setParameterExceptionHandler(
        (failure, args) -> {
          program.terminal.say(WrongUsage.of(failure));
          return REFUSED;
        });
    commandLine.setExecutionExceptionHandler((failure, line, parsed) -> program.failed(failure));
    return commandLine;
  }

  /** The words of the help. */
  static ResourceBundle help(Locale locale) {
    return ResourceBundle.getBundle(
        "dev.kintonesync.cli.help",
        locale,
        ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
  }

  private int failed(Exception failure) {
    if (verbose) {
      failure.printStackTrace(terminal.err());
    }
    if (failure instanceof LeasedException held) {
      terminal.say(held.reason());
      return STOPPED;
    } else if (failure instanceof UserErrorException refused) {
      terminal.say(refused.reason());
      return REFUSED;
    }
    startLog();
    LoggerFactory.getLogger(Main.class).error("an unexpected error", failure);
    terminal.say(MessageCode.UNEXPECTED.with(failure, home().logs()));
    return STOPPED;
  }

  /** Starts the log, which is shown as well where the user asked for it. */
  void startLog() {
    startLog(false);
  }

  /** Starts the log, with its file as text or as JSON. */
  void startLog(boolean json) {
    Logs.start(home(), verbose ? terminal.stream() : null, json);
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

  /** The command that was given, without its options. */
  String commandName() {
    var given = spec == null ? null : spec.commandLine().getParseResult().subcommand();
    return given == null ? "" : given.commandSpec().name();
  }

  boolean verbose() {
    return verbose;
  }

  Map<String, String> environment() {
    return environment;
  }

  /** Speaks the language of the options or the computer until the properties have been read. */
  Terminal terminal() {
    return terminal;
  }

  /** Without a command: what to do next. */
  @Override
  public Integer call() {
    if (spec == null) {
      throw new IllegalStateException("not called by picocli");
    }
    terminal.out().println(spec.resourceBundle().getString("next").formatted(home().guide()));
    return 0;
  }
}
