package dev.kintonesync.form;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several options in one text, where each would have a line of its own. */
class JoinedOptionsTest {

  private static Field field(String... options) throws Exception {
    var fields = new ObjectMapper().createObjectNode();
    var field = fields.putObject("cb").put("type", "CHECK_BOX").put("label", "cb");
    var named = field.putObject("options");
    for (int i = 0; i < options.length; i++) {
      named.putObject(options[i]).put("label", options[i]).put("index", i);
    }
    JsonNode answer = new ObjectMapper().createObjectNode().set("properties", fields);
    return Form.of("1", answer, NumberPrecision.KINTONE_DEFAULT).fields().iterator().next();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '!',
      value = {
        "赤,青",
        "赤, 青",
        "赤、青",
        "赤;青",
        "赤；青",
        "赤|青",
        "赤/青",
        "赤・青",
        "'赤 青'",
        "赤　青",
        "'赤\t青'",
        "'赤,青,'",
        "'赤,青,赤'",
        "'赤,\n青'",
        "' 赤 \n青\u00a0'"
      })
  void whatCanOnlyMeanSeveralOptionsIsUnderstood(String text) throws Exception {
    assertThat(field("赤", "青", "緑").convert(text))
        .isInstanceOfSatisfying(
            Converted.Value.class, value -> assertThat(value.json()).hasToString("[\"赤\",\"青\"]"));
  }

  @Test
  void anOptionWithASeparatorInItIsOneOption() throws Exception {
    Field field = field("赤", "青", "赤,青", "白/黒");

    assertThat(field.convert("赤,青"))
        .isInstanceOfSatisfying(
            Converted.Value.class, value -> assertThat(value.json()).hasToString("[\"赤,青\"]"));
    assertThat(field.convert("青,赤")).isInstanceOf(Converted.Refused.class);
    assertThat(field.convert("赤;白/黒"))
        .isInstanceOfSatisfying(
            Converted.Value.class,
            value -> assertThat(value.json()).hasToString("[\"赤\",\"白/黒\"]"));
  }

  @Test
  void whereOnePartIsNoOptionTheReasonNamesTheWayToWriteSeveral() throws Exception {
    assertThat(field("赤", "青").convert("赤,黒"))
        .isInstanceOfSatisfying(
            Converted.Refused.class,
            refused ->
                assertThat(refused.problem().toString())
                    .contains("on its own line", "split(,)", "赤, 青"));
    assertThat(field("赤", "青").convert("黒,白"))
        .isInstanceOfSatisfying(
            Converted.Refused.class,
            refused -> assertThat(refused.problem().toString()).doesNotContain("split"));
  }
}
