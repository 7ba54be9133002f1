package dev.kintonesync.source;

import static dev.kintonesync.source.SourceOptions.DEFAULT;
import static dev.kintonesync.source.SourceOptions.NO_HEADER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.file.RejectsFile;
import dev.kintonesync.source.file.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person may say of a table: delimiter, header, rows to pass over. */
class TableOptionsTest {

  @TempDir Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static List<Map<String, Object>> values(Path file, SourceOptions options) {
    return Samples.read(file, options).stream().map(SourceRecord::values).toList();
  }

  private Path rejectAll(Path file, SourceOptions options) {
    try (SourceFileReader reader = SourceFile.open(file, options);
        RejectsFile out =
            RejectsFile.create(
                folder.resolve("rejects" + reader.format().extension()),
                reader.columns(),
                reader.format())) {
      reader.forEachRemaining(record -> out.add(record, "bad", "ref"));
      return out.file();
    }
  }

  @Test
  void aFileNamedTsvHasTabsAndSoHaveItsRejects() throws IOException {
    Path file = file("rows.tsv", "a\tb\n1,5\t\"x\ty\"\n");
    assertThat(values(file, DEFAULT)).containsExactly(Map.of("a", "1,5", "b", "x\ty"));

    Path rejects = rejectAll(file, DEFAULT);
    assertThat(rejects).hasFileName("rejects.tsv");
    assertThat(Files.readString(rejects)).contains("a\tb\t_error\t_ref", "1,5\t\"x\ty\"\tbad");
    assertThat(values(rejects, DEFAULT)).containsExactly(Map.of("a", "1,5", "b", "x\ty"));
  }

  @Test
  void anyCharacterMayDelimit() throws IOException {
    Path file = file("rows.csv", "a;b\n1;2,5\n");
    SourceOptions options = DEFAULT.withDelimiter(';');
    assertThat(values(file, options)).containsExactly(Map.of("a", "1", "b", "2,5"));
    assertThat(values(rejectAll(file, options), options))
        .containsExactly(Map.of("a", "1", "b", "2,5"));
  }

  @Test
  void aRejectsFileShowsItsOwnDelimiter() throws IOException {
    Path rejects = rejectAll(file("rows.csv", "a;b\n1;2\n"), DEFAULT.withDelimiter(';'));
    assertThat(values(rejects, DEFAULT)).containsExactly(Map.of("a", "1", "b", "2"));
  }

  @Test
  void theHeaderMayStandBelowATitle() throws IOException {
    Path file = file("rows.csv", "顧客一覧,,\n\n2026年4月\n番号,名前\n1,東京\n");
    SourceOptions options = DEFAULT.withHeader(4);
    List<SourceRecord> records = Samples.read(file, options);
    assertThat(records)
        .extracting(SourceRecord::values)
        .containsExactly(Map.of("番号", "1", "名前", "東京"));
    assertThat(records.get(0).position()).isEqualTo(new Position(1, 5));
    assertThat(values(rejectAll(file, options), options))
        .as("its rejects have their header in the first line")
        .containsExactly(Map.of("番号", "1", "名前", "東京"));
  }

  @Test
  void aHeaderBeyondTheEndIsRefused() throws IOException {
    Path file = file("rows.csv", "a\n1\n");
    assertThatThrownBy(() -> SourceFile.open(file, DEFAULT.withHeader(7)))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("ends before line 7");
  }

  @Test
  void withoutAHeaderTheColumnsAreLetters() throws IOException {
    Path file = file("rows.csv", "1,東京\n2,大阪\n3,京都,x\n");
    SourceOptions options = DEFAULT.withHeader(NO_HEADER);
    List<SourceRecord> records = Samples.read(file, options);
    assertThat(records)
        .extracting(SourceRecord::values)
        .containsExactly(Map.of("A", "1", "B", "東京"), Map.of("A", "2", "B", "大阪"), Map.of());
    assertThat(records.get(2).problem().code()).isEqualTo("row-ragged");
    assertThat(values(rejectAll(file, options), options).subList(0, 2))
        .containsExactly(Map.of("A", "1", "B", "東京"), Map.of("A", "2", "B", "大阪"));
  }

  @Test
  void lettersGoOnAsInASpreadsheet() {
    assertThat(List.of(0, 25, 26, 701, 702).stream().map(HeaderColumns::letters))
        .containsExactly("A", "Z", "AA", "ZZ", "AAA");
  }

  @Test
  void rowsBelowTheHeaderMayBePassedOver() throws IOException {
    Path file = file("rows.csv", "code,name\nコード,名前\n(必須),\nA,1\n");
    SourceOptions options = DEFAULT.withSkipRows(2);
    assertThat(values(file, options)).containsExactly(Map.of("code", "A", "name", "1"));
    assertThat(values(rejectAll(file, options), options))
        .as("its rejects have no such rows")
        .containsExactly(Map.of("code", "A", "name", "1"));
    assertThat(values(file, options.withHeader(NO_HEADER))).hasSize(2);
  }

  @Test
  void rowsWithoutAValueMayBePassedOver() throws IOException {
    Path file = file("rows.csv", "code,sum\nA,1\n ,2\n,\nB,4,5\n");
    List<SourceRecord> records = Samples.read(file, DEFAULT.withSkipWhenEmpty("code"));
    assertThat(records).extracting(record -> record.position().line()).containsExactly(2L, 5L);
    assertThat(records.get(1).problem()).as("a broken row is never passed over").isNotNull();
    assertThat(records.get(1).position().row()).isEqualTo(2);
  }

  @Test
  void aRuleForAColumnThatIsNotThereIsRefused() throws IOException {
    Path file = file("rows.csv", "code\nA\n");
    assertThatThrownBy(() -> SourceFile.open(file, DEFAULT.withSkipWhenEmpty("合計")))
        .hasMessageContaining("has no column 合計")
        .hasMessageContaining("code");
  }

  @Test
  void aSourceIsReadAgainWhileItIsOpen() throws IOException {
    try (SourceFileReader reader = SourceFile.open(file("rows.csv", "a\n1\n2\n"), DEFAULT)) {
      reader.next();
      try (SourceReader again = reader.again()) {
        assertThat(again.next().values()).isEqualTo(Map.of("a", "1"));
      }
      assertThat(reader.next().values()).isEqualTo(Map.of("a", "2"));
    }
  }
}
