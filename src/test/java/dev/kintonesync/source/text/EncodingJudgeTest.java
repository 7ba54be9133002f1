package dev.kintonesync.source.text;

import static dev.kintonesync.source.Samples.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.Encoding;
import dev.kintonesync.source.Expected;
import dev.kintonesync.source.Samples;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.Understanding;
import dev.kintonesync.source.file.SourceFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The encoding of a file without a mark is taken only when it is clearly the best; otherwise the
 * file is refused, and with the encoding set its text is right.
 */
class EncodingJudgeTest {

  private static final String NAMES =
      "code,name\r\nA1,山田商店\r\nA2,佐藤商店\r\nA3,鈴木商店\r\nA4,高橋商店\r\nA5,渡辺商店\r\n";

  @TempDir Path folder;

  private Path file(String text, String charset) {
    ByteBuffer bytes = Charset.forName(charset).encode(text);
    return Samples.file(folder, Arrays.copyOf(bytes.array(), bytes.limit()));
  }

  private static String encodingOf(Path file) {
    try (SourceReader reader = SourceFile.open(file, SourceOptions.DEFAULT)) {
      return String.valueOf(reader.understanding().encoding());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "windows-1252, windows-1252, 'Présent,x', Présent",
    "GBK, GB18030, '上海', 上海",
    "Big5, Big5, '中文', 中文",
    "EUC-KR, EUC-KR, '홍길동', 홍길동",
    "EUC-JP, EUC-JP, '山田', 山田"
  })
  void whatTheAppKnowsDecidesBetweenEncodingsThatMayFit(
      String charset, String found, String text, String word) throws IOException {
    Path file = file("code,name\r\nA1,\"" + text + "\"\r\n", charset);

    for (String no : List.of("その他", "中", "x", "code", "ﾔﾏ")) {
      var strange = SourceOptions.DEFAULT.withExpected(Expected.of(Set.of(no)));
      assertThatThrownBy(() -> SourceFile.open(file, strange))
          .isInstanceOf(UserErrorException.class);
    }
    try (SourceReader reader =
        SourceFile.open(
            file, SourceOptions.DEFAULT.withExpected(Expected.of(Set.of("その他", word))))) {
      assertThat(reader.understanding().encoding().value()).isEqualToIgnoringCase(found);
      assertThat(reader.understanding().encoding().how()).isEqualTo(Understanding.How.GUESS);
      assertThat(reader.next().values()).containsEntry("name", text);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "windows-1252, cp1252, 'Présent,Général,Schäfer'",
    "windows-1252, cp1252, 'Müller,Straße,Größe'",
    "windows-1252, cp1252, 'Présent'",
    "windows-1252, cp1252, 'MÜLLER,GRÖSSE'",
    "windows-1252, cp1252, 'España,año,niño'",
    "windows-1252, cp1252, 'café'",
    "windows-1252, cp1252, 'it’s'",
    "windows-1252, cp1252, 'a – b'",
    "windows-1252, cp1252, '3 €'",
    "windows-1252, cp1252, '25°C'",
    "ISO-8859-1, iso-8859-1, 'Fußgänger,Überführung'",
    "GBK, gb18030, '北京公司,上海'",
    "GBK, gbk, '上海'",
    "GBK, gb2312, '产品名称,价格,苹果'",
    "GB18030, gb18030, '北京市朝阳区人民政府办公室'",
    "Big5, big5, '台北公司'",
    "Big5, big5, '中文'",
    "Big5, big5, '台北市信義區市府路'",
    "EUC-KR, euc-kr, '서울특별시 강남구'",
    "EUC-KR, cp949, '홍길동'",
    "EUC-JP, euc-jp, '山田'"
  })
  void whatIsNotClearlyJapaneseIsRefusedAndReadWithASetting(
      String charset, String setting, String text) {
    Path file = file("code,name\r\nA1,\"" + text + "\"\r\n", charset);

    assertThatThrownBy(() -> SourceFile.open(file, SourceOptions.DEFAULT))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("it may be ")
        .hasMessageContaining("property encoding, option --encoding");
    assertThat(read(file, setting).get(0).values()).containsEntry("name", text);
  }

  @Test
  void theRefusalNamesWhatComesIntoQuestion() {
    Path file = file("code,name\r\nA1,Présent\r\n", "windows-1252");
    assertThatThrownBy(() -> SourceFile.open(file, SourceOptions.DEFAULT))
        .hasMessageContaining("it may be cp1252");
    Path chinese = file("code,name\r\nA1,北京公司\r\n", "GBK");
    assertThatThrownBy(() -> SourceFile.open(chinese, SourceOptions.DEFAULT))
        .hasMessageContaining("it may be gb18030");
  }

