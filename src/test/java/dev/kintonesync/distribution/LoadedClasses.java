package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The classes of the packaged program as one start of it has loaded them, which halves the time of
 * all later starts. Only for tests: such an archive serves one Java and one folder.
 */
final class LoadedClasses {
  private static final Path ARCHIVE = Path.of("target", "integration-tests.jsa").toAbsolutePath();

  /** Made when a test first asks for it. */
  private static final String OPTION = make();

  private LoadedClasses() {}

  /** The option that has Java use them. */
  static String option() {
    return OPTION;
  }

  private static String make() {
    try {
      Files.deleteIfExists(ARCHIVE);
      Path home = Files.createTempDirectory("kintone-sync-home");
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
      boolean ended = builder.start().waitFor(2, TimeUnit.MINUTES);
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
