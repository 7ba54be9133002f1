package dev.kintonesync.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Makes the {@link KeptAnswers}; a step of the build. */
public final class AnswersKeeper {
  private AnswersKeeper() {}

  /**
   * Writes the answers, in English and in Japanese.
   *
   * @param args the folder for their files, and the version of the program
   */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    write(folder.resolve(KeptAnswers.VERSIONS), String.join("\n", Version.lines(args[1])) + "\n");
    for (var locale : new Locale[] {Locale.ENGLISH, Locale.JAPANESE}) {
      var program = Main.parser(locale);
      keep(folder, locale, KeptAnswers.PROGRAM, program);
      for (var command : program.getSubcommands().entrySet()) {
        keep(folder, locale, command.getKey(), command.getValue());
      }
    }
  }

  private static void keep(Path folder, Locale locale, String command, CommandLine explained)
      throws IOException {
    String coloured = explained.getUsageMessage(Ansi.ON);
    if (!KeptAnswers.plain(coloured).equals(explained.getUsageMessage(Ansi.OFF))) {
      throw new IllegalStateException(command + ": colours change more than the colour");
    }
    write(folder.resolve(KeptAnswers.file(locale.getLanguage(), command)), coloured);
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text.replace(System.lineSeparator(), "\n"), StandardCharsets.UTF_8);
  }
}
