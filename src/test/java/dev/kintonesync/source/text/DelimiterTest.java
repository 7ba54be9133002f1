package dev.kintonesync.source.text;

import static dev.kintonesync.source.Samples.read;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.Encoding;
import dev.kintonesync.source.Samples;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.Understanding.How;
import dev.kintonesync.source.Understanding.Taken;
import dev.kintonesync.source.file.RejectsFile;
import dev.kintonesync.source.file.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands between two fields is found out from the header and the first rows. */
class DelimiterTest {

  @TempDir Path folder;

  private Taken<Character> delimiterOf(String text) {
    return delimiterOf(Samples.file(folder, text));
  }

  private static Taken<Character> delimiterOf(Path file) {
    try (SourceReader reader = SourceFile.open(file, SourceOptions.DEFAULT)) {
      return reader.understanding().delimiter();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "code;name;qty\r\nA1;Apple;3\r\n",
        "\"code\";\"name\";\"qty\"\r\n\"A1\";\"Apple\";\"3\"\r\n",
        "code;name;qty\r\nA1;\"Ap;p\r\nle\";3,50\r\nA2;Pear, green;4,50\r\n",
        "code;name, first;qty\r\nA1;Apple;3\r\n",
        "code;name;qty\r\n"
      })
  void aSemicolonIsFound(String text) {
    assertThat(delimiterOf(text)).isEqualTo(new Taken<>(';', How.GUESS));
    assertThat(delimiterOf(text.replace(';', '\t'))).isEqualTo(new Taken<>('\t', How.GUESS));
    assertThat(delimiterOf(text.replace(';', '|'))).isEqualTo(new Taken<>('|', How.GUESS));
    assertThat(delimiterOf(text.replace(';', '^'))).isEqualTo(new Taken<>('^', How.GUESS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "code,name\r\nA1,a;b;c\r\n",
        "code,a;b\r\nA1,x\r\n",
        "code,name\r\nA1\tx\r\nA1,x\r\n",
        "code\r\nA;1\r\n",
        "a;b\r\nx\r\ny\r\n",
        "code\r\n"
      })
  void aCommaIsTakenWhereNothingElseFits(String text) {
    assertThat(delimiterOf(text)).isEqualTo(new Taken<>(',', How.USUAL));
  }

  @Test
  void theHeaderIsLookedForWhereItStands() {
    Path file = Samples.file(folder, "List, of all\r\n\r\ncode;name\r\nA1;x\r\n");
    assertThat(read(file, SourceOptions.DEFAULT.withHeader(3)).get(0).values())
        .isEqualTo(Map.of("code", "A1", "name", "x"));
    Path bare = Samples.file(folder, "A1;x\r\nA2;y\r\n");
    assertThat(read(bare, SourceOptions.DEFAULT.withHeader(0))).hasSize(2);
    assertThat(read(bare, SourceOptions.DEFAULT.withHeader(0)).get(0).values())
        .isEqualTo(Map.of("A", "A1", "B", "x"));
  }

  @Test
  void anEndingThatLiesIsNotBelieved() throws IOException {
    Path file = Files.writeString(folder.resolve("a.tsv"), "code,name\r\nA1,x\r\n");
    assertThat(delimiterOf(file)).isEqualTo(new Taken<>(',', How.GUESS));
    Path tabs = Files.writeString(folder.resolve("b.tsv"), "code\tname, first\r\nA1\tx\r\n");
    assertThat(delimiterOf(tabs)).isEqualTo(new Taken<>('\t', How.NAME));
  }

  @Test
  void unicodeTextOfExcelIsRead() {
    Path file = Samples.file(folder, "\uFEFFcode\tname\r\nA1\tりんご\r\n", UTF_16LE);
    assertThat(read(file).get(0).values()).isEqualTo(Map.of("code", "A1", "name", "りんご"));
  }

  @Test
  void twoThatFitAreRefused() {
    assertThatThrownBy(() -> delimiterOf("a;b\tc\r\n1;2\t3\r\n"))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("it may be tab, semicolon")
        .hasMessageContaining("property delimiter, option --delimiter");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sep=;\r\n", "\uFEFFsep=;\n", "SEP=;\r\n", "\"sep=;\"\r\n"})
  void theSepLineOfExcelIsBelievedAndIsNoRow(String line) {
    Path file = Samples.file(folder, line + "code;name\r\nA1;x,y\r\n");
    assertThat(delimiterOf(file)).isEqualTo(new Taken<>(';', How.MARK));
    assertThat(read(file).get(0).values()).isEqualTo(Map.of("code", "A1", "name", "x,y"));
    assertThat(read(file).get(0).position().line()).isEqualTo(3);
    assertThat(read(file, SourceOptions.DEFAULT.withDelimiter(';'))).hasSize(1);
    assertThat(read(file, SourceOptions.DEFAULT.withHeader(0))).hasSize(2);
  }

  @Test
  void rejectsOfAFileWithASepLineHaveItToo() throws IOException {
    Path file = Samples.file(folder, "sep=;\r\ncode;name\r\nA1;x,y\r\n");
    for (SourceOptions said :
        List.of(SourceOptions.DEFAULT, SourceOptions.DEFAULT.withEncoding(Encoding.SHIFT_JIS))) {
      Path rejects = folder.resolve("rejects.csv");
      Files.deleteIfExists(rejects);
      try (SourceReader reader = SourceFile.open(file, SourceOptions.DEFAULT);
          RejectsFile out = RejectsFile.create(rejects, reader.columns(), reader.format())) {
        reader.forEachRemaining(record -> out.add(record, "bad", "ref"));
      }
      assertThat(Files.readString(rejects, UTF_8))
          .isEqualTo("\uFEFFsep=;\r\ncode;name;_error;_ref\r\nA1;x,y;bad;ref\r\n");
      assertThat(read(rejects, said).get(0).values())
          .isEqualTo(Map.of("code", "A1", "name", "x,y"));
      assertThat(read(rejects, said).get(0).ref()).isEqualTo("ref");
    }
  }
}
