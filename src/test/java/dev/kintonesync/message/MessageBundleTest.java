package dev.kintonesync.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageBundleTest {

  private final ResourceBundle english = bundle(Locale.ENGLISH);
  private final ResourceBundle japanese = bundle(Locale.JAPANESE);

  @ParameterizedTest
  @EnumSource(MessageCode.class)
  void everySentenceStandsInBothLanguagesWithTheSameGaps(MessageCode text) {
    assertThat(english.containsKey(text.code())).as("English: " + text.code()).isTrue();
    assertThat(japanese.containsKey(text.code())).as("Japanese: " + text.code()).isTrue();
    assertThat(gaps(japanese.getString(text.code())))
        .isEqualTo(gaps(english.getString(text.code())));
  }

  @ParameterizedTest
  @EnumSource(MessageCode.class)
  void japaneseIsJapanese(MessageCode text) {
    assumeTrue(english.getString(text.code()).matches("(?s).*[a-z].*"), "only gaps, no words");
    assertThat(japanese.getString(text.code())).containsPattern("[\\u3040-\\u30ff\\u4e00-\\u9fff]");
  }

  @Test
  void whatTheFileSystemRefusesIsSaidWithoutTheWordsOfJava() {
    var denied = new IOException(new AccessDeniedException("/srv/journal"));
    var words = MessageCode.JOURNAL_UNUSABLE.with("/srv/journal", denied);
    assertThat(words.toString()).contains("written: access is denied.").doesNotContain("Exception");
    assertThat(MessageBundle.JAPANESE.say(words)).contains("アクセスが拒否されました");
    var full = new FileSystemException("/srv/runs", null, "Read-only file system");
    assertThat(MessageCode.RUN_FOLDER_UNWRITABLE.with("/srv/runs", full).toString())
        .contains("written: Read-only file system.");
  }

  @Test
  void theCountsOfEveryRunAreCalledAlike() {
    for (var text : List.of(MessageCode.COUNTS, MessageCode.COUNTS_WITH_DELETED)) {
      assertThat(text.with(3, 0, 1, 0, 0, 0, 0, 2).toString())
          .startsWith("3 read: 0 inserted, 1 updated, ")
          .contains("0 unchanged, 0 duplicate keys (last row used), 0 rejected");
    }
    assertThat(MessageCode.COUNTS_WITH_FLAGGED.with(3, 0, 1, 0, 1, 0, 0, 1).toString())
        .contains("1 flagged, 0 unchanged, 1 duplicate key (last row used), 0 rejected");
  }

  @Test
  void whatFollowsACountIsSaidOfOneOrOfSeveral() {
    assertSaid(MessageCode.OPEN_REJECTS_WITHOUT_KEY.with(1), "1 of them has no readable key. Such");
    assertSaid(
        MessageCode.OPEN_REJECTS_WITHOUT_KEY.with(2),
        "2 of them have no readable key. Such a row is not closed by a later one");
    assertSaid(MessageCode.ASSERTION_NO_NUMBERS.with(1), "1 value is not a number");
    assertSaid(MessageCode.ASSERTION_NO_NUMBERS.with(2), "2 values are not numbers");
    assertSaid(MessageCode.ASSERTION_NO_TIMES.with(2), "2 values are no dates, or in the future");
    assertSaid(MessageCode.UNDO_ADDS_AGAIN.with(1), "1 removed record is added again as a new rec");
    assertSaid(MessageCode.UPLOAD_RUNS.with("job", 1), "job: 1 row received. It is imported now");
    assertSaid(MessageCode.UPLOAD_RUNS.with("job", 2), "job: 2 rows received. They are imported");
    assertSaid(
        MessageCode.CORRECTIONS_PARTLY_SENT.with(2, 1),
        "2 corrected rows sent. Not sent: 1 row that has changed or was settled meanwhile.");
    assertSaid(
        MessageCode.VALUE_TOO_LONG.with("f", "ab", 1, 0), "f: \"ab\" is too long: 1 character,");
    assertSaid(
        MessageCode.JOURNAL_COPIED.with(1, 1, 1, 1, "a", "b"),
        "Copied 1 run, 1 checkpoint and 1 open rejected row, 1 database row in all,");
  }

  private static void assertSaid(UserMessage message, String beginning) {
    assertThat(message.toString()).startsWith(beginning);
  }

  @Test
  void noSentenceIsLeftOver() {
    var codes =
        Arrays.stream(MessageCode.values()).map(MessageCode::code).collect(Collectors.toSet());
    assertThat(english.keySet()).isEqualTo(codes);
    assertThat(japanese.keySet()).isEqualTo(codes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "ja"})
  void noSentenceStandsTwice(String language) throws IOException {
    try (var file = MessageCode.class.getResourceAsStream("messages_" + language + ".properties")) {
      var keys =
          new String(file.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.startsWith("#") && line.contains(" = "))
              .map(line -> line.substring(0, line.indexOf(" = ")))
              .toList();
      assertThat(keys).doesNotHaveDuplicates().hasSize(MessageCode.values().length);
    }
  }

  @Test
  void aMessageInsideAMessageSpeaksTheSameLanguage() {
    var inner = MessageCode.FILE_MISSING.with("a.csv");
    var outer = MessageCode.FILE_UNREADABLE.with("b.csv", inner);
    assertThat(MessageBundle.JAPANESE.say(outer)).contains("b.csv", "見つかりません");
    assertThat(MessageBundle.of(Locale.FRANCE).say(outer)).contains("There is no file a.csv");
  }

  @ParameterizedTest
  @CsvSource({"1, 1 request: 1 read", "2, 2 requests: 2 reads", "0, 0 requests: 0 reads"})
  void aCountIsFollowedByTheRightNoun(String count, String words) {
    var message = MessageCode.DEMO_COST.with(count, count, count, count);
    assertThat(MessageBundle.ENGLISH.say(message)).startsWith(words + ", ");
  }

  @ParameterizedTest
  @EnumSource(MessageCode.class)
  void japaneseHasOneNameForEachThing(MessageCode text) {
    assertThat(japanese.getString(text.code()))
        .doesNotContainPattern(
            "却下|元データ|入力データ|読み込み元|対応表|マッピング|ジャーナル|ご自身|コンマ"
                + "|(?<![A-Za-z])Kintone|: (?!\\S*\\()|待っているファイル");
  }

  @Test
  void aSentenceInsideASentenceEndsWithOneFullStop() {
    var outer = MessageCode.API_BREAKS_OFF.with("api", MessageCode.API_EMPTY_ANSWER.with());
    assertThat(MessageBundle.ENGLISH.say(outer)).contains("response. Nothing");
    assertThat(MessageBundle.JAPANESE.say(outer)).doesNotContain("。。");
    var foreign = MessageCode.SOURCE_UNREACHABLE.with("db", "Connection refused.");
    assertThat(MessageBundle.JAPANESE.say(foreign)).contains("Connection refused。読み取り");
  }

  private static TreeSet<String> gaps(String sentence) {
    return Pattern.compile("\\{(\\d)(?: [^{}|]+\\|[^{}|]+)?}")
        .matcher(sentence)
        .results()
        .map(gap -> gap.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static ResourceBundle bundle(Locale locale) {
    return ResourceBundle.getBundle(
        "dev.kintonesync.message.messages",
        locale,
        ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
  }

  @Test
  void aFileIsCalledAsItsSenderCallsItAlsoWithinAnotherSentence() {
    Path kept = Path.of("kept", "sample.csv");
    var inner = MessageCode.FOLDER_NOT_USABLE.with(kept, MessageCode.NO_ACCESS.with());
    var outer = MessageCode.RELOAD_REFUSED.with("customers", inner);

    assertThat(outer.naming(kept, "customers.csv").toString())
        .contains("customers.csv")
        .doesNotContain(kept.toString());
  }
}
