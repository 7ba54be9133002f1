package dev.kintonesync.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The demo as a readme shows it: lines that the program says in that language. */
record Transcript(List<String> lines, ResourceBundle sentences) {
  private static final Pattern GAP = Pattern.compile("\\{\\d(?: ([^{}|]+)\\|([^{}|]+))?}");

  static Transcript english(Document readme) {
    return of(readme, Locale.ENGLISH);
  }

  static Transcript japanese(Document readme) {
    return of(readme, Locale.JAPANESE);
  }

  private static Transcript of(Document readme, Locale locale) {
    var lines = readme.block("console").lines().filter(line -> !line.isEmpty()).toList();
    return new Transcript(
        lines.subList(1, lines.size()),
        ResourceBundle.getBundle("dev.kintonesync.message.messages", locale));
  }

  /** Every line is one that the program says; the counts are those of the sample. */
  void mustAddUp() throws IOException {
    assertThat(lines).allSatisfy(line -> assertThat(said(line)).as(line).isTrue());
    var counts = numbers("counts");
    assertThat(counts).hasSize(3);
    for (var run : counts) {
      assertThat(run.get(0)).isEqualTo(sum(run));
    }
    var costs = numbers("demo-cost");
    assertThat(costs).hasSize(3);
    for (var cost : costs) {
      assertThat(cost.get(0)).isEqualTo(sum(cost));
    }
    var lastMonth = counts.get(0);
    var thisMonth = counts.get(1);
    var again = counts.get(2);
    assertThat(lastMonth.get(0)).isEqualTo(rows("postal-codes-last-month.csv"));
    assertThat(thisMonth.get(0)).isEqualTo(rows("postal-codes-this-month.csv"));
    assertThat(thisMonth.get(2) + thisMonth.get(3)).isEqualTo(lastMonth.get(1));
    assertThat(again.get(3)).isEqualTo(lastMonth.get(1) + thisMonth.get(1));
    assertThat(costs.get(2).subList(2, 4)).as("writes of the second time").containsOnly(0);
  }

  /** The counts of every run, then the costs of every run. */
  List<List<Integer>> numbers() {
    return Stream.of("counts", "demo-cost").flatMap(key -> numbers(key).stream()).toList();
  }

  private boolean said(String line) {
    return sentences.keySet().stream()
        .filter(key -> key.matches("counts|understood-text|rejects-are-in|page-served|demo-.*"))
        .anyMatch(key -> pattern(key).matcher(line).matches());
  }

  private List<List<Integer>> numbers(String key) {
    return lines.stream()
        .map(line -> pattern(key).matcher(line))
        .filter(Matcher::matches)
        .map(
            found ->
                IntStream.rangeClosed(1, found.groupCount())
                    .mapToObj(group -> Integer.valueOf(found.group(group).replace(",", "")))
                    .toList())
        .toList();
  }

  private Pattern pattern(String key) {
    String numbers = key.matches("counts|demo-cost") ? "([0-9,]+)" : "(.+)";
    String sentence = sentences.getString(key);
    var pattern = new StringBuilder();
    int end = 0;
    for (var gap : GAP.matcher(sentence).results().toList()) {
      pattern.append(Pattern.quote(sentence.substring(end, gap.start()))).append(numbers);
      if (gap.group(1) != null) {
        pattern.append(" (?:").append(gap.group(1)).append('|').append(gap.group(2)).append(')');
      }
      end = gap.end();
    }
    return Pattern.compile(pattern + Pattern.quote(sentence.substring(end)));
  }

  private static int sum(List<Integer> numbers) {
    return numbers.stream().skip(1).mapToInt(Integer::intValue).sum();
  }

  private static int rows(String sample) throws IOException {
    return Files.readAllLines(Path.of("demo", sample)).size() - 1;
  }
}
