package dev.kintonesync.simulator;

import dev.kintonesync.Patience;
import dev.kintonesync.cli.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code simulate} as a process of its own, with a heap of its own. */
final class SimulatorProcess implements AutoCloseable {
  private final Process process;
  private final List<String> said = new ArrayList<>();

  /**
   * Starts one and waits until it serves or has ended.
   *
   * @param heap as Java takes it: {@code 64m}
   */
  SimulatorProcess(String heap, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseParallelGC",
                "-XX:ParallelGCThreads=2",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "simulate"));
    command.addAll(Arrays.asList(arguments));
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    BufferedReader lines = process.inputReader();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      said.add(line);
      if (line.contains("/simulator/")) {
        break;
      }
    }
  }

  /** What it wrote until it served. */
  String said() {
    return String.join("\n", said);
  }

  String url() {
    for (String word : said().split("\\s+")) {
      if (word.matches("http://127\\.0\\.0\\.1:[0-9]+")) {
        return word;
      }
    }
    throw new AssertionError(said());
  }

  boolean isRunning() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
