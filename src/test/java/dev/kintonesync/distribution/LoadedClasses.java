package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;

/**
 * The classes of the packaged program as one start of it has loaded them, which halves the time of
 * all later starts. Only for tests: such an archive serves one Java and one folder.
 */
final class LoadedClasses {
  private static final Path ARCHIVE = Path.of("target", "integration-tests.jsa").toAbsolutePath();

  /** Held by the one of several builds' processes that makes it. */
  private static final Path LOCK = ARCHIVE.resolveSibling("integration-tests.lock");

  /** Made when a test first asks for it. */
  private static final String OPTION = make();

  private LoadedClasses() {}

  /** The options that have Java use them, and compile for what lasts seconds. */
  static String options() {
    return OPTION + " -Xlog:cds=off,cds+dynamic=off -XX:TieredStopAtLevel=1";
  }

  /** Whether there is one of this packaging, whose files all bear one time, unlike their folder. */
  private static boolean isThere() throws IOException {
    Path program = Installation.PACKAGED.resolve("lib");
    return Files.exists(ARCHIVE)
        && Files.getLastModifiedTime(ARCHIVE).compareTo(Files.getLastModifiedTime(program)) > 0;
  }

  private static String make() {
    try (var lock = FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      lock.lock();
      if (!isThere()) {
        Files.deleteIfExists(ARCHIVE);
        Path home = Files.createTempDirectory(ARCHIVE.getParent(), "loaded-classes");
        run(home);
        remove(home);
      }
      // a Java that was packed without an archive of its own classes cannot make one
      return Files.exists(ARCHIVE) ? "-XX:SharedArchiveFile=" + ARCHIVE : "-Xshare:auto";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void run(Path home) throws IOException, InterruptedException {
    Installation.copy(Installation.PACKAGED.resolve("routes"), home.resolve("routes"));
    Installation.copy(Installation.PACKAGED.resolve("demo"), home.resolve("demo"));
    var builder =
        new ProcessBuilder(
                Installation.script(Installation.PACKAGED),
                "demo",
                "--once",
                "--home",
                home.toString())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("said").toFile());
    builder.environment().put("JAVA_OPTS", "-XX:ArchiveClassesAtExit=" + ARCHIVE);
    boolean ended = builder.start().waitFor(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    assertThat(ended).as(Files.readString(home.resolve("said"))).isTrue();
  }

  private static void remove(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
