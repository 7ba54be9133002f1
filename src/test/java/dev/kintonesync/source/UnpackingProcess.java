package dev.kintonesync.source;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A second process beside the test's, with a temporary file and a temporary folder, which it needs
 * until it is killed.
 */
public final class UnpackingProcess implements AutoCloseable {
  private final Process process;
  private final Path file;
  private final Path folder;

  private UnpackingProcess(Process process, BufferedReader lines) throws IOException {
    this.process = process;
    this.file = Path.of(lines.readLine());
    this.folder = Path.of(lines.readLine());
  }

  /** One that has made its files. */
  public static UnpackingProcess start() throws IOException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx64m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                    "-cp",
                    System.getProperty("java.class.path"),
                    UnpackingProcess.class.getName()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new UnpackingProcess(process, process.inputReader(StandardCharsets.UTF_8));
  }

  /** Its temporary file. */
  public Path file() {
    return file;
  }

  /** Its temporary folder, which has a file in it. */
  public Path folder() {
    return folder;
  }

  /** As {@code kill -9} does; returns when it is gone. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }

  public static void main(String[] arguments) throws IOException {
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    out.println(Files.writeString(TemporaryFile.create(), "rows"));
    Path folder = TemporaryFile.createFolder();
    Files.writeString(folder.resolve("stdin"), "rows");
    out.println(folder);
    System.in.read();
  }
}
