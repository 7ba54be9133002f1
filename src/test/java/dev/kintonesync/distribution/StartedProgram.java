package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A process of the packaged program, whose output goes to files and is read from there. */
final class StartedProgram implements AutoCloseable {
  private static final int SIGINT = 2;

  private final Process process;
  private final Path out;
  private final Path err;

  StartedProgram(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /**
   * What a process left behind.
   *
   * @param exitCode as the shell would see it
   * @param out what it wrote on standard output
   * @param err what it wrote on standard error
   */
  record Ended(int exitCode, String out, String err) {

    /** All that it wrote. */
    String said() {
      return out + err;
    }
  }

  /** Waits until it has written a text on either stream. */
  void awaitText(String text) {
    Patience.await()
        .alias(text)
        .failFast("the program has ended", () -> !process.isAlive() && !said().contains(text))
        .until(() -> said().contains(text));
  }

  /** What it has written so far, standard output first. */
  String said() {
    return read(out) + read(err);
  }

  /** Asks it to end, as Ctrl-C does. */
  void interrupt() {
    // a build that runs in the background of a script has its children ignore SIGINT
    signal(isInterruptIgnored() ? "TERM" : "INT");
  }

  /** Asks it to end, as a service manager does. */
  void terminate() {
    signal("TERM");
  }

  /** Stops it where it is, as a machine does that is suspended; its timers go on. */
  void freeze() {
    signal("STOP");
  }

  /** Lets it go on where it was. */
  void thaw() {
    signal("CONT");
  }

  /** How many objects of a class it holds, once what nobody refers to is gone. */
  int objects(Class<?> type) {
    try {
      var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
      var asked =
          new ProcessBuilder(jcmd, String.valueOf(process.pid()), "GC.class_histogram")
              .redirectErrorStream(true)
              .start();
      var said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(asked.waitFor()).as(said).isZero();
      return said.lines()
          .map(line -> line.strip().split("\\s+"))
          .filter(words -> words.length > 3 && words[3].equals(type.getName()))
          .mapToInt(words -> Integer.parseInt(words[1]))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void signal(String name) {
    try {
      var kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start();
      assertThat(kill.waitFor()).as("kill -" + name).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isInterruptIgnored() {
    Path status = Path.of("/proc/self/status");
    return Files.exists(status)
        && read(status)
            .lines()
            .filter(line -> line.startsWith("SigIgn:"))
            .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
            .anyMatch(ignored -> (ignored >> (SIGINT - 1) & 1) == 1);
  }

  /** Waits for its end. */
  Ended ended() {
    try {
      boolean ended = process.waitFor(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      assertThat(ended).as("ended, having said: %s", said()).isTrue();
      return new Ended(process.exitValue(), read(out), read(err));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its number; the start script becomes the program, and so does not have one of its own. */
  long pid() {
    return process.pid();
  }

  /** Whether it has come to its end. */
  boolean hasEnded() {
    return !process.isAlive();
  }

  /** Ends it at once, whatever it does; what still runs would still write into its home. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
