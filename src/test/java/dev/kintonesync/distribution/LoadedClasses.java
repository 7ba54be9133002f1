package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
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
    return OPTION + " -XX:TieredStopAtLevel=1";
  }

  private static FileTime modified(Path file) throws IOException {
    return Files.getLastModifiedTime(file);
  }

  /** The jar of the packaged program. */
  private static Path program() throws IOException {
    try (var jars =
        Files.newDirectoryStream(Installation.PACKAGED.resolve("lib"), "kintone-sync-*.jar")) {
      return jars.iterator().next();
    }
  }

  private static String make() {
    try (var lock = FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      lock.lock();
      if (Files.exists(ARCHIVE) && modified(ARCHIVE).compareTo(modified(program())) > 0) {
        return "-XX:SharedArchiveFile=" + ARCHIVE;
      }
      Files.deleteIfExists(ARCHIVE);
      Path home = Files.createTempDirectory(ARCHIVE.getParent(), "loaded-classes");
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
      // a Java that was packed without an archive of its own classes cannot make one
      return Files.exists(ARCHIVE) ? "-XX:SharedArchiveFile=" + ARCHIVE : "-Xshare:auto";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
