package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.LogOfProcess;
import dev.kintonesync.settings.NewJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nothing is run that everybody could have changed, and nothing is kept that everybody can read.
 */
@LogOfProcess.LookedAt
@DisabledOnOs(OS.WINDOWS)
class HomeRightsTest {
  @TempDir Path folder;

  private Path above;
  private Path home;
  private Command command;

  @BeforeEach
  void home() throws IOException {
    above = Files.createDirectory(folder.resolve("above"));
    home = Files.createDirectory(above.resolve("home"));
    command = new Command(home);
    for (String part : List.of("routes/custom", "kamelets", "lib", "bin")) {
      Files.createDirectories(home.resolve(part));
    }
    Files.writeString(home.resolve("routes/custom/mine.camel.yaml"), "# nothing yet\n");
    Files.writeString(home.resolve("lib/driver.jar"), "");
    Files.writeString(home.resolve("application.properties"), "lang = en\n");
    try (var all = Files.walk(home)) {
      for (Path path : all.toList()) {
        rights(path, Files.isDirectory(path) ? "rwxr-xr-x" : "rw-r--r--");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "lib",
        "lib/driver.jar",
        "bin",
        "kamelets",
        "routes",
        "routes/core",
        "routes/custom",
        "routes/custom/mine.camel.yaml",
        "application.properties"
      })
  void whatEverybodyMayWriteIsNotRun(String open) throws IOException {
    Path path = home.resolve(open);
    boolean directory = Files.isDirectory(path);
    rights(path, directory ? "rwxr-xrwx" : "rw-r--rw-");
    mustRefuse(path, "chmod -R o-w " + home);
    assertThat(home.resolve("journal")).doesNotExist();

    rights(path, directory ? "rwxrwxr-x" : "rw-rw-r--");
    mustRun("that a group may write is somebody's decision");
  }

  @Test
  void aFolderAboveInWhichEverybodyCouldReplaceTheHomeIsRefusedUnlessItIsLikeTmp()
      throws IOException {
    rights(above, "rwxrwxrwx");
    mustRefuse(above, "chmod o-w " + above);
    Files.setAttribute(above, "unix:mode", 01777);
    mustRun("nobody can rename what is another's in a sticky folder");
  }

  @Test
  void aStickyFolderOfRoutesIsNoBetterForEverybodyCanAddOne() throws IOException {
    Path custom = home.resolve("routes/custom");
    Files.setAttribute(custom, "unix:mode", 01777);
    mustRefuse(custom, "chmod -R o-w " + home);
  }

  @Test
  void aLinkIsJudgedByWhatItLeadsTo() throws IOException {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Path route = Files.writeString(elsewhere.resolve("other.camel.yaml"), "# nothing yet\n");
    Path link = Files.createSymbolicLink(home.resolve("routes/custom/linked"), elsewhere);
    Files.createSymbolicLink(home.resolve("routes/custom/nowhere"), folder.resolve("gone"));
    mustRun("the link itself has all rights");
    rights(route, "rw-rw-rw-");
    mustRefuse(link.resolve("other.camel.yaml"), "chmod -R o-w " + home);
  }

  @Test
  void theFoldersOfAnEarlierStartAreClosed() throws IOException {
    Path log = home.resolve("logs/kintone-sync.log");
    for (String part : List.of("journal", "runs", "logs", "rejects")) {
      rights(Files.createDirectory(home.resolve(part)), "rwxrwxrwx");
    }
    rights(Files.writeString(log, ""), "rw-rw-rw-");
    mustRun("they are ours");
    for (String part : List.of("journal", "runs", "logs", "rejects")) {
      assertThat(rights(home.resolve(part))).as(part).isEqualTo("rwx------");
    }
    assertThat(rights(log)).isEqualTo("rw-------");
  }

  @Test
  void initLeavesNothingThatTheNextStartRefuses() throws IOException {
    rights(home.resolve("application.properties"), "rw-r-----");
    new NewJob("mine").addTo(home);
    assertThat(rights(home.resolve("application.properties"))).isEqualTo("rw-r-----");
  }

  private void mustRefuse(Path open, String remedy) {
    for (String language : List.of("en", "ja")) {
      var ended = command.run("runs", "--lang", language);
      assertThat(ended.exitCode()).as(ended.err()).isEqualTo(2);
      assertThat(ended.err().strip()).hasLineCount(1).contains(open.toString(), remedy);
      assertThat(ended.out()).isEmpty();
    }
  }

  private void mustRun(String why) {
    var ended = command.run("runs");
    assertThat(ended.exitCode()).as(why + ": " + ended.err()).isZero();
    assertThat(ended.err()).doesNotContain("chmod", "chown");
  }

  private static void rights(Path path, String rights) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
  }

  private static String rights(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
