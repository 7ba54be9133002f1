package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Watches a folder into which somebody drops what is no ordinary file. */
abstract class HostileFolder {
  static final String SECRET = "hunter2-of-the-service";

  @TempDir Path home;
  Rehearsal rehearsal;
  Path elsewhere;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home);
    Files.createDirectories(rehearsal.inbox());
    elsewhere = Files.createDirectories(home.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("secret.csv"), SECRET + ",name\nS,secret\n");
  }

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  /** A good file goes through: it is synced and lies in {@code done/}. */
  void good(String name) throws Exception {
    drop(name, name);
    assertThat(awaitRunOf(name).report().state()).isEqualTo(RunState.COMPLETED);
    assertThat(rehearsal.held("name")).containsEntry(name, "good");
  }

  RunResult awaitRunOf(String name) throws InterruptedException {
    while (true) {
      var run = rehearsal.awaitRun();
      if (run.report().source().endsWith("/" + name)) {
        return run;
      }
    }
  }

  Path drop(String name, String key) throws IOException {
    return Rehearsal.drop(rehearsal.inbox(), name, "code,name\n" + key + ",good\n");
  }

  void watch() {
    rehearsal.application().watch(rehearsal.job());
  }

  Path inbox(String name) {
    return rehearsal.inbox().resolve(name);
  }

  void link(String name, Path target) {
    try {
      Files.createSymbolicLink(inbox(name), target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void pipe(String name) throws Exception {
    var made = new ProcessBuilder("mkfifo", inbox(name).toString()).start();
    assertThat(made.waitFor(10, TimeUnit.SECONDS) && made.exitValue() == 0).isTrue();
  }

  void oldest(String name) throws IOException {
    if (!Files.isSymbolicLink(inbox(name))) {
      Files.setLastModifiedTime(inbox(name), FileTime.from(Instant.now().minusSeconds(3600)));
    }
  }

  static List<String> names(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  /** Neither Kintone nor any file of ours holds anything of what lies elsewhere. */
  void nothingLeaks() throws IOException {
    assertThat(rehearsal.held("name")).doesNotContainKey("S");
    assertThat(rehearsal.allSaid()).noneMatch(said -> said.contains(SECRET));
    var seen = new TreeMap<String, Boolean>();
    try (var files = Files.walk(home)) {
      for (Path file : files.filter(HostileFolder::isOurs).toList()) {
        seen.put(
            home.relativize(file).toString(),
            Files.readString(file, StandardCharsets.ISO_8859_1).contains(SECRET));
      }
    }
    seen.keySet().removeIf(name -> name.startsWith("elsewhere") || name.startsWith("journal"));
    seen.keySet().removeIf(name -> isSecondName(home.resolve(name)));
    assertThat(seen).isNotEmpty().doesNotContainValue(true);
    assertThat(rehearsal.simulator.requests().toString()).doesNotContain(SECRET);
  }

  private static boolean isOurs(Path file) {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean isSecondName(Path file) {
    try {
      return (int) Files.getAttribute(file, "unix:nlink") > 1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
