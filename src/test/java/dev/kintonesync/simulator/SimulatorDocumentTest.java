package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.simulator.state.DomainSettings;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/simulator.md} says what is so. {@code -Dupdate.docs=true} writes its tables of calls
 * and of behaviours anew.
 */
class SimulatorDocumentTest {
  private static final Path DOCUMENT = Path.of("docs/simulator.md");
  private static final String MISSING = "missing";

  private static String document() throws IOException {
    return Files.readString(DOCUMENT);
  }

  /** The rows of the table below a heading, without its head. */
  private static List<List<String>> table(String heading) throws IOException {
    Matcher section =
        Pattern.compile("(?s)\n## " + heading + "\n.*?(?=\n## |$)").matcher(document() + "\n## ");
    assertThat(section.find()).as("a section " + heading).isTrue();
    List<List<String>> rows =
        section
            .group()
            .lines()
            .filter(line -> line.startsWith("|"))
            .map(line -> List.of(line.substring(1, line.length() - 1).split("(?<!\\\\)\\|", -1)))
            .map(cells -> cells.stream().map(String::strip).toList())
            .toList();
    return rows.subList(2, rows.size());
  }

  private static void replaceTable(List<List<String>> before, List<List<String>> after)
      throws IOException {
    String text = document();
    String old = lines(before);
    assertThat(text).contains(old);
    Files.writeString(DOCUMENT, text.replace(old, lines(after)));
  }

  private static String lines(List<List<String>> rows) {
    return rows.stream().map(SimulatorDocumentTest::line).collect(Collectors.joining());
  }

  private static String line(List<String> cells) {
    return cells.stream()
        .map(cell -> cell.isEmpty() ? " " : " " + cell + " ")
        .collect(Collectors.joining("|", "|", "|\n"));
  }

  @Test
  void theExampleIsTheOneThatRuns() throws IOException {
    String source =
        Files.readString(Path.of("src/test/java/dev/kintonesync/simulator/junit/ExampleTest.java"));
    String example = source.substring(source.indexOf("@ExtendWith"));
    assertThat(document()).contains("```java\n" + example + "```\n");
  }

  @Test
  void everySettingHasItsNameAndDefault() throws IOException {
    Map<String, String> documented = new TreeMap<>();
    for (List<String> row : table("Settings")) {
      documented.put(row.get(0), row.get(1));
    }
    Map<String, String> real = new TreeMap<>();
    DomainSettings.DEFAULTS
        .toJson()
        .properties()
        .forEach(e -> real.put("`" + e.getKey() + "`", e.getValue().asText()));
    assertThat(documented).isEqualTo(real);
  }

  @Test
  void everyCallIsListed() throws IOException {
    Map<String, TreeSet<String>> real = new TreeMap<>();
    for (String line : Simulator.endpoints()) {
      String[] words = line.split(" ");
      real.computeIfAbsent(words[1], resource -> new TreeSet<>()).add(words[0]);
    }
    List<List<String>> rows = new ArrayList<>();
    real.forEach(
        (resource, methods) ->
            rows.add(List.of("`" + resource + ".json`", String.join(", ", methods))));
    assertListed("Calls", rows);
  }

  @Test
  void everyBehaviourIsListedWithItsTests() throws Exception {
    Map<Integer, TreeSet<String>> tests = new TreeMap<>();
    Map<Integer, TreeSet<String>> evidence = new TreeMap<>();
    for (Method method : behaviours()) {
      Behaviour behaviour = method.getAnnotation(Behaviour.class);
      tests
          .computeIfAbsent(behaviour.number(), n -> new TreeSet<>())
          .add("`" + method.getDeclaringClass().getSimpleName() + "." + method.getName() + "`");
      evidence
          .computeIfAbsent(behaviour.number(), n -> new TreeSet<>())
          .addAll(List.of(behaviour.evidence().split(",")));
    }
    List<List<String>> listed = table("Behaviours");
    assertThat(listed)
        .extracting(row -> row.get(0))
        .isEqualTo(IntStream.rangeClosed(1, listed.size()).mapToObj(Integer::toString).toList())
        .containsAll(tests.keySet().stream().map(String::valueOf).toList());
    assertListed(
        "Behaviours",
        listed.stream()
            .map(
                row -> {
                  int number = Integer.parseInt(row.get(0));
                  boolean tested = tests.containsKey(number);
                  return List.of(
                      row.get(0),
                      row.get(1),
                      tested ? String.join(",", evidence.get(number)) : row.get(2),
                      tested ? String.join(", ", tests.get(number)) : MISSING);
                })
            .toList());
  }

  /** The tests of this package that hold a behaviour. */
  private static List<Method> behaviours() throws Exception {
    Class<?> here = SimulatorDocumentTest.class;
    Path folder = Path.of(here.getResource(here.getSimpleName() + ".class").toURI()).getParent();
    List<Method> behaviours = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        String name = file.getFileName().toString().replace(".class", "");
        Class<?> type = Class.forName(here.getPackageName() + "." + name);
        for (Method method : type.getDeclaredMethods()) {
          if (method.isAnnotationPresent(Behaviour.class)) {
            behaviours.add(method);
          }
        }
      }
    }
    return behaviours;
  }

  @Test
  void everyControlThatIsListedIsThere() throws IOException {
    try (Simulator simulator = Simulator.start()) {
      Wire wire = new Wire(simulator.url());
      for (List<String> row : table("Controls")) {
        String[] line = row.get(0).replace("`", "").split(" ");
        assertThat(wire.send(line[0], line[1], "{}").status()).as(row.get(0)).isIn(200, 400);
      }
    }
  }

  private static void assertListed(String heading, List<List<String>> rows) throws IOException {
    if (Boolean.getBoolean("update.docs")) {
      replaceTable(table(heading), rows);
    }
    assertThat(lines(table(heading)))
        .as("docs/simulator.md, section %s; -Dupdate.docs=true writes it anew", heading)
        .isEqualTo(lines(rows));
  }
}
