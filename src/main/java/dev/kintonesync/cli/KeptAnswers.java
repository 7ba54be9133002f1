package dev.kintonesync.cli;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The answers to {@code --version} and {@code --help}, which were made when the program was built:
 * making them takes several times as long as starting Java. For that reason hardly any class is
 * used, and strings are not joined by +, which Java would first have to learn. A program without
 * them, as it is before it is packaged, makes them when it is asked.
 */
final class KeptAnswers {
  /** The file of the versions but Java's. */
  static final String VERSIONS = "versions.txt";

  static final String PROGRAM = "kintone-sync";

  /** Where they are, from the folder of the program. */
  private static final String FOLDER = "bin/help/";

  /** Begins each change of colour, which ends with {@link #COLOUR_END}. */
  private static final char COLOUR = '\u001b';

  private static final char COLOUR_END = 'm';

  /** What decides about colours besides a terminal; picocli knows how. */
  private static final List<String> COLOUR_VARIABLES =
      List.of("NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "ConEmuANSI");

  /** The versions of Java that have a console even where there is no terminal. */
  private static final List<String> CONSOLE_ANYWHERE = List.of("22", "23", "24");

  private KeptAnswers() {}

  /** The file of a help; that of the program itself has its name. */
  static String file(String language, String command) {
    return language.concat("-").concat(command).concat(".txt");
  }

  /**
   * Answers what the words of a command line ask.
   *
   * @param program the folder of the distribution; null where there is none
   * @return false when they ask for anything else than a help or the version, or when the answer is
   *     not kept
   */
  static boolean answer(String[] args, @Nullable String program) throws IOException {
    var words = new ArrayList<String>(List.of(args));
    String language = language(words);
    if (words.size() == 1 && isOne(words.get(0), "--version", "-V")) {
      return print(
          read(program, VERSIONS),
          "Java ".concat(System.getProperty("java.runtime.version", "")).concat("\n"),
          false);
    }
    String command = explained(words);
    if (command == null) {
      return false;
    }
    Boolean coloured = colours();
    return coloured != null && print(read(program, file(language, command)), "", coloured);
  }

  /** Takes the choice of a language out of the words. */
  private static String language(List<String> words) {
    var chosen = Locale.getDefault();
    for (int i = words.size() - 1; i >= 0; i--) {
      String word = words.get(i);
      if (word.startsWith("--lang=")) {
        chosen = Locale.forLanguageTag(word.substring("--lang=".length()));
        words.remove(i);
      } else if (word.equals("--lang") && i + 1 < words.size()) {
        chosen = Locale.forLanguageTag(words.remove(i + 1));
        words.remove(i);
      }
    }
    return chosen.getLanguage().equals("ja") ? "ja" : "en";
  }

  /** The command whose help is asked for, or the program; null when no help is. */
  private static @Nullable String explained(List<String> words) {
    if (words.size() == 1 && isOne(words.get(0), "--help", "-h", "help")) {
      return PROGRAM;
    } else if (words.size() != 2) {
      return null;
    }
    String command = null;
    if (words.get(0).equals("help")) {
      command = words.get(1);
    } else if (isOne(words.get(1), "--help", "-h")) {
      command = words.get(0);
    }
    return command != null && isName(command) ? command : null;
  }

  private static boolean isOne(String word, String... known) {
    return List.of(known).contains(word);
  }

  /** Whether it may be part of the name of a file. */
  private static boolean isName(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (word.charAt(i) < 'a' || word.charAt(i) > 'z') {
        return false;
      }
    }
    return true;
  }

  /** Whether a help has colours; null when picocli is to decide. */
  @SuppressWarnings("SystemConsoleNull") // true of the versions that are left to picocli
  private static @Nullable Boolean colours() {
    for (String variable : COLOUR_VARIABLES) {
      if (System.getenv(variable) != null) {
        return null;
      }
    }
    if (System.getProperty("picocli.ansi") != null
        || CONSOLE_ANYWHERE.contains(System.getProperty("java.specification.version", ""))) {
      return null;
    }
    boolean terminal = System.console() != null;
    boolean windows = System.getProperty("os.name", "").startsWith("Windows");
    return (terminal && windows) ? null : terminal;
  }

  private static @Nullable String read(@Nullable String program, String file) throws IOException {
    // a file rather than a part of the jar, which would have to be opened
    var kept = program == null ? null : new File(program, FOLDER.concat(file));
    if (kept == null || !kept.isFile()) {
      return null;
    }
    try (var in = new FileInputStream(kept)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static boolean print(@Nullable String kept, String added, boolean coloured)
      throws IOException {
    if (kept == null) {
      return false;
    }
    String text = (coloured ? kept : plain(kept)).concat(added);
    String lines = text.replace("\n", System.lineSeparator());
    try (var out = new FileOutputStream(FileDescriptor.out)) {
      out.write(lines.getBytes(StandardCharsets.UTF_8));
    }
    return true;
  }

  /** Without colours. */
  static String plain(String text) {
    var plain = new StringBuilder();
    int from = 0;
    for (int at = text.indexOf(COLOUR); at >= 0; at = text.indexOf(COLOUR, from)) {
      plain.append(text, from, at);
      from = text.indexOf(COLOUR_END, at) + 1;
    }
    return plain.append(text, from, text.length()).toString();
  }
}
