package dev.kintonesync.kintone;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an HTTP answer says, whoever wrote it. */
class AnswerReaderTest {
  private static Answer read(int status, String body) {
    return AnswerReader.read(status, body.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 404, 409, 429, 500, 520})
  void kintonesOwnErrorIsARefusalAtAnyStatus(int status) {
    assertThat(read(status, "{\"code\": \"CB_VA01\", \"id\": \"x\", \"message\": \"No.\"}"))
        .isInstanceOfSatisfying(
            Answer.Refused.class, refused -> assertThat(refused.code()).isEqualTo("CB_VA01"));
    assertThat(
            read(
                status,
                "{\"results\": [{}, {\"code\": \"GAIA_RE01\", \"id\": \"x\", \"message\": \"\"}]}"))
        .isInstanceOfSatisfying(
            Answer.Refused.class, refused -> assertThat(refused.part()).isEqualTo(1));
  }

  @ParameterizedTest
  @CsvSource({"408, true", "504, true", "502, false", "503, false", "520, false"})
  void aProxyThatCannotSayIsUnknown(int status, boolean late) {
    String body = "{\"code\": " + status + ", \"id\": \"x\", \"message\": \"no\"}";
    assertThat(read(status, body))
        .isInstanceOfSatisfying(
            Answer.Unknown.class, unknown -> assertThat(unknown.late()).isEqualTo(late));
  }

  @ParameterizedTest
  @ValueSource(strings = {"<", "<a", " ", "<a><", "{\"a\":", "[", "\u0000", "&lt;"})
  @Timeout(30)
  void aPageOfMegabytesCostsNoTime(String part) {
    String page = part.repeat(10_000_000 / part.length());
    org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> assertThat(read(502, page).words()).hasSizeLessThan(200));
  }

  @Test
  void theTextOfAPageIsShownOnOneLine() {
    assertThat(read(502, "<html>\n<h1>Bad\u0007 <b>Gateway</b></h1>\r\n</html>").words())
        .isEqualTo("HTTP 502: Bad Gateway");
  }

  @Test
  void aPageThatStandsForMaintenanceIsToldAsThatAndItsHeadingOnce() {
    String page =
        "<html><head><title>503 Service Unavailable</title><style>h1 {color: red}</style></head>"
            + "<body><h1>503 Service Unavailable</h1></body></html>";
    Answer maintained = read(503, page);
    assertThat(maintained.words()).isEqualTo("HTTP 503: 503 Service Unavailable");
    var url = URI.create("https://x");
    assertThat(maintained.whyAway(url).code()).isEqualTo("kintone-maintained");
    assertThat(read(502, page).whyAway(url).code()).isEqualTo("kintone-away");
    assertThat(read(502, "<title>Bad Gateway</title>").words()).isEqualTo("HTTP 502: Bad Gateway");
  }
}
