package dev.kintonesync.kintone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Answers are kept in smaller nodes than Jackson's own, and read the same. */
class CompactNodeFactoryTest {
  private static final ObjectMapper PLAIN = new ObjectMapper();

  @Provide
  Arbitrary<List<Map.Entry<String, String>>> properties() {
    var names = Arbitraries.strings().ofMaxLength(2);
    var values = Arbitraries.strings().ofMaxLength(40);
    return Combinators.combine(names, values).as(Map::entry).list().ofMaxSize(15);
  }

  @Property(tries = 300)
  void anyObjectReadsAsJacksonReadsIt(
      @ForAll("properties") List<Map.Entry<String, String>> properties) throws Exception {
    var written = new StringBuilder("{");
    for (var property : properties) {
      written
          .append(written.length() > 1 ? "," : "")
          .append(PLAIN.writeValueAsString(property.getKey()))
          .append(":{\"value\":")
          .append(PLAIN.writeValueAsString(property.getValue()))
          .append("}");
    }
    String json = written.append("}").toString();

    JsonNode read = read(json);
    JsonNode expected = PLAIN.readTree(json);

    assertThat(read).isEqualTo(expected).hasSameHashCodeAs(expected).hasSize(expected.size());
    assertThat(read.toString()).isEqualTo(expected.toString());
    var names = new ArrayList<String>();
    read.fieldNames().forEachRemaining(names::add);
    assertThat(names)
        .containsExactlyElementsOf(expected.properties().stream().map(Map.Entry::getKey).toList());
    names.forEach(name -> assertThat(read.path(name)).isEqualTo(expected.path(name)));
    assertThat(read.has("not there")).isFalse();
  }

  @Test
  void aTextThatComesAgainIsKeptOnce() {
    var records =
        read("{\"records\":[{\"type\":\"NUMBER\"},{\"type\":\"NUMBER\"}]}").path("records");

    assertThat(records.get(0).get("type")).isSameAs(records.get(1).get("type"));
  }

  private static JsonNode read(String json) {
    var answer = AnswerReader.read(200, json.getBytes(StandardCharsets.UTF_8));
    return ((Answer.Done) answer).body();
  }
}
