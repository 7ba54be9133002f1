package dev.kintonesync.source;

import static dev.kintonesync.source.Samples.DATA;
import static dev.kintonesync.source.Samples.WINDOWS_31J;
import static dev.kintonesync.source.Samples.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.source.file.SourceFile;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealDataTest {

  private static final Path UTF8 = DATA.resolve("postal-codes-tokyo.csv");
  private static final Path SHIFT_JIS = DATA.resolve("postal-codes-tokyo-shift-jis.csv");

  @Test
  void theWholeOfTokyoIsRead() {
    List<SourceRecord> records = read(UTF8);

    assertThat(records).hasSize(4089).extracting(SourceRecord::problem).containsOnlyNulls();
    assertThat(records.get(0).values())
        .isEqualTo(
            Map.of(
                "postal_code", "1000000", "prefecture", "東京都", "areas", "千代田区", "area_count", "1"));
    assertThat(records.get(4088).position()).isEqualTo(new Position(4089, 4090));
  }

  @Test
  void shiftJisAndUtf8ReadTheSameRows() {
    // The UTF-8 file has a few characters more than Shift_JIS knows, such as the wave dash U+301C.
    var encoder = WINDOWS_31J.newEncoder();
    List<List<List<String>>> expected =
        read(UTF8).stream()
            .map(SourceRecord::rows)
            .filter(rows -> rows.get(0).stream().allMatch(encoder::canEncode))
            .toList();

    assertThat(read(SHIFT_JIS)).extracting(SourceRecord::rows).isEqualTo(expected);
    assertThat(read(SHIFT_JIS, "sjis")).extracting(SourceRecord::rows).isEqualTo(expected);
    try (SourceReader reader = SourceFile.open(SHIFT_JIS, SourceOptions.DEFAULT)) {
      assertThat(reader.format().charset()).isEqualTo(WINDOWS_31J);
      assertThat(reader.columns())
          .containsExactly("postal_code", "prefecture", "areas", "area_count");
    }
  }

  @Test
  void eucJpIsToldFromShiftJis(@TempDir Path folder) throws java.io.IOException {
    Charset eucJp = Charset.forName("EUC-JP");
    String text = java.nio.file.Files.readString(SHIFT_JIS, WINDOWS_31J);
    // EUC-JP of Java has no full-width tilde, which is what the data has where others have a dash.
    Path file = Samples.file(folder, text.replace("\uFF5E", "-").replace("\uFF0D", "-"), eucJp);

    try (SourceReader reader = SourceFile.open(file, SourceOptions.DEFAULT)) {
      assertThat(reader.format().charset()).isEqualTo(eucJp);
    }
    assertThat(read(file)).hasSize(4074).extracting(SourceRecord::problem).containsOnlyNulls();
  }

  @Test
  void aKeyThatStandsTwiceIsReadTwice() {
    assertThat(read(DATA.resolve("postal-codes-aichi-mie.csv")))
        .hasSize(9691)
        .filteredOn(record -> "4980000".equals(record.values().get("postal_code")))
        .hasSize(2);
  }
}
