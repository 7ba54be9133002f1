package dev.kintonesync.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Japanese documents have what the English ones have, in the same order. */
class TranslationTest {
  private static final Pattern HEADING = Pattern.compile("(?m)^(#+) .*$");
  private static final Pattern FENCED = Pattern.compile("(?ms)^```\\w*\\n.*?^```$");
  private static final Pattern PROPERTY =
      Pattern.compile("^\\| `([^`]+)` \\| (.+) \\| ([^|]+) \\| (`[^|]+`)? ?\\| (`.+`) \\|$");

  @ParameterizedTest
  @ValueSource(strings = {"jobs", "operations", "extending", "plan", "setup"})
  void headingsBlocksAndTablesAreTheSame(String name) throws IOException {
    String english = text(name + ".md");
    String japanese = text(name + ".ja.md");
    assertThat(blocks(japanese)).isEqualTo(blocks(english));
    assertThat(outline(japanese)).isEqualTo(outline(english));
  }

  @ParameterizedTest
  @ValueSource(strings = {"jobs", "operations", "extending", "plan", "setup"})
  void theJapaneseDocumentIsJapanese(String name) throws IOException {
    for (String line : prose(text(name + ".ja.md")).lines().toList()) {
      if (line.matches(".*[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}.*")) {
        assertThat(line).containsPattern("[\\u3040-\\u30ff\\u4e00-\\u9fff]");
      }
    }
  }

  @Test
  void thePropertiesAreTheSame() throws IOException {
    var english = properties(text("jobs.md"));
    assertThat(english).hasSizeGreaterThan(100);
    assertThat(properties(text("jobs.ja.md"))).isEqualTo(english);
  }

  @Test
  void theJapaneseReadmeLeadsToTheJapaneseDocuments() {
    assertThat(Document.of("README.ja.md").links())
        .contains("docs/jobs.ja.md", "docs/operations.ja.md", "docs/extending.ja.md")
        .doesNotContain("docs/jobs.md", "docs/operations.md", "docs/extending.md");
  }

  /** The levels of the headings, the rows of the tables and the items of the lists. */
  private static List<String> outline(String text) {
    var outline = new ArrayList<String>();
    for (String line : prose(text).lines().toList()) {
      var heading = HEADING.matcher(line);
      if (heading.matches()) {
        outline.add(heading.group(1));
      } else if (line.startsWith("| ")) {
        outline.add("row");
      } else if (line.startsWith("- ") || line.startsWith("  - ")) {
        outline.add("item");
      }
    }
    return outline;
  }

  /** Name, default and example of each property, as the tables have them. */
  private static List<List<String>> properties(String text) {
    return text.lines()
        .map(PROPERTY::matcher)
        .filter(Matcher::matches)
        .map(row -> List.of(row.group(1), String.valueOf(row.group(4)), row.group(5)))
        .toList();
  }

  private static List<String> blocks(String text) {
    return FENCED.matcher(text).results().map(found -> found.group()).toList();
  }

  private static String prose(String text) {
    return FENCED.matcher(text).replaceAll("");
  }

  private static String text(String file) throws IOException {
    return Files.readString(Path.of("docs", file));
  }
}
