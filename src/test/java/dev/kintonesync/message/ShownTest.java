package dev.kintonesync.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What others wrote can forge no line and move no cursor where a person reads it. */
class ShownTest {

  @ParameterizedTest
  @CsvSource({
    "10, \\n",
    "13, \\r",
    "9, \\t",
    "0, \\x00",
    "27, \\x1b",
    "127, \\x7f",
    "155, \\x9b",
    "133, \\x85",
    "1564, \\u061c",
    "8206, \\u200e",
    "8232, \\u2028",
    "8233, \\u2029",
    "8238, \\u202e",
    "8234, \\u202a",
    "8294, \\u2066",
    "8297, \\u2069",
    "56449, \\udc81"
  })
  void whatHasNoShapeIsEscaped(int character, String shown) {

    assertThat(Shown.text("a" + Character.toString(character) + "b")).isEqualTo("a" + shown + "b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"顧客名 ｶﾅ　①髙𠮷", "👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️", "C:\\new\\table", "é ü ß"})
  void whatPeopleWriteStays(String text) {
    assertThat(Shown.text(text)).isEqualTo(text);
    assertThat(Shown.lines(text)).isEqualTo(text);
    assertThat(Shown.output(text)).isEqualTo(text);
  }

  @Test
  void aFurtherLineNeverBeginsWhereALineOfALogBegins() {
    assertThat(Shown.lines("said\n2026-01-01 forged\r\n\tat x\u2028y\u001b[2J"))
        .isEqualTo("said\n    2026-01-01 forged\n\tat x\n    y\\x1b[2J");
  }

  @Test
  void theOutputForAProgramReadsAsItWas() {
    assertThat(Shown.output("{\"a\":\n\"\u009b2J\u202e\"}"))
        .isEqualTo("{\"a\":\n\"\\u009b2J\\u202e\"}");
  }

  @Test
  void namesAreShortAndFew() {
    assertThat(Shown.name("x".repeat(61))).isEqualTo("x".repeat(60) + "…");
    assertThat(Shown.name("x".repeat(59) + "😀😀")).isEqualTo("x".repeat(59) + "…");
    List<String> many = IntStream.range(0, 5000).mapToObj(i -> "c" + i).toList();
    assertThat(Shown.names(many)).endsWith("c18, c19, … (+4980)");
    assertThat(Shown.names(List.of("a", "b\n"))).isEqualTo("a, b\\n");
  }

  @Test
  void everyArgumentOfAMessageIsShownSoAndItsOwnLineEndsStay() {
    var inner = MessageCode.FILE_MISSING.with("a\n\u001b[31m.csv");
    for (var bundle : List.of(MessageBundle.ENGLISH, MessageBundle.JAPANESE)) {
      assertThat(bundle.say(MessageCode.FILE_UNREADABLE.with("b\u202e", inner)))
          .contains("a\\n\\x1b[31m.csv", "b\\u202e");
    }
    assertThat(MessageCode.FILE_MISSING.with("y".repeat(1 << 20)).toString().length())
        .isLessThan(5000);
  }
}
