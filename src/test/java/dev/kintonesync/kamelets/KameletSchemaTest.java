package dev.kintonesync.kamelets;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The Kamelets have what the schema of the Kamelet resource (camel.apache.org/v1) demands, and
 * nothing that it does not know; that their templates are valid is shown by the tests that use
 * them.
 */
class KameletSchemaTest {
  private static final Set<String> TYPES =
      Set.of("string", "integer", "number", "boolean", "object", "array", "null");

  static Stream<Path> kamelets() throws Exception {
    try (var files = Files.list(Path.of("kamelets"))) {
      return files
          .filter(file -> file.toString().endsWith(".kamelet.yaml"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("kamelets")
  @SuppressWarnings("unchecked")
  void aKameletIsValid(Path file) throws Exception {
    var kamelet =
        (Map<String, Object>)
            new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));

    assertThat(kamelet).containsOnlyKeys("apiVersion", "kind", "metadata", "spec");
    assertThat(kamelet).containsEntry("apiVersion", "camel.apache.org/v1");
    assertThat(kamelet).containsEntry("kind", "Kamelet");
    var metadata = (Map<String, Object>) kamelet.get("metadata");
    String name = String.valueOf(metadata.get("name"));
    assertThat(file).hasFileName(name + ".kamelet.yaml");
    assertThat(name).matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    String type =
        String.valueOf(
            ((Map<String, Object>) metadata.get("labels")).get("camel.apache.org/kamelet.type"));
    assertThat(type).isIn("source", "sink", "action");
    assertThat(name).endsWith("-" + type);

    var spec = (Map<String, Object>) kamelet.get("spec");
    assertThat(spec.keySet())
        .isSubsetOf("definition", "dependencies", "template", "dataTypes", "types", "sources");
    var definition = (Map<String, Object>) spec.get("definition");
    assertThat(definition).containsKeys("title", "description").containsEntry("type", "object");
    assertThat(definition.keySet())
        .isSubsetOf("title", "description", "type", "properties", "required");
    var properties = (Map<String, Map<String, Object>>) definition.get("properties");
    properties.forEach(
        (property, schema) -> {
          assertThat(schema).as(property).containsKeys("title", "description");
          assertThat(schema.get("type")).as(property).isIn(TYPES);
          assertThat(schema.keySet())
              .as(property)
              .isSubsetOf("title", "description", "type", "default", "example", "enum", "format");
        });
    assertThat(properties.keySet())
        .containsAll((List<String>) definition.getOrDefault("required", List.of()));
    assertThat((List<String>) spec.get("dependencies")).allMatch(each -> each.startsWith("camel:"));
    var template = (Map<String, Object>) spec.get("template");
    assertThat(template.keySet()).isSubsetOf("beans", "from", "route", "id");
    assertThat(String.valueOf(template))
        .contains(type.equals("source") ? "kamelet:sink" : "kamelet:source");
  }
}
