package dev.kintonesync.source;

import static dev.kintonesync.source.Samples.WINDOWS_31J;
import static dev.kintonesync.source.Samples.bytes;
import static dev.kintonesync.source.Samples.read;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.file.RejectsFile;
import dev.kintonesync.source.file.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RejectsFileTest {

  @TempDir Path folder;

  /** Rejects every row of a file, the reason being its problem or "refused". */
  private Path rejectAll(Path file, SourceOptions options) {
    Path rejects = folder.resolve("rejects").resolve(file.getFileName());
    while (Files.exists(rejects)) {
      rejects = rejects.resolveSibling("again-" + rejects.getFileName());
    }
    try (SourceReader reader = SourceFile.open(file, options);
        RejectsFile out = RejectsFile.create(rejects, reader.columns(), reader.format())) {
      reader.forEachRemaining(
          record ->
              out.add(
                  record,
                  record.problem() == null ? "refused" : record.problem().toString(),
                  "run:" + record.position().row()));
    }
    return rejects;
  }

  private Path rejectAll(Path file) {
    return rejectAll(file, SourceOptions.DEFAULT);
  }

  private static void edit(Path file, java.util.function.UnaryOperator<String> change)
      throws IOException {
    Files.writeString(file, change.apply(Files.readString(file)));
  }

  @Test
  void noRejectsNoFile() throws IOException {
    Path file = folder.resolve("deep/er/none.csv");
    try (RejectsFile rejects =
        RejectsFile.create(file, List.of("a"), new SourceFormat(UTF_8, ','))) {
      assertThat(rejects.count()).isZero();
    }
    assertThat(file.getParent()).doesNotExist();
  }

  @Test
  void theColumnsStandInTheirOrderThenTheErrorAndTheReference() throws IOException {
    Path rejects = rejectAll(Samples.file(folder, "番号,名前\n1,\"a,\"\"b\"\"\"\n2,\"x\ny\"\n"));

    assertThat(Files.readString(rejects))
        .isEqualTo(
            "\uFEFF番号,名前,_error,_ref\r\n"
                + "1,\"a,\"\"b\"\"\",refused,run:1\r\n2,\"x\ny\",refused,run:2\r\n");
  }

  @Test
  void anExistingFileIsNeverOverwritten() throws IOException {
    Path file = Samples.file(folder, "mine");
    RejectsFile rejects = RejectsFile.create(file, List.of("a"), new SourceFormat(UTF_8, ','));
    var record = new SourceRecord(new Position(1, 2), Map.of(), List.of(List.of("1")), null);

    assertThatThrownBy(() -> rejects.add(record, "e", "r")).isInstanceOf(UserErrorException.class);
    rejects.close();
    assertThat(Files.readString(file)).isEqualTo("mine");
  }

  @Test
  void allRowsOfARecordComeBackWithTheErrorAtTheFirst() throws IOException {
    Path file = folder.resolve("group.csv");
    var record =
        new SourceRecord(
            new Position(1, 2), Map.of(), List.of(List.of("1", "x"), List.of("", "y")), null);
    try (RejectsFile rejects =
        RejectsFile.create(file, List.of("a", "b"), new SourceFormat(UTF_8, ','))) {
      rejects.add(record, "why", "ref");
    }
    assertThat(Files.readString(file)).endsWith("1,x,why,ref\r\n,y,,ref\r\n");
  }

  @Test
  void aRejectsFileIsASourceWithoutItsBookkeeping() {
    Path rejects = rejectAll(Samples.file(folder, "a,b\n1,2\n3,\n"));

    try (SourceReader reader = SourceFile.open(rejects, SourceOptions.DEFAULT)) {
      assertThat(reader.columns()).containsExactly("a", "b");
    }
    List<SourceRecord> records = read(rejects);
    assertThat(records)
        .extracting(SourceRecord::values)
        .containsExactly(Map.of("a", "1", "b", "2"), Map.of("a", "3", "b", ""));
    assertThat(records).extracting(SourceRecord::ref).containsExactly("run:1", "run:2");
    assertThat(records).extracting(SourceRecord::problem).containsOnlyNulls();
    assertThat(records.get(0).rows()).containsExactly(List.of("1", "2"));
  }

  @Test
  void anOrdinaryRowHasNoReference() {
    assertThat(read(Samples.file(folder, "a\n1\n")).get(0).ref()).isNull();
    assertThat(read(Samples.file(folder, "a,_ref\n1,\n")).get(0).ref())
        .as("it came back all the same")
        .isEmpty();
  }

  @Test
  void shiftJisStaysShiftJis() throws IOException {
    Path rejects = rejectAll(Samples.file(folder, "名前\n表示①\n", WINDOWS_31J));

    assertThat(Files.readString(rejects, WINDOWS_31J))
        .isEqualTo("名前,_error,_ref\r\n表示①,refused,run:1\r\n");
  }

  @Test
  void aReasonThatShiftJisCannotHoldTurnsTheFileIntoUtf8AndLosesNothing() throws IOException {
    Path source = Samples.file(folder, "名前\n表示\n能力\n", WINDOWS_31J);
    Path file = folder.resolve("rejects.csv");
    List<String> reasons = List.of("理由", "cannot — 한국어 😀");
    try (SourceReader reader = SourceFile.open(source, SourceOptions.DEFAULT);
        RejectsFile rejects = RejectsFile.create(file, reader.columns(), reader.format())) {
      reader.forEachRemaining(
          record -> rejects.add(record, reasons.get((int) rejects.count()), "r"));
      rejects.add(read(source).get(0), "終", "r");
    }

    assertThat(Files.readString(file))
        .isEqualTo("\uFEFF名前,_error,_ref\r\n表示,理由,r\r\n能力,cannot — 한국어 😀,r\r\n表示,終,r\r\n");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(source, file);
    }
  }

  @Test
  void utf16ComesBackAsUtf16() throws IOException {
    Path rejects = rejectAll(Samples.file(folder, "\uFEFF名,b\r\n表😀,2\r\n", UTF_16LE));

    assertThat(Files.readString(rejects, UTF_16LE))
        .isEqualTo("\uFEFF名,b,_error,_ref\r\n表😀,2,refused,run:1\r\n");
  }

  @Test
  void aRaggedRowKeepsItsOwnFieldsUntilItIsPutRight() throws IOException {
    Path rejects = rejectAll(Samples.file(folder, "a,b,c\n1,2\n1,2,3,4,\n"));
    String mark = "\"[row-ragged] Line ";

    List<String> lines = Files.readAllLines(rejects);
    assertThat(lines.get(1)).startsWith("1,2,," + mark + "2 does not match").endsWith(",run:1");
    assertThat(lines.get(2)).startsWith("1,2,3," + mark + "3 does not match").endsWith(",run:2,4,");

    List<SourceRecord> again = read(rejects);
    assertThat(again).extracting(r -> r.problem() == null).containsExactly(false, false);
    assertThat(again.get(0).problem().text()).isEqualTo(MessageCode.ROW_STILL_REJECTED);
    assertThat(again.get(1).problem().text()).isEqualTo(MessageCode.ROW_RAGGED);
    assertThat(again.get(1).rows()).containsExactly(List.of("1", "2", "3", "4"));

    // Dropped in again without a correction, nothing of it and not the first reason is lost.
    Path twice = rejectAll(rejects);
    assertThat(Files.readAllLines(twice).get(1)).isEqualTo(lines.get(1));
    assertThat(Files.readAllLines(twice).get(2)).startsWith("1,2,3,").endsWith("run:2,4");
  }

  @Test
  void aRaggedRowWhoseErrorWasEmptiedIsReadAsCorrected() throws IOException {
    Path rejects = rejectAll(Samples.file(folder, "a,b,c\n1,2\n4,5,6,\n"));
    // What Excel writes after the correction: cells padded to the widest row, the header too.
    edit(rejects, text -> "\uFEFFa,b,c,_error,_ref,\r\n1,2,3,,run:1,\r\n4,5,6,,run:2,\r\n");

    List<SourceRecord> records = read(rejects);

    assertThat(records).extracting(SourceRecord::problem).containsOnlyNulls();
    assertThat(records)
        .extracting(SourceRecord::rows)
        .containsExactly(List.of(List.of("1", "2", "3")), List.of(List.of("4", "5", "6")));
    assertThat(records).extracting(SourceRecord::ref).containsExactly("run:1", "run:2");
  }

  @Test
  void aRejectsFileWithoutItsLastCellsIsStillRead() throws IOException {
    Path rejects = rejectAll(Samples.file(folder, "a,b\n1,2\n"));
    edit(rejects, text -> "a,b,_error,_ref\n1,2\n3,4,why\n5\n");

    assertThat(read(rejects))
        .extracting(r -> r.problem() == null)
        .containsExactly(true, true, false);
  }

  @Test
  void bytesOutsideTheEncodingComeBackAsTheyWere() throws IOException {
    Path source = Samples.file(folder, bytes("a,b\n1,x", 0xFF, 0xE3, 0x81, "y\n"));
    SourceOptions utf8 = SourceOptions.DEFAULT.withEncoding(Encoding.UTF_8);

    Path rejects = rejectAll(source, utf8);

    assertThat(Files.readAllBytes(rejects))
        .containsSubsequence(bytes("1,x", 0xFF, 0xE3, 0x81, "y,\"[row-bytes-not-in-encoding]"));
    assertThat(read(rejects).get(0).rows()).isEqualTo(read(source, utf8).get(0).rows());
    assertThat(read(rejects).get(0).problem().text())
        .isEqualTo(MessageCode.ROW_BYTES_NOT_IN_ENCODING);
  }

  @Test
  void strayBytesInUtf16ShiftNothing() {
    byte[] bytes =
        bytes(0xFF, 0xFE, "a", 0, "\n", 0, "1", 0, 0x00, 0xD8, "x", 0, "\n", 0, "2", 0, 7);
    Path rejects = rejectAll(Samples.file(folder, bytes));

    List<SourceRecord> records = read(rejects);

    assertThat(records).hasSize(2);
    assertThat(records)
        .extracting(r -> r.problem().text())
        .containsOnly(MessageCode.ROW_BYTES_NOT_IN_ENCODING);
    assertThat(records.get(0).rows().get(0).get(0)).startsWith("1").endsWith("x");
  }

  @Test
  void swallowedLinesRunAgainOnceTheirErrorsAreEmptied() throws IOException {
    Path rejects = rejectAll(Samples.file(folder, "a,b\n1,\"inch\n2,good\n3,good\n"));
    assertThat(read(rejects)).extracting(r -> r.problem() == null).containsOnly(false);

    edit(rejects, text -> text.replaceAll("\"\\[row-[^\r]*\",run", ",run"));

    assertThat(read(rejects))
        .extracting(SourceRecord::rows)
        .containsExactly(
            List.of(List.of("1", "\"inch")),
            List.of(List.of("2", "good")),
            List.of(List.of("3", "good")));
    assertThat(read(rejects)).extracting(SourceRecord::problem).containsOnlyNulls();
  }

  @Test
  void whatWasAddedIsThereBeforeClosing() throws IOException {
    Path file = folder.resolve("open.csv");
    Consumer<RejectsFile> add =
        rejects ->
            rejects.add(
                new SourceRecord(new Position(1, 2), Map.of(), List.of(List.of("1")), null),
                "e",
                "r");
    RejectsFile rejects = RejectsFile.create(file, List.of("a"), new SourceFormat(UTF_8, ','));
    add.accept(rejects);
    assertThat(Files.readString(file)).endsWith("1,e,r\r\n");
    rejects.close();
    rejects.close();
  }

  @Test
  void aRejectsFileThatExcelSavedInItsOwnEncodingIsRead() throws IOException {
    Path source = Samples.file(folder, "名前\n表示\n能力\n");
    Path rejects = rejectAll(source, SourceOptions.DEFAULT.withEncoding(Encoding.UTF_8));
    Files.write(rejects, Files.readString(rejects).substring(1).getBytes(WINDOWS_31J));

    assertThat(read(rejects, "utf8"))
        .extracting(r -> r.values().get("名前"))
        .containsExactly("表示", "能力");
  }

  @Test
  void aRejectsFileThatBecameUtf8IsReadWhereShiftJisIsDeclared() throws IOException {
    Path rejects = rejectAll(Samples.file(folder, "名前\n表示\n"));
    assertThat(read(rejects, "sjis").get(0).values()).containsEntry("名前", "表示");

    edit(rejects, text -> text.substring(1));
    assertThat(read(rejects, "sjis").get(0).values()).containsEntry("名前", "表示");
  }
}
