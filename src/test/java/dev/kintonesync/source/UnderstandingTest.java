package dev.kintonesync.source;

import static dev.kintonesync.source.Samples.WINDOWS_31J;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.source.Understanding.How;
import dev.kintonesync.source.Understanding.Taken;
import dev.kintonesync.source.file.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every reader of a file says what it took it for, and why. */
class UnderstandingTest {

  @TempDir Path folder;

  private static Understanding of(Path file, SourceOptions options) {
    try (SourceReader reader = SourceFile.open(file, options)) {
      return reader.understanding();
    }
  }

  @Test
  void aSettingIsNamedAsSuch() {
    Path file = Samples.file(folder, "x\n名前;電話\n山田;1\n", WINDOWS_31J);
    var options =
        SourceOptions.DEFAULT.withEncoding(Encoding.named("sjis")).withDelimiter(';').withHeader(2);
    assertThat(of(file, options))
        .isEqualTo(
            new Understanding(
                SourceFormat.Kind.DELIMITED,
                new Taken<>("Shift_JIS", How.SETTING),
                new Taken<>(';', How.SETTING),
                2,
                null,
                List.of()));
  }

  @Test
  void aMarkIsNamedAsSuch() {
    Path file = Samples.file(folder, "\uFEFF名前,_error,_ref\n", UTF_16LE);
    var understanding = of(file, SourceOptions.DEFAULT);
    assertThat(understanding.encoding()).isEqualTo(new Taken<>("UTF-16LE", How.MARK));
    assertThat(understanding.delimiter()).isEqualTo(new Taken<>(',', How.MARK));
  }

  @Test
  void aGuessIsNamedAsSuch() {
    Path file = Samples.file(folder, "名前,電話\n山田商店,1\n佐藤商店,2\n", WINDOWS_31J);
    assertThat(of(file, SourceOptions.DEFAULT).encoding())
        .isEqualTo(new Taken<>("Shift_JIS", How.GUESS));
  }

  @Test
  void jsonHasAnEncodingAndNoHeader() throws IOException {
    Path file = Files.writeString(folder.resolve("a.json"), "[{\"名前\":1}]");
    var understanding = of(file, SourceOptions.DEFAULT);
    assertThat(understanding.kind()).isEqualTo(SourceFormat.Kind.JSON);
    assertThat(understanding.header()).isZero();
    assertThat(understanding.delimiter()).isNull();
  }

  @Test
  void aSheetIsNamedWithTheReason() throws IOException {
    Path file =
        Books.poi(
            folder, book -> book.createSheet("S").createRow(0).createCell(0).setCellValue("a"));
    assertThat(of(file, SourceOptions.DEFAULT))
        .isEqualTo(
            new Understanding(
                SourceFormat.Kind.WORKBOOK,
                null,
                null,
                1,
                new Taken<>("S", How.USUAL),
                List.of("S")));
    assertThat(of(file, SourceOptions.DEFAULT.withSheet("S")).sheet())
        .isEqualTo(new Taken<>("S", How.SETTING));
  }
}
