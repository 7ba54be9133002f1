package dev.kintonesync.cli;

import dev.kintonesync.Patience;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The commands in this process, with a home and an environment of their own. */
final class Command {
  private final Path home;

  /** With the routes as shipped and no properties. */
  Command(Path home) throws IOException {
    this.home = home;
    Path routes = Path.of("routes");
    try (var files = Files.walk(routes)) {
      for (Path file : files.toList()) {
        Path copy = home.resolve("routes").resolve(routes.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
  }

  /**
   * What a command left behind.
   *
   * @param exitCode what {@code System.exit} would get
   * @param out standard output
   * @param err standard error
   */
  record Ended(int exitCode, String out, String err) {}

  /** Waits until {@code setup} finds the page that a service of this home has begun to serve. */
  void awaitSetupPage() {
    Path page = home.resolve("drafts").resolve("page");
    Patience.await().until(() -> Files.exists(page) && Files.readAllLines(page).size() == 2);
  }

  Ended run(String... arguments) {
    return run(Map.of(), arguments);
  }

  Ended run(Map<String, String> environment, String... arguments) {
    var impatient = new HashMap<>(environment);
    impatient.putIfAbsent("FOLDER_QUIET_TIME", "100ms"); // a test writes its files at once
    return run(0, impatient, withHome(arguments));
  }

  private String[] withHome(String... arguments) {
    var words = new ArrayList<>(List.of(arguments));
    words.addAll(List.of("--home", home.toString()));
    return words.toArray(String[]::new);
  }

  /** On a terminal of so many columns. */
  Ended watched(int columns, String... arguments) {
    return run(columns, Map.of(), withHome(arguments));
  }

  /** Without {@code --home}. */
  static Ended runAsItIs(Map<String, String> environment, String... arguments) {
    return run(0, environment, arguments);
  }

  private static Ended run(int columns, Map<String, String> environment, String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    int exitCode = Main.run(arguments, environment, out, err, columns);
    return new Ended(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
