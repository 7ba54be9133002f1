import dev.kintonesync.cli.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Writes the manual page of the program, and the completion of its command line for bash and zsh,
 * as the command line itself describes them. A file without dependencies but the program's own.
 *
 * <p>Arguments: the folder of a package; the version; the date.
 */
class ManualPages {
  private static final String PROGRAM = "kintone-sync";

  private final StringBuilder page = new StringBuilder();

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    CommandLine program = Main.parser();
    Path manual = Files.createDirectories(folder.resolve("man").resolve("man1"));
    var pages = new ManualPages();
    pages.write(program, args[1], LocalDate.parse(args[2].substring(0, 10)));
    write(manual.resolve(PROGRAM + ".1"), pages.page.toString());

    Path completion = Files.createDirectories(folder.resolve("completion"));
    String bash = AutoComplete.bash(PROGRAM, program).replace(System.lineSeparator(), "\n");
    write(completion.resolve(PROGRAM + ".bash"), bash.replaceAll("(?m)^# Date: .*\n", ""));
    // zsh runs the functions of bash, and reads this file when the command is completed first
    String functions = bash.replaceAll("(?m)^complete .*$", "").replaceAll("(?m)^# Date: .*\n", "");
    write(
        completion.resolve("_" + PROGRAM),
        "#compdef "
            + PROGRAM
            + "\nautoload -Uz bashcompinit && bashcompinit\n"
            + functions
            + "\ncomplete -F _complete_"
            + PROGRAM
            + " -o default "
            + PROGRAM
            + "\n_bash_complete -o default -F _complete_"
            + PROGRAM
            + "\n");
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardCharsets.UTF_8);
  }

  private void write(CommandLine program, String version, LocalDate date) {
    CommandSpec spec = program.getCommandSpec();
    line(".TH KINTONE\\-SYNC 1 \"%s\" \"kintone\\-sync %s\"".formatted(date, escaped(version)));
    line(".SH NAME");
    line("kintone\\-sync \\- keeps Kintone apps in sync with files, databases and HTTP APIs");
    line(".SH SYNOPSIS");
    line("\\fBkintone\\-sync\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR...]");
    line(".SH DESCRIPTION");
    text(spec.usageMessage().description());
    line("Its jobs are blocks of lines in \\fIapplication.properties\\fR.");
    line(".SH OPTIONS");
    options(spec);
    line(".SH COMMANDS");
    program.getSubcommands().values().stream().distinct().forEach(this::command);
    line(".SH EXIT STATUS");
    entry("0", "Every row is applied, or the program was stopped.");
    entry("1", "Finished, but some rows were rejected; reconcile: source and app differ.");
    entry("2", "Not started: wrong usage, settings or permissions; nothing was written.");
    entry("3", "Stopped before the end; run it again to continue.");
    line(".SH FILES");
    entry("application.properties", "Settings and jobs, in the folder of the data.");
    entry("secrets.properties", "Tokens and passwords, readable by their owner alone.");
    entry("routes/custom/", "The user's own Camel routes.");
    line(".SH ENVIRONMENT");
    entry("KINTONE_SYNC_HOME", "The folder of the data; default: that of the program.");
    entry("JAVA_OPTS", "Options for Java.");
  }

  private void command(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    line(".SS \"" + escaped(spec.qualifiedName(" ")) + "\"");
    text(spec.usageMessage().description());
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      entry(parameter.paramLabel(), String.join(" ", parameter.description()));
    }
    options(spec);
    for (CommandLine below : command.getSubcommands().values()) {
      command(below);
    }
  }

  private void options(CommandSpec spec) {
    for (OptionSpec option : spec.options()) {
      if (!option.hidden() && !(option.inherited())) {
        String value = option.arity().max() > 0 ? "=" + option.paramLabel() : "";
        String names = String.join(", ", option.names()) + value;
        entry(names, String.join(" ", option.description()));
      }
    }
  }

  private void entry(String term, String meaning) {
    line(".TP");
    line("\\fB" + escaped(term) + "\\fR");
    line(escaped(meaning));
  }

  private void text(String... lines) {
    for (String part : lines) {
      line(escaped(Ansi.OFF.string(part.formatted())));
    }
  }

  private void line(String text) {
    page.append(text).append('\n');
  }

  private static String escaped(String text) {
    String plain = text.replace("\\", "\\e").replace("-", "\\-");
    return plain.startsWith(".") || plain.startsWith("'") ? "\\&" + plain : plain;
  }
}
