package dev.kintonesync.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.settings.Property;
import dev.kintonesync.settings.PropertyCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/jobs.md} names every property just as the reference does. */
class JobsDocumentTest {
  private static final Path DOCUMENT = Path.of("docs", "jobs.md");
  private static final String BEGIN = "<!-- made from the reference by JobsDocumentTest -->\n";
  private static final String END = "<!-- end -->\n";
  private static final String HEAD =
      """

      ## %s

      | property | what it is | type | default | example |
      | --- | --- | --- | --- | --- |
      """;

  @Test
  void theDocumentNamesThePropertiesAsTheReferenceDoes() throws IOException {
    String document = Files.readString(DOCUMENT);
    assertThat(document).containsOnlyOnce(BEGIN).containsOnlyOnce(END);
    String before = document.substring(0, document.indexOf(BEGIN) + BEGIN.length());
    String expected = before + tables() + document.substring(document.indexOf(END));
    if (Boolean.getBoolean("write.docs")) {
      Files.writeString(DOCUMENT, expected);
      return;
    }
    assertThat(document)
        .as("docs/jobs.md; mvn test -Dtest=JobsDocumentTest -Dwrite.docs=true writes it anew")
        .isEqualTo(expected);
  }

  private static String tables() {
    Predicate<Property<?>> secret = property -> property.type().secret();
    Predicate<Property<?>> ofJob = Property::ofJob;
    return table("Properties of all jobs", secret.or(ofJob).negate())
        + table("Properties of one job", ofJob.and(secret.negate()))
        + table("Secrets", secret)
        + "\n";
  }

  private static String table(String title, Predicate<Property<?>> which) {
    return PropertyCatalog.all().stream()
        .filter(which)
        .map(JobsDocumentTest::row)
        .collect(Collectors.joining("", HEAD.formatted(title), ""));
  }

  private static String row(Property<?> property) {
    String fallback = property.fallback() == null ? "" : "`" + property.fallback() + "`";
    return "| `%s` | %s | %s | %s | `%s` |\n"
        .formatted(
            property.name(),
            property.sentence(),
            property.type().description(),
            fallback,
            property.example());
  }
}
