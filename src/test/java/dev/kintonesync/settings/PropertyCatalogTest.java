package dev.kintonesync.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.form.Assignment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PropertyCatalogTest {

  private static final Path SHIPPED = Path.of("application.properties");

  @TempDir Path home;

  @ParameterizedTest
  @MethodSource("dev.kintonesync.settings.PropertyCatalog#all")
  void examplesAndDefaultsCanBeWrittenAsTheyStand(Property<?> property) {
    assertThat(property.type().reader().apply(property.example())).isNotNull();
    if (property.fallback() != null) {
      assertThat(property.type().reader().apply(property.fallback())).isNotNull();
    }
    assertThat(property.sentence()).endsWith(".");
  }

  @Test
  void theShippedFileNamesEveryPropertyWithItsSentenceAndDefault() throws IOException {
    var lines = Files.readAllLines(SHIPPED);
    for (Property<?> property : PropertyCatalog.all()) {
      String value = property.fallback() == null ? property.example() : property.fallback();
      assertThat(lines)
          .containsSequence("# " + property.sentence(), "#" + property.name() + " = " + value);
    }
  }

  @Test
  void theShippedFileNamesNothingElse() throws IOException {
    assertThat(keysOf(SHIPPED))
        .allSatisfy((key, line) -> assertThat(PropertyCatalog.find(key)).isNotNull());
  }

  @Test
  void theShippedFileIsValidAsItIsAndHasNoJob() throws IOException {
    Files.copy(SHIPPED, home.resolve("application.properties"));
    assertThat(Configuration.read(home, Map.of(), Map.of()).jobs()).isEmpty();
  }

  @Test
  void theShippedFileIsValidWhenEverythingInItIsSet() throws IOException {
    var lines =
        keysOf(SHIPPED).entrySet().stream()
            .filter(line -> !PropertyCatalog.find(line.getKey()).type().secret())
            .map(Map.Entry::getValue)
            .toList();
    Files.write(home.resolve("application.properties"), lines);
    var environment = new HashMap<String, String>();
    environment.put("KINTONE_API_TOKEN", "abc");
    environment.put("KINTONE_BASIC_AUTH_PASSWORD", "secret");

    var job = Configuration.read(home, environment, Map.of()).job("customers");

    assertThat(job.app()).isEqualTo("42");
    assertThat(job.map().assignments()).contains(Assignment.of("TEL", "電話番号"));
    assertThat(job.source()).isEqualTo(new Source.Folder(home.resolve("inbox/customers")));
  }

  @ParameterizedTest
  @CsvSource({
    "kintone.timout,kintone.timeout",
    "kintone.baseUrl,kintone.base-url",
    "timeout,kintone.timeout",
    "base-url,kintone.base-url",
    "language,lang",
    "job.customers.update_key,job.customers.update-key",
    "job.顧客.フォルダ,job.顧客.app",
    "jobs.customers.app,job.customers.app",
    "Job.customers.App,job.customers.app",
    "job.app,job.NAME.app",
    "kintone.api-tokens,kintone.api-token",
  })
  void namesTheNearestProperty(String key, String nearest) {
    assertThat(PropertyCatalog.find(key)).isNull();
    assertThat(PropertyCatalog.nearest(key)).isEqualTo(nearest);
  }

  /** The keys of the commented lines without a blank behind their {@code #}, each with its line. */
  private static Map<String, String> keysOf(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    return lines.stream()
        .filter(line -> line.matches("#[^ #-].*|[^#].*"))
        .map(line -> line.replaceFirst("^#", ""))
        .collect(Collectors.toMap(line -> line.split(" = ", 2)[0], line -> line));
  }
}
