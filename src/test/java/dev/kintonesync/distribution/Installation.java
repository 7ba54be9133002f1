package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The packaged program as somebody has installed it: {@code bin} and {@code lib} of {@code
 * target/kintone-sync} with a home of its own, so that nothing is written into {@code target}. Its
 * processes see no locale, no proxy and no variable of ours but those they are given.
 */
final class Installation {
  /** What {@code mvn package} has made. */
  static final Path PACKAGED = Path.of("target", "kintone-sync").toAbsolutePath();

  private final Path home;
  private final List<String> command;
  private final Map<String, String> environment = new HashMap<>();

  private Installation(Path home, List<String> command) {
    this.home = home;
    this.command = command;
  }

  /** The packaged program with a new home in an empty folder. */
  static Installation withHome(Path home) throws IOException {
    for (String part : List.of("routes", "demo")) {
      copy(PACKAGED.resolve(part), home.resolve(part));
    }
    Files.copy(PACKAGED.resolve("application.properties"), home.resolve("application.properties"));
    return new Installation(home, List.of(script(PACKAGED), "--home", home.toString()))
        // nothing lasts more than seconds here; and what is killed leaves behind goes with the test
        .with(
            "JAVA_OPTS",
            "-XX:TieredStopAtLevel=1 -XX:C1MaxInlineSize=18"
                + " -Djdk.reflect.useNativeAccessorOnly=true -Djava.io.tmpdir="
                + home.getParent());
  }

  /** A copy of the whole distribution, whose home is its own folder. */
  static Installation copied(Path folder) throws IOException {
    for (String part : List.of("bin", "lib", "routes", "demo", "application.properties")) {
      copy(PACKAGED.resolve(part), folder.resolve(part));
    }
    return new Installation(folder, List.of(script(folder)));
  }

  static String script(Path folder) {
    return folder.resolve("bin").resolve("kintone-sync").toString();
  }

  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  Path home() {
    return home;
  }

  /** The same started by another name of its script, such as a link to it. */
  Installation startedBy(Path script) {
    return new Installation(home, List.of(script.toString()));
  }

  /** The same started with a umask. */
  Installation withUmask(String umask) {
    var words = new ArrayList<>(List.of("sh", "-c", "umask " + umask + "; exec \"$@\"", "sh"));
    words.addAll(command);
    var masked = new Installation(home, words);
    masked.environment.putAll(environment);
    return masked;
  }

  /** Sets a variable of the processes started from now on. */
  Installation with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Adds lines to application.properties. */
  Installation configured(String lines) throws IOException {
    Path file = home.resolve("application.properties");
    Files.writeString(file, Files.readString(file) + "\n" + lines);
    return this;
  }

  /** Starts the program. */
  StartedProgram start(String... arguments) {
    try {
      var words = new ArrayList<>(command);
      words.addAll(List.of(arguments));
      Path out = Files.createTempFile(home.getParent(), "said", ".out");
      Path err = Files.createTempFile(home.getParent(), "said", ".err");
      var builder =
          new ProcessBuilder(words)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      var inherited = builder.environment();
      inherited
          .keySet()
          .removeIf(name -> name.matches("LANG|LANGUAGE|LC_.*|KINTONE_.*|JAVA_OPTS|TERM"));
      inherited.put("FOLDER_QUIET_TIME", "500ms"); // a test writes its files at once
      inherited.putAll(environment);
      return new StartedProgram(builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs the program to its end. */
  StartedProgram.Ended run(String... arguments) {
    try (var program = start(arguments)) {
      return program.ended();
    }
  }

  /** The reports of all runs, oldest first. */
  List<JsonNode> reports() throws IOException {
    var reports = new ArrayList<JsonNode>();
    if (!Files.exists(home.resolve("runs"))) {
      return reports;
    }
    try (Stream<Path> runs = Files.list(home.resolve("runs"))) {
      for (Path run : runs.sorted().toList()) {
        reports.add(new ObjectMapper().readTree(run.resolve("report.json").toFile()));
      }
    }
    return reports;
  }

  /** The report of the latest run, whose counts must add up. */
  JsonNode lastReport() throws IOException {
    var reports = reports();
    assertThat(reports).isNotEmpty();
    var report = reports.get(reports.size() - 1);
    int sum =
        Stream.of("inserted", "updated", "unchanged", "superseded", "rejected", "unprocessed")
            .mapToInt(outcome -> report.path(outcome).asInt())
            .sum();
    assertThat(report.path("read").asInt()).as("read, of %s", report).isEqualTo(sum);
    return report;
  }
}
