package dev.kintonesync.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.MapEdit.Choice;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MapEditTest {
  @Test
  void whatATableOfColumnsCannotSayStaysAsItIsWritten() {
    String before =
        "SEI + ' ' + MEI=氏名 | trim, CODE=code | pad(7), CODE=code2, '本社' =登録元, 'x'=y | upper,"
            + " TEL=tel";
    var columns =
        List.of(
            new Choice("SEI", null, ""),
            new Choice("MEI", "kana", "nfkc"),
            new Choice("CODE", "code", "nfkc | pad(5)"),
            new Choice("TEL", null, ""),
            new Choice("a, \"b\"=c", "明細.品番", ""));
    assertThat(MapEdit.edited(before, columns, Map.of("登録元", "支社's", "memo", "-")))
        .isEqualTo(
            "SEI + ' ' + MEI=氏名 | trim, CODE=code | nfkc | pad(5), CODE=code2, '支社''s'=登録元,"
                + " 'x'=y | upper, MEI=kana | nfkc, \"a, \"\"b\"\"=c\"=明細.品番, '-'=memo");
    assertThat(MapEdit.edited("", List.of(new Choice("A", "a", "")), Map.of())).isEqualTo("A=a");
    // without any pair the columns would go by their names, which nobody has said
    assertThatThrownBy(
            () -> MapEdit.edited("A=a, 'x'=b", List.of(new Choice("A", null, "")), Map.of()))
        .isInstanceOfSatisfying(
            UserErrorException.class,
            e -> assertThat(e.reason().text()).isEqualTo(MessageCode.MAP_WITHOUT_PAIRS));
  }

  @Test
  void aStepThatIsNoneAndAFieldThatIsFilledTwiceAreToldAtTheirColumn() {
    for (String steps : List.of("foo", "pad(", "trim, B=b", "pad")) {
      assertThatThrownBy(() -> MapEdit.edited("", List.of(new Choice("A", "a", steps)), Map.of()))
          .as(steps)
          .isInstanceOfSatisfying(
              MapEdit.RefusedException.class, e -> assertThat(e.column()).isEqualTo("A"));
    }
    assertThatThrownBy(() -> MapEdit.edited("A + B=a", List.of(new Choice("C", "a", "")), Map.of()))
        .isInstanceOfSatisfying(
            MapEdit.RefusedException.class, e -> assertThat(e.column()).isEqualTo("C"));
  }
}
