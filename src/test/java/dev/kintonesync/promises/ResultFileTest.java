package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.settings.Job;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Whoever drops a file finds beside it what became of it, if the job says so. */
class ResultFileTest {
  @TempDir private Path home;
  private Rehearsal rehearsal;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home);
    Files.createDirectories(rehearsal.inbox());
  }

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  private List<RunResult> drop(Job job, String name, String... lines) throws Exception {
    rehearsal.drop(name, lines);
    return rehearsal.application().runner().runWaiting(job);
  }

  private String result(String name) throws Exception {
    return Files.readString(rehearsal.inbox().resolve(name + ".result.txt"));
  }

  @Test
  void itSaysHowManyRowsAreInAndWhichAreToBeCorrected() throws Exception {
    var job = rehearsal.jobWith("result-file = on");

    var first = drop(job, "a.csv", "code,amount", "A,1", "B,many", "C,3");
    assertThat(result("a.csv"))
        .contains("a.csv", first.get(0).report().run())
        .contains("2 of 3 are in, 1 to correct.")
        .contains("Row 3: amount (金額): \"many\" is not a number")
        .contains("rejects" + home.getFileSystem().getSeparator() + "a.")
        .doesNotContain(home.toString());

    var second = drop(job, "a.csv", "code,amount", "A,1");
    assertThat(second).as("the result is no input").hasSize(1);
    assertThat(result("a.csv")).contains("1 row is in.").doesNotContain("many");

    drop(job, "plain", "code,amount", "A,1");
    assertThat(result("plain.file")).contains("1 row is in.");
    drop(job, "b.csv", "number,name", "A,n");
    assertThat(result("b.csv")).contains("Nothing is in.", "number");
    try (var files = Files.list(rehearsal.inbox())) {
      assertThat(files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()))
          .filteredOn(name -> !name.startsWith("."))
          .containsExactlyInAnyOrder(
              "a.csv.result.txt", "b.csv.result.txt", "plain.file.result.txt");
    }
    try (var files = Files.list(rehearsal.inbox().resolve("done"))) {
      assertThat(files).noneMatch(file -> file.toString().endsWith(".part"));
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aLinkInItsPlaceIsReplacedAndNotFollowed() throws Exception {
    Path foreign = Files.writeString(home.resolve("foreign.txt"), "mine");
    Files.createSymbolicLink(rehearsal.inbox().resolve("a.csv.result.txt"), foreign);

    drop(rehearsal.jobWith("result-file = on"), "a.csv", "code,amount", "A,1");

    assertThat(foreign).hasContent("mine");
    assertThat(rehearsal.inbox().resolve("a.csv.result.txt")).isRegularFile();
    assertThat(Files.isSymbolicLink(rehearsal.inbox().resolve("a.csv.result.txt"))).isFalse();
  }

  @Test
  void withoutAWordThereIsNone() throws Exception {
    drop(rehearsal.jobWith(), "a.csv", "code,amount", "A,1");

    assertThat(rehearsal.inbox().resolve("a.csv.result.txt")).doesNotExist();
  }
}
