package dev.kintonesync.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The packaged program with a home of its own, as a benchmark starts it. */
final class Packaged {
  private static final Path PROGRAM = Path.of("target", "kintone-sync").toAbsolutePath();

  private final Path home;

  /** A home with these properties, in which nothing has run yet. */
  Packaged(String name, String properties) throws IOException {
    home = Path.of("target", "bench", name).toAbsolutePath();
    if (Files.exists(home)) {
      try (Stream<Path> files = Files.walk(home)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    Files.createDirectories(home.resolve("routes"));
    try (Stream<Path> routes = Files.list(PROGRAM.resolve("routes"))) {
      for (Path route : routes.filter(Files::isRegularFile).toList()) {
        Files.copy(route, home.resolve("routes").resolve(route.getFileName()));
      }
    }
    Files.writeString(home.resolve("application.properties"), properties);
  }

  /** Starts it; what it says is in a file of its home. */
  Process start(String... arguments) throws IOException {
    var words = new ArrayList<>(List.of(PROGRAM.resolve("bin").resolve("kintone-sync").toString()));
    words.addAll(List.of(arguments));
    words.addAll(List.of("--home", home.toString()));
    var builder =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("said.txt").toFile());
    builder.environment().put("KINTONE_API_TOKEN", "bench");
    return builder.start();
  }

  /** What it has said. */
  String said() throws IOException {
    return Files.readString(home.resolve("said.txt"));
  }
}
