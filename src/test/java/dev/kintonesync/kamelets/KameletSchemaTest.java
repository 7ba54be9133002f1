package dev.kintonesync.kamelets;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The Kamelets are valid by what Camel publishes: the resource by the definition of Kamelets for
 * Kubernetes, its properties by the meta schema of JSON Schema, its template by the schema of
 * Camel's YAML. And they keep the habits of Camel's own catalogue.
 */
class KameletSchemaTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static JsonSchemaFactory schemas;

  /** Takes a while to read. */
  private static JsonSchema camelYaml;

  @BeforeAll
  static void readSchema() {
    schemas = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4);
    camelYaml = schemas.getSchema(published("/schema/camelYamlDsl.json"));
  }

  /** They fill a third of a gigabyte, in a process that has other tests to run. */
  @AfterAll
  static void letGo() {
    schemas = null;
    camelYaml = null;
  }

  static Stream<Path> kamelets() throws Exception {
    try (var files = Files.list(Path.of("kamelets"))) {
      return files
          .filter(file -> file.toString().endsWith(".kamelet.yaml"))
          .sorted()
          .toList()
          .stream();
    }
  }

  private static JsonNode yaml(String text) {
    return JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(text));
  }

  private static String published(String resource) {
    try (var in =
        Objects.requireNonNull(
            KameletSchemaTest.class.getResourceAsStream(resource), resource + " is not there")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode kameletSchema() {
    var schema =
        yaml(published("/camel.apache.org_kamelets.yaml"))
            .at("/spec/versions/0/schema/openAPIV3Schema");
    refuseUnknown(schema);
    return schema;
  }

  /** As Kubernetes does with strict validation; else it takes unknown properties out silently. */
  private static void refuseUnknown(JsonNode schema) {
    if (schema.has("properties")
        && !schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()
        && !schema.has("additionalProperties")) {
      ((ObjectNode) schema).put("additionalProperties", false);
    }
    schema.forEach(KameletSchemaTest::refuseUnknown);
  }

  private static Set<String> faults(JsonSchema schema, JsonNode of) {
    return schema.validate(of).stream().map(Object::toString).collect(Collectors.toSet());
  }

  @ParameterizedTest
  @MethodSource("kamelets")
  void aKameletIsValidByThePublishedSchema(Path file) throws Exception {
    var kamelet = yaml(Files.readString(file));

    assertThat(faults(schemas.getSchema(kameletSchema()), kamelet)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("kamelets")
  void itsPropertiesAreAValidSchemaAndTheirDefaultsFitThem(Path file) throws Exception {
    var definition = yaml(Files.readString(file)).at("/spec/definition");

    var metaSchema = schemas.getSchema(published("/draft-04/schema"));
    assertThat(faults(metaSchema, definition)).isEmpty();
    var defaults = JSON.createObjectNode();
    definition
        .path("properties")
        .properties()
        .forEach(
            property -> {
              var schema = property.getValue();
              assertThat(schema.has("title") && schema.has("description"))
                  .as(property.getKey())
                  .isTrue();
              if (schema.has("default")) {
                defaults.set(property.getKey(), schema.path("default"));
              }
            });
    assertThat(faults(schemas.getSchema(definition), defaults)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("kamelets")
  void itsTemplateIsValidCamelYaml(Path file) throws Exception {
    var template = yaml(Files.readString(file)).at("/spec/template");
    var routes = JSON.createArrayNode();
    routes.addObject().set("beans", template.path("beans"));
    routes.addObject().set("from", template.path("from"));

    assertThat(faults(camelYaml, routes)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("kamelets")
  void itIsNamedAndLabelledAsTheCatalogueDoes(Path file) throws Exception {
    var kamelet = yaml(Files.readString(file));
    String name = kamelet.at("/metadata/name").asText();
    String type =
        kamelet.path("metadata").path("labels").path("camel.apache.org/kamelet.type").asText();

    assertThat(kamelet.path("apiVersion").asText()).isEqualTo("camel.apache.org/v1");
    assertThat(kamelet.path("kind").asText()).isEqualTo("Kamelet");
    assertThat(file).hasFileName(name + ".kamelet.yaml");
    assertThat(name).matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?").endsWith("-" + type);
    assertThat(type).isIn("source", "sink", "action");
    assertThat(kamelet.at("/spec/template").toString())
        .contains(type.equals("source") ? "kamelet:sink" : "kamelet:source");
    assertThat(kamelet.at("/spec/dependencies"))
        .allMatch(each -> each.asText().startsWith("camel:"));
  }

  @ParameterizedTest
  @MethodSource("kamelets")
  void noPropertyIsAnOptionOfCamelsOwn(Path file) throws Exception {
    var properties = yaml(Files.readString(file)).at("/spec/definition/properties");
    var bundle =
        JSON.readTree(published("/META-INF/org/apache/camel/component/kamelet/kamelet.json"));

    // Camel takes those for itself, and the Kamelet never gets them
    for (String option : List.of("componentProperties", "properties")) {
      bundle
          .path(option)
          .fieldNames()
          .forEachRemaining(taken -> assertThat(properties.has(taken)).as(taken).isFalse());
    }
  }
}
