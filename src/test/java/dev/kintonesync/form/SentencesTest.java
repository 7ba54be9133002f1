package dev.kintonesync.form;

import static dev.kintonesync.form.CustomersForm.FORM;
import static dev.kintonesync.form.CustomersForm.field;
import static dev.kintonesync.form.CustomersForm.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * Every sentence of this room as people read it, provoked by what a person would do wrong: {@code
 * sentences.txt} is for reading.
 */
class SentencesTest {

  private static final List<UserMessage> SENTENCES =
      List.of(
          refused(() -> FORM.requireKey("顧客コード")),
          refused(() -> FORM.requireKey("zzzzzzzz")),
          refused(() -> FORM.requireKey("item")),
          refused(() -> FORM.requireKey("since")),
          refused(() -> FORM.requireKey("branch")),
          refused(() -> FORM.requireKey("full")),
          refused(() -> FORM.requireKey("kana")),
          refused(() -> byName("kana")),
          refused(() -> byName("code", "TELL")),
          refused(() -> byName("code", "備考")),
          refused(() -> byName("code", "")),
          refused(() -> byName("code", "品名")),
          refused(() -> byName("code", "tel", "電話番号")),
          refused(() -> byMap(Map.of("CUST_CD", "code"), "CUST_CODE", "TEL")),
          refused(() -> byName("code", "tags[red]")),
          refused(() -> byMap(Map.of("TEL", "phone"), "TEL")),
          field("レコード番号").readOnlyReason(),
          refused("branch_name", "x"),
          refused("group", "x"),
          refused("hologram", "x"),
          refused("total", "1"),
          keyProblem("code", " "),
          keyProblem("no", "1.23456"),
          keyProblem("レコード番号", "03-1234"),
          keyProblem("no", "4.90123E+11"),
          keyProblem("no", 9.007199254740994e15),
          keyProblem("code", "1月2日"),
          keyProblem("code", "A\r\nB"),
          foreign("HR-12", "SALES"),
          foreign("HR-12", ""),
          field("rank").checkRequired(null),
          refused("name", "山"),
          refused("name", "Yamada Trading Co."),
          refused("code", "x".repeat(65)),
          refused("kana", List.of("a", "b")),
          refused("amount", "1,23"),
          refused("amount", "1234567890123"),
          refused("rate", "-2"),
          refused("rate", "101"),
          ((Converted.Value) field("amount").convert("1.23456")).notes().get(0),
          refused("rank", "a"),
          refused("tags", "red,green"),
          refused("since", "2026年4月31日"),
          refused("opens", "9時"),
          refused("visited", "2026/4/3 9時"),
          refused("since", "26/4/3"),
          refused("site", "www.example.com"),
          refused("mail", "example.com"),
          refused("tel", "なし"),
          refused("owner", json("[{\"name\":\"佐藤\"}]")),
          refused("files", "見積書.pdf"),
          refused("orders", "x"),
          refused("orders", json("[{\"value\":{\"price\":{\"value\":\"1\"}}}]")),
          refused("orders", json("[{\"value\":{\"qty\":{\"value\":\"一千\"}}}]")));

  @Test
  void everySentenceReadsAsWritten() throws IOException {
    String sentences =
        SENTENCES.stream()
            .map(
                message ->
                    message.code()
                        + "\n"
                        + MessageBundle.ENGLISH.say(message)
                        + "\n"
                        + MessageBundle.JAPANESE.say(message)
                        + "\n")
            .collect(Collectors.joining("\n"));

    try (var expected = getClass().getResourceAsStream("sentences.txt")) {
      String written = new String(Objects.requireNonNull(expected).readAllBytes(), UTF_8);
      assertThat(sentences).isEqualTo(written.replace("\r\n", "\n"));
    }
  }

  @Test
  void noSentenceOfThisRoomIsMissing() {
    assertThat(SENTENCES.stream().flatMap(SentencesTest::codes).collect(Collectors.toSet()))
        .isEqualTo(
            Arrays.stream(MessageCode.values())
                .filter(text -> text.compareTo(MessageCode.FIELDS_NEAREST) >= 0)
                .filter(text -> text.compareTo(MessageCode.TABLE_ROW) <= 0)
                .map(MessageCode::code)
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  private static Stream<String> codes(UserMessage message) {
    return Stream.concat(
        Stream.of(message.code()),
        message.arguments().stream()
            .filter(UserMessage.class::isInstance)
            .flatMap(inner -> codes((UserMessage) inner)));
  }

  private static UserMessage refused(ThrowingCallable attempt) {
    return catchThrowableOfType(UserErrorException.class, attempt).reason();
  }

  private static UserMessage refused(String code, Object value) {
    return ((Converted.Refused) field(code).convert(value)).problem();
  }

  private static UserMessage foreign(String key, String appCode) {
    return Objects.requireNonNull(
        new KeyCheck(false, appCode).problem(field("レコード番号"), "レコード番号", key));
  }

  private static UserMessage keyProblem(String code, Object key) {
    Mapping mapping = Mapping.of(FORM, List.of(code), Map.of(), field(code));
    return mapping.map(Map.of(code, key)).problems().get(0).message();
  }

  private static Mapping byName(String... columns) {
    return Mapping.of(FORM, List.of(columns), Map.of(), field("code"));
  }

  private static Mapping byMap(Map<String, String> map, String... columns) {
    return Mapping.of(FORM, List.of(columns), map, field("code"));
  }
}
