package dev.kintonesync.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReachableRoutesTest {
  private static final Pattern CALL_IN_JAVA = Pattern.compile("\"direct:([\\w-]+)\"");

  @TempDir private Path folder;

  /** A database, an API, a topic, a folder and a Kamelet are nothing to a file. */
  @Test
  void whatOneFileCannotComeToIsLeftOut() throws Exception {
    assertThat(leftOut(copied()))
        .containsExactlyInAnyOrder(
            "await-kintone",
            "follow-topic",
            "hooks",
            "poll-source",
            "read-answer",
            "read-page",
            "send-once",
            "send-operations",
            "upsert-records",
            "watch-folder",
            "watch-forms");
  }

  /** Whoever calls another route from Java has to say here that one file does not need it. */
  @Test
  void whatJavaCallsIsReachedOrNothingToAFile() throws Exception {
    var called = new TreeSet<String>();
    try (var classes = Files.walk(Path.of("src/main/java"))) {
      for (Path file : classes.filter(path -> path.toString().endsWith(".java")).toList()) {
        CALL_IN_JAVA
            .matcher(Files.readString(file))
            .results()
            .forEach(call -> called.add(call.group(1)));
      }
    }
    var left = leftOut(copied());
    assertThat(called).contains("kintone-request", "read-app");
    called.retainAll(left);
    assertThat(called)
        .as("called for databases and APIs only")
        .containsExactlyInAnyOrder("read-answer", "read-page");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "- beans: []",
        "- rest: { path: /x }",
        "# nothing\n- from:\n    uri: timer:x",
        "- templatedRoute:\n    routeTemplateRef: poll-source"
      })
  void whereAFileHoldsSomethingElseNothingIsLeftOut(String other) throws Exception {
    var files = copied();
    files.add(Files.writeString(folder.resolve("other.camel.yaml"), other + "\n"));
    assertThat(leftOut(files)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "direct:mine",
        "seda:mine",
        "kamelet:mine",
        "\"direct:{{mine}}\"",
        "\"direct:${body}\""
      })
  void whereACallLeadsNobodyKnowsWhereNothingIsLeftOut(String call) throws Exception {
    var files = copied();
    Path ending = folder.resolve("end-run.camel.yaml");
    Files.writeString(ending, Files.readString(ending) + "        - toD: " + call + "\n");
    assertThat(leftOut(files)).isEmpty();
  }

  @Test
  void whatOurRoutesAreMadeToCallIsThere() throws Exception {
    var files = copied();
    Path ending = folder.resolve("end-run.camel.yaml");
    Files.writeString(ending, Files.readString(ending) + "        - to: direct:upsert-records\n");
    files.add(
        Files.writeString(
            folder.resolve("mine.camel.yaml"),
            "- route:\n    id: mine\n    from:\n      uri: direct:mine\n      steps: []\n"));
    assertThat(leftOut(files))
        .contains("mine", "send-once")
        .doesNotContain("upsert-records", "errors-to-the-caller");
  }

  @Test
  void theOrderStays() throws Exception {
    var files = copied();
    assertThat(files).containsSubsequence(ReachableRoutes.from(JobRunner.FIRST_ROUTE, files));
  }

  private List<Path> copied() throws IOException {
    var files = new ArrayList<Path>();
    for (Path from : List.of(Path.of("routes"), Path.of("routes", "core"))) {
      try (var routes = Files.newDirectoryStream(from, "*.yaml")) {
        for (Path route : routes) {
          files.add(Files.copy(route, folder.resolve(route.getFileName())));
        }
      }
    }
    return files;
  }

  private static List<String> leftOut(List<Path> files) throws IOException {
    var reached = ReachableRoutes.from(JobRunner.FIRST_ROUTE, files);
    return files.stream()
        .filter(file -> !reached.contains(file))
        .map(file -> file.getFileName().toString().replace(".camel.yaml", ""))
        .toList();
  }
}