  @ParameterizedTest
  @ValueSource(strings = {"windows-1251", "windows-1250", "x-windows-874", "windows-1253"})
  void textOfAnEncodingThatNobodyKnowsIsNotTakenForJapanese(String charset) {
    String text =
        switch (charset) {
          case "windows-1251" -> "Привет мир,Москва";
          case "windows-1250" -> "Łódź,Kraków,Święto";
          case "windows-1253" -> "Αθήνα,Θεσσαλονίκη";
          default -> "ประเทศไทย,กรุงเทพ";
        };
    Path file = file("a,b\r\n" + text + "\r\n", charset);
    assertThatThrownBy(() -> SourceFile.open(file, SourceOptions.DEFAULT))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("The encoding of");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "山",
        "山田",
        "コード",
        "ﾔﾏﾀﾞ",
        "ﾔﾏﾀﾞ ﾀﾛｳ",
        "ｶ)ﾔﾏﾀﾞｼｮｳﾃﾝ",
        "髙﨑①㈱",
        "東京都千代田区一番町",
        "A株B",
        "ソ,表",
        "10cm以上",
        "〒100-0001",
        "カタログ"
      })
  void shortShiftJisIsRead(String text) {
    Path file = file("code,name\r\nA1,\"" + text + "\"\r\n", "windows-31j");
    assertThat(encodingOf(file)).contains("Shift_JIS").contains("GUESS");
    assertThat(read(file).get(0).values()).containsEntry("name", text);
  }

  @Test
  void shortEucJpIsRead() {
    assertThat(encodingOf(file(NAMES, "EUC-JP"))).contains("EUC-JP").contains("GUESS");
    assertThat(read(file(NAMES, "EUC-JP")).get(0).values()).containsEntry("name", "山田商店");
    assertThat(encodingOf(file("a,b\nあいう,1\n", "EUC-JP"))).contains("EUC-JP");
  }

  @Test
  void iso2022JpIsKnownByItsEscapes() {
    Path file = file("code,name\r\nA1,山田太郎①ｱ\r\n", "x-windows-iso2022jp");
    assertThat(encodingOf(file)).contains("ISO-2022-JP").contains("CERTAIN");
    assertThat(read(file).get(0).values()).containsEntry("name", "山田太郎①ｱ");
    assertThat(read(file, "iso-2022-jp").get(0).values()).containsEntry("name", "山田太郎①ｱ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-32LE", "UTF-32BE"})
  void utf32IsRead(String charset) {
    String text = "code,name\r\nA1,山田😀\r\n";
    assertThat(read(file("\uFEFF" + text, charset)).get(0).values()).containsEntry("name", "山田😀");
    assertThat(encodingOf(file("\uFEFF" + text, charset))).contains("MARK");
    assertThat(read(file(text, charset), "utf32").get(0).values()).containsEntry("name", "山田😀");
  }

  @ParameterizedTest
  @ValueSource(strings = {"±5", "A·B", "3 µm", "José", "25°", "£5", "\u00ad"})
  void oneSignInUtf8IsEnough(String text) {
    assertThat(encodingOf(file("code,name\n1," + text + "\n", "UTF-8"))).contains("UTF-8");
  }

  @Test
  void asciiAndUtf8AreCertain() {
    assertThat(encodingOf(file("a,b\n1,2\n", "UTF-8"))).contains("UTF-8").contains("CERTAIN");
    assertThat(encodingOf(file("a,b\n1,España\n", "UTF-8"))).contains("UTF-8").contains("CERTAIN");
  }

  @Test
  void fewBytesThatHappenToBeUtf8AreNotTakenForIt() {
    assertThat(encodingOf(file("a,b\n1,足立区弘道\n", "EUC-JP"))).doesNotContain("UTF-8");
    assertThat(encodingOf(file("a,b\n1,é\n", "UTF-8"))).contains("UTF-8");
    assertThat(encodingOf(file("a,b\n1,Привет мир\n", "UTF-8"))).contains("UTF-8");
  }

  @Test
  void theWholeFileIsLookedAt() {
    String ascii = "code,name\r\n" + "12345,67890\r\n".repeat(100_000);
    assertThat(encodingOf(file(ascii + NAMES, "EUC-JP"))).contains("EUC-JP");
    Path french = file(ascii + "A1,Présent\r\nA2,Général\r\n", "windows-1252");
    assertThatThrownBy(() -> SourceFile.open(french, SourceOptions.DEFAULT))
        .hasMessageContaining("cp1252");
  }

  @ParameterizedTest
  @ValueSource(strings = {"windows-31j", "EUC-JP", "UTF-8"})
  void realAddressesAreFoundInEveryEncodingOfJapan(String charset) throws IOException {
    String text = Files.readString(Samples.DATA.resolve("postal-codes-tokyo.csv"));
    assertThat(encodingOf(file(text, charset)))
        .contains(Encoding.standardName(Charset.forName(charset)));
  }
}
