package dev.kintonesync.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Property;
import dev.kintonesync.settings.PropertyCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documents name exists, and what they show is true. */
class ReadmeTest {
  private static final Pattern COMMAND = Pattern.compile("kintone-sync ([a-z]+)");
  private static final Pattern OPTION = Pattern.compile("(?<!\\S)(--[a-z-]+)");
  private static final Pattern KEY = Pattern.compile("^((?:kintone|job)\\.[^\\s=*]+)(?: = .+)?$");
  private static final Pattern IN_KEBAB_CASE = Pattern.compile("[a-z]+(-[a-z]+)+");
  private static final Pattern NODE = Pattern.compile("(?m)^ *([a-z-]+)\\[");
  private static final Pattern ARROW = Pattern.compile("(?m)^ *([a-z-]+ --> [a-z-]+)$");

  /** Names in kebab case that are neither routes nor properties. */
  private static final Set<String> OTHER_NAMES =
      Set.of("kintone-sync", "jp-postal", "euc-jp", "camel-netty");

  private final Commands commands = new Commands();

  static Stream<Document> readmes() {
    return Stream.of("README.md", "README.ja.md").map(Document::of);
  }

  static Stream<Document> documents() {
    return Stream.concat(
        readmes(),
        Stream.of(
                "docs/jobs.md",
                "docs/jobs.ja.md",
                "docs/design.md",
                "docs/extending.md",
                "docs/extending.ja.md",
                "docs/plan.md",
                "docs/plan.ja.md",
                "routes/custom/README.md",
                "kamelets/README.md")
            .map(Document::of));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void theLinksLeadSomewhere(Document document) {
    assertThat(document.links())
        .allSatisfy(
            link ->
                document.target(link).ifPresent(target -> assertThat(target).as(link).exists()));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void theCommandsAndOptionsExist(Document document) {
    for (String line : document.typed()) {
      var named = Document.groups(COMMAND, line);
      assertThat(commands.names()).as(line).containsAll(named);
      var options = named.size() == 1 ? commands.options(named.get(0)) : commands.options();
      assertThat(options).as(line).containsAll(Document.groups(OPTION, line));
    }
  }

  @ParameterizedTest
  @MethodSource("readmes")
  void everyCommandIsNamed(Document readme) {
    var named =
        readme.spans().stream()
            .flatMap(span -> Document.groups(COMMAND, span).stream())
            .collect(Collectors.toSet());
    assertThat(named).containsAll(commands.names());
  }

  @ParameterizedTest
  @MethodSource("documents")
  void thePropertiesExist(Document document) {
    var known = PropertyCatalog.all().stream().map(Property::name).collect(Collectors.toSet());
    for (String span : document.spans()) {
      for (String key : Document.groups(KEY, span)) {
        assertThat(known).contains(key.replaceFirst("^job\\.[^.]+\\.", "job.NAME."));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void namesInKebabCaseAreRoutesOrProperties(Document document) throws IOException {
    var known = new TreeSet<>(OTHER_NAMES);
    known.addAll(Floorplan.ofTheShippedRoutes().ids());
    known.addAll(Floorplan.ofUsers());
    for (Property<?> property : PropertyCatalog.all()) {
      known.add(property.name().replaceFirst("^(kintone|job\\.NAME)\\.", ""));
      known.add(property.example());
    }
    assertThat(document.spans())
        .filteredOn(span -> IN_KEBAB_CASE.matcher(span).matches())
        .allSatisfy(name -> assertThat(known).contains(name));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void theJobsBegin(Document document, @TempDir Path home) throws IOException {
    for (String block : document.blocks("properties")) {
      Files.writeString(home.resolve("application.properties"), block);
      var configuration = Configuration.read(home, Map.of("KINTONE_API_TOKEN", "t"), Map.of());
      assertThatCode(configuration::jobs).as(block).doesNotThrowAnyException();
      assertThat(configuration.jobs()).as(block).hasSize(block.contains("job.") ? 1 : 0);
    }
  }

  @ParameterizedTest
  @MethodSource("readmes")
  void thePictureIsThatOfTheRoutes(Document readme) throws IOException {
    var routes = Floorplan.ofTheShippedRoutes();
    String picture = readme.block("mermaid");
    assertThat(Document.groups(NODE, picture)).containsExactlyInAnyOrderElementsOf(routes.ids());
    assertThat(Document.groups(ARROW, picture)).containsExactlyInAnyOrderElementsOf(routes.calls());
  }

  @Test
  void bothLanguagesShowTheSame() {
    var english = Document.of("README.md");
    var japanese = Document.of("README.ja.md");
    for (String language : List.of("properties", "sh")) {
      assertThat(japanese.blocks(language)).isEqualTo(english.blocks(language));
    }
    assertThat(Transcript.japanese(japanese).numbers())
        .isEqualTo(Transcript.english(english).numbers());
  }

  @Test
  void theTranscriptsAddUp() throws IOException {
    for (Transcript transcript :
        List.of(
            Transcript.english(Document.of("README.md")),
            Transcript.japanese(Document.of("README.ja.md")))) {
      transcript.mustAddUp();
    }
  }
}
