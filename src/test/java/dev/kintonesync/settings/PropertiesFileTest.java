package dev.kintonesync.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.PropertiesFile.Entry;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PropertiesFileTest {

  @TempDir Path folder;

  static List<Arguments> goodFiles() {
    return List.of(
        Arguments.of("", List.of()),
        Arguments.of("\n  \n# comment\n! comment\n  # = \\ not read\n", List.of()),
        Arguments.of("a = b", List.of(new Entry("a", "b", 1, 1))),
        Arguments.of("a=b\r\nc : d\re=f", entries("a", "b", "c", "d", "e", "f")),
        Arguments.of("  a\t=  b c  ", List.of(new Entry("a", "b c", 1, 1))),
        Arguments.of("\u3000a\u3000=\u3000b\u3000", List.of(new Entry("a", "b", 1, 1))),
        Arguments.of("url = https://x:1/?a=b", List.of(new Entry("url", "https://x:1/?a=b", 1, 1))),
        Arguments.of("color = a#b", List.of(new Entry("color", "a#b", 1, 1))),
        Arguments.of("\uFEFFa = b", List.of(new Entry("a", "b", 1, 1))),
        Arguments.of("job.顧客.map = 列=項目", List.of(new Entry("job.顧客.map", "列=項目", 1, 1))),
        Arguments.of("a = C:\\\\data\\\\in", List.of(new Entry("a", "C:\\data\\in", 1, 1))),
        Arguments.of("a = \\u9867\\u5ba2 \\u0023 1", List.of(new Entry("a", "顧客 # 1", 1, 1))),
        Arguments.of(
            "a = 1, \\\n    2, \\\n  3\nb = 4",
            List.of(new Entry("a", "1, 2, 3", 1, 3), new Entry("b", "4", 4, 4))),
        Arguments.of("a = \\\n  b", List.of(new Entry("a", "b", 1, 2))),
        Arguments.of("a = b\\\\\nc = d", entries("a", "b\\", "c", "d")));
  }

  private static List<Entry> entries(String... pairs) {
    var entries = new ArrayList<Entry>();
    for (int i = 0; i < pairs.length; i += 2) {
      entries.add(new Entry(pairs[i], pairs[i + 1], i / 2 + 1, i / 2 + 1));
    }
    return entries;
  }

  @ParameterizedTest
  @MethodSource("goodFiles")
  void readsEntriesWithTheirLines(String content, List<Entry> entries) throws IOException {
    assertThat(read(content.getBytes(StandardCharsets.UTF_8)).entries()).isEqualTo(entries);
  }

  static List<Arguments> badFiles() {
    return List.of(
        Arguments.of("a = 1\nno equals here", MessageCode.LINE_WITHOUT_EQUALS, 2),
        Arguments.of("= value", MessageCode.LINE_WITHOUT_EQUALS, 1),
        Arguments.of("kintone.base-url https://x", MessageCode.LINE_WITHOUT_EQUALS, 1),
        Arguments.of("a＝1", MessageCode.LINE_WITHOUT_EQUALS, 1),
        Arguments.of("a = 1\nb = C:\\data", MessageCode.LONE_BACKSLASH, 2),
        Arguments.of("a = C:\\users", MessageCode.LONE_BACKSLASH, 1),
        Arguments.of("a = \\u12G4", MessageCode.LONE_BACKSLASH, 1),
        Arguments.of("a = \\u123", MessageCode.LONE_BACKSLASH, 1),
        Arguments.of("a\\=b = 1", MessageCode.LONE_BACKSLASH, 1),
        Arguments.of("a = 1, \\\n  C:\\data", MessageCode.LONE_BACKSLASH, 2),
        Arguments.of("a = 1 # one", MessageCode.COMMENT_IN_VALUE, 1),
        Arguments.of("a = # one", MessageCode.COMMENT_IN_VALUE, 1),
        Arguments.of("a = 1, \\\n  2 # two", MessageCode.COMMENT_IN_VALUE, 2),
        Arguments.of("a = inbox\\", MessageCode.LINE_CONTINUES_NOWHERE, 1),
        Arguments.of("a = inbox\\\n\nb = 1", MessageCode.LINE_CONTINUES_NOWHERE, 1),
        Arguments.of("a = inbox\\\n# b", MessageCode.LINE_CONTINUES_NOWHERE, 1),
        Arguments.of(
            "job.a.folder = inbox\\\njob.a.app = 1", MessageCode.LINE_CONTINUES_NOWHERE, 1),
        Arguments.of("\na = inbox\\\nlang=ja", MessageCode.LINE_CONTINUES_NOWHERE, 2),
        Arguments.of("a =", MessageCode.VALUE_EMPTY, 1));
  }

  @ParameterizedTest
  @MethodSource("badFiles")
  void refusesWhatMayNotMeanWhatItSeems(String content, MessageCode why, int line) {
    var refused = refusal(content.getBytes(StandardCharsets.UTF_8));
    assertThat(refused.text()).isEqualTo(why);
    assertThat(refused.arguments().get(0)).isEqualTo(place(line));
  }

  @Test
  void refusesAKeyGivenTwiceWithBothLines() {
    var refused = refusal("a = 1\n\na = 2".getBytes(StandardCharsets.UTF_8));
    assertThat(refused).isEqualTo(MessageCode.KEY_TWICE.with(place(3), "a", 1));
  }

  @Test
  void refusesOtherEncodingsWithTheLine() {
    String content = "a = 1\r\njob.顧客.app = 2\r\n";
    assertThat(refusal(content.getBytes(Charset.forName("windows-31j"))))
        .isEqualTo(MessageCode.NOT_UTF_8.with(place(2)));
    assertThat(refusal("a = 1\nb".getBytes(StandardCharsets.UTF_16LE)).text())
        .isEqualTo(MessageCode.NOT_UTF_8);
    assertThat(refusal(content.getBytes(StandardCharsets.UTF_16)))
        .isEqualTo(MessageCode.NOT_UTF_8.with(place(1)));
    assertThat(refusal(new byte[] {'a', '=', 'b', '\n', 'c', '=', (byte) 0xe9, (byte) 0xa1}))
        .isEqualTo(MessageCode.NOT_UTF_8.with(place(2)));
  }

  @Test
  void saysWhatToWriteInsteadOfABackslash() {
    var refused = refusal("a = C:\\data".getBytes(StandardCharsets.UTF_8));
    assertThat(MessageBundle.ENGLISH.say(refused))
        .contains("test.properties, line 1", "C:/data", "C:\\\\data");
    assertThat(MessageBundle.JAPANESE.say(refused)).contains("1 行目", "C:/data", "C:\\\\data");
  }

  @Test
  void refusesAFolderInPlaceOfTheFile() {
    assertThatThrownBy(() -> PropertiesFile.read(folder))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining(folder.toString());
  }

  @Test
  void aValueIsNeverPrinted() {
    assertThat(new Entry("kintone.password", "geheim", 3, 3)).asString().doesNotContain("geheim");
  }

  @Property(tries = 300)
  void anyTextIsReadOrRefusedWithALine(
      @ForAll @Chars({'a', '=', ':', '\\', 'u', '0', '#', ' ', '\n', '\r', '列', '\0'}) String text)
      throws IOException {
    Path file = Files.createTempFile("any", ".properties");
    try {
      Files.writeString(file, text);
      assertThat(PropertiesFile.read(file).entries())
          .allSatisfy(entry -> assertThat(entry.value()).isNotEmpty());
    } catch (UserErrorException refused) {
      var place = (UserMessage) refused.reason().arguments().get(0);
      long lines = text.lines().count();
      assertThat((int) place.arguments().get(1)).isBetween(1, (int) Math.max(lines, 1));
    } finally {
      Files.delete(file);
    }
  }

  private UserMessage place(int line) {
    return MessageCode.PLACE_LINE.with(folder.resolve("test.properties"), line);
  }

  private UserMessage refusal(byte[] bytes) {
    return catchThrowableOfType(UserErrorException.class, () -> read(bytes)).reason();
  }

  private PropertiesFile read(byte[] bytes) throws IOException {
    return PropertiesFile.read(Files.write(folder.resolve("test.properties"), bytes));
  }
}
