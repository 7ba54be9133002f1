package dev.kintonesync.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.Overlap;
import dev.kintonesync.sync.Mode;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTypeTest {

  @ParameterizedTest
  @ValueSource(strings = {"0", "0s", "0 m", "0h", "0ms"})
  void noOverlapMayHaveAUnit(String written) {
    assertThat(SourceValues.OVERLAP.reader().apply(written))
        .isEqualTo(new Overlap(Duration.ZERO, 0L));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0d", "-1s", "s", "0 0s"})
  void anOverlapThatIsNoneIsRefused(String written) {
    assertThatThrownBy(() -> SourceValues.OVERLAP.reader().apply(written))
        .isInstanceOf(UserErrorException.class);
  }

  @ParameterizedTest
  @CsvSource({"1ms,PT0.001S", "250ms,PT0.25S", "60s,PT1M", "15m,PT15M", "2 h,PT2H", "168h,PT168H"})
  void readsDurations(String value, Duration duration) {
    assertThat(ValueType.DURATION.reader().apply(value)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"60", "0s", "-1s", "1.5h", "1d", "M5", "5M", "169h", "9999999999s", "１s"})
  void refusesWhatIsNoDuration(String value) {
    assertThat(refusal(ValueType.DURATION, value))
        .isEqualTo(MessageCode.NOT_A_DURATION.with(value));
  }

  @ParameterizedTest
  @CsvSource({"1KB,1024", "512 kb,524288", "8MB,8388608", "1GB,1073741824"})
  void readsSizesInBytes(String value, long bytes) {
    assertThat(ValueType.SIZE.reader().apply(value)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"8", "0MB", "2GB", "1025MB", "999999999GB", "8MiB", "8 B", "-1KB"})
  void refusesWhatIsNoSize(String value) {
    assertThat(refusal(ValueType.SIZE, value)).isEqualTo(MessageCode.NOT_A_SIZE.with(value));
  }

  @Test
  void numbersHaveLimits() {
    var number = ValueType.number(1, 100);
    assertThat(number.reader().apply("1")).isEqualTo(1);
    assertThat(number.reader().apply("100")).isEqualTo(100);
    for (String value : List.of("0", "101", "-1", "1.0", "ten", "99999999999")) {
      assertThat(refusal(number, value)).isEqualTo(MessageCode.NOT_A_NUMBER.with(value, 1, 100));
    }
  }

  @Test
  void wordsAreReadInUpperAndLowerCase() {
    assertThat(ValueType.oneOf(Mode.class).reader().apply("Upsert")).isEqualTo(Mode.UPSERT);
    assertThat(refusal(ValueType.oneOf("en", "ja"), "jp"))
        .isEqualTo(MessageCode.NOT_ONE_OF.with("jp", "en, ja"));
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.cybozu.com,https://example.cybozu.com",
    "https://example.cybozu.com/,https://example.cybozu.com",
    "HTTPS://example.cybozu.com/k/,https://example.cybozu.com",
    "https://example.cybozu.com/k,https://example.cybozu.com",
    "https://proxy.example.com:8443,https://proxy.example.com:8443",
    "http://127.0.0.1:8080/k/,http://127.0.0.1:8080",
    "http://localhost:1,http://localhost:1",
    "http://[::1]:1,http://[::1]:1",
  })
  void anAddressIsSchemeAndHost(String value, URI url) {
    assertThat(ValueType.BASE_URL.reader().apply(value)).isEqualTo(url);
  }

  @ParameterizedTest
  @CsvSource({
    "example.cybozu.com,URL_UNREADABLE",
    "ftp://example.cybozu.com,URL_UNREADABLE",
    "https://,URL_UNREADABLE",
    "https:///k/,URL_UNREADABLE",
    "https://exa mple,URL_UNREADABLE",
    "https://me:geheim@example.com,URL_WITH_PASSWORD",
    "https://example.cybozu.com/k/42/,URL_WITH_PATH",
    "https://example.cybozu.com/k/?a=1,URL_WITH_PATH",
    "https://example.cybozu.com/k/#/space,URL_WITH_PATH",
    "http://example.cybozu.com,URL_IN_CLEAR",
    "http://127.0.0.1.example.com,URL_IN_CLEAR",
    "http://192.168.0.1,URL_IN_CLEAR",
  })
  void otherAddressesAreRefused(String value, MessageCode why) {
    var refused = refusal(ValueType.BASE_URL, value);
    assertThat(refused.text()).isEqualTo(why);
    assertThat(refused.toString()).doesNotContain("geheim");
  }

  @Test
  void saysWhichAddressToWrite() {
    assertThat(refusal(ValueType.BASE_URL, "https://example.cybozu.com:444/k/42/").toString())
        .endsWith("https://example.cybozu.com:444");
    assertThat(refusal(ValueType.BASE_URL, "http://example.cybozu.com/").toString())
        .endsWith("https://example.cybozu.com");
  }

  @Test
  void tokensAreSeparatedByCommas() {
    assertThat(ValueType.TOKENS.reader().apply("a1 , b2,c3")).containsExactly("a1", "b2", "c3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"geheim,", ",geheim", "geheim,,b", "geheim b", "geheim\nX: y", "geheim秘密"})
  void refusesWhatCannotBeTokensWithoutShowingIt(String value) {
    var refused = refusal(ValueType.TOKENS, value);
    assertThat(refused).isEqualTo(MessageCode.NOT_TOKENS.with());
  }

  @Test
  void kintoneTakesNineTokens() {
    String nine = String.join(",", IntStream.range(0, 9).mapToObj(i -> "geheim" + i).toList());
    assertThat(ValueType.TOKENS.reader().apply(nine)).hasSize(9);
    assertThat(refusal(ValueType.TOKENS, nine + ",x"))
        .isEqualTo(MessageCode.TOO_MANY_TOKENS.with(10, 9));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "042", "app", "4２", "1,2"})
  void refusesWhatIsNoId(String value) {
    assertThat(refusal(ValueType.ID, value)).isEqualTo(MessageCode.NOT_AN_ID.with(value));
  }

  @Test
  void refusesWhatTheSystemCannotTakeAsAPath() {
    assertThat(refusal(ValueType.PATH, "a\0b").text()).isEqualTo(MessageCode.NOT_A_PATH);
  }

  private static UserMessage refusal(ValueType<?> type, String value) {
    return catchThrowableOfType(UserErrorException.class, () -> type.reader().apply(value))
        .reason();
  }
}
