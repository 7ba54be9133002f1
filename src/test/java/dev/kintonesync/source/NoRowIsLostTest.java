package dev.kintonesync.source;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.file.SourceFile;
import dev.kintonesync.source.text.MalformedBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** Whatever a file holds: what was written is read back, and what is broken is not lost. */
class NoRowIsLostTest {

  private Path folder;

  @BeforeProperty
  void makeFolder() throws IOException {
    folder = Files.createTempDirectory("no-row-is-lost");
  }

  @AfterProperty
  void removeFolder() throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("rows.csv"), bytes);
  }

  record Table(List<List<String>> rows, LineDelimiter end, String encoding) {}

  @Provide
  Arbitrary<Table> tables() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "\"", ",", "\n", "\r", "\r\n", " ", "a", "01", "ソ", "表", "😀", "\uFFFD", "\t", "é");
    Arbitrary<String> cells =
        Arbitraries.oneOf(
            pieces.list().ofMaxSize(6).map(parts -> String.join("", parts)),
            Arbitraries.strings().ofMaxLength(8).map(NoRowIsLostTest::withoutBrokenSurrogates));
    Arbitrary<List<List<String>>> rows =
        Arbitraries.integers()
            .between(1, 5)
            .flatMap(width -> cells.list().ofSize(width).list().ofMaxSize(8));
    return Combinators.combine(
            rows,
            Arbitraries.of(LineDelimiter.CRLF, LineDelimiter.LF, LineDelimiter.CR),
            Arbitraries.of("utf8", "utf16le", "utf16be"))
        .as(Table::new);
  }

  private static String withoutBrokenSurrogates(String text) {
    String whole = new String(text.getBytes(UTF_8), UTF_8);
    // At the beginning of a line it is a byte order mark, wherever that line is.
    return whole.startsWith("\uFEFF") ? "x" + whole : whole;
  }

  @Property(tries = 500)
  void anyTableIsReadBackAsItWasWritten(@ForAll("tables") Table table) throws IOException {
    int width = table.rows().isEmpty() ? 2 : table.rows().get(0).size();
    var text = new StringWriter();
    try (CsvWriter writer = CsvWriter.builder().lineDelimiter(table.end()).build(text)) {
      List<String> header = new ArrayList<>();
      for (int i = 0; i < width; i++) {
        header.add("column " + i);
      }
      writer.writeRecord(header);
      table.rows().forEach(writer::writeRecord);
    }
    Encoding encoding = Encoding.named(table.encoding());
    Path file = file(text.toString().getBytes(encoding.charset()));

    List<SourceRecord> records =
        holdsNul(text.toString())
            ? List.of()
            : Samples.read(file, SourceOptions.DEFAULT.withEncoding(encoding));

    if (!holdsNul(text.toString())) {
      // A row of one empty field is written as a blank line, which is no row; nor are commas alone.
      List<List<String>> written = table.rows().stream().filter(NoRowIsLostTest::hasValue).toList();
      assertThat(records).extracting(record -> record.rows().get(0)).isEqualTo(written);
      assertThat(records).allMatch(record -> record.problem() == null);
    }
  }

  private static boolean hasValue(List<String> row) {
    return row.stream().anyMatch(field -> !field.isEmpty());
  }

  private static boolean holdsNul(String text) {
    return text.indexOf(0) >= 0;
  }

  @Provide
  Arbitrary<String> quotings() {
    return Arbitraries.of("\"", "\"\"", "\",\"", ",", "\n", "\r\n", "\r", "x", "yz", "\"\n\"", "あ")
        .list()
        .ofMaxSize(40)
        .map(parts -> String.join("", parts));
  }

  @Property(tries = 500)
  void whatFastCsvReadsStrictlyIsReadAlike(@ForAll("quotings") String rows) throws IOException {
    List<CsvRecord> expected;
    try (var reader =
        CsvReader.builder()
            .allowUnclosedQuote(false)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .ofCsvRecord(rows)) {
      expected = new ArrayList<>(reader.stream().toList());
    } catch (RuntimeException broken) {
      expected = null;
    }
    List<SourceRecord> records = Samples.read(file(("a,b\n" + rows).getBytes(UTF_8)));

    if (expected != null) {
      // Of several fields that are all empty none is a value; of more than two the empty ones go.
      expected.removeIf(row -> row.getFieldCount() > 1 && !hasValue(row.getFields()));
      assertThat(records)
          .extracting(record -> record.rows().get(0))
          .isEqualTo(expected.stream().map(row -> ofTwoColumns(row.getFields())).toList());
      assertThat(records)
          .extracting(record -> record.position().line())
          .isEqualTo(expected.stream().map(r -> r.getStartingLineNumber() + 1).toList());
      assertThat(records).allMatch(r -> (r.problem() == null) == (r.rows().get(0).size() == 2));
    } else {
      assertThat(records).anyMatch(record -> record.problem() != null);
    }
    assertThat(withoutStructure(kept(records))).isEqualTo(withoutStructure(rows));
  }

  private static List<String> ofTwoColumns(List<String> row) {
    return row.size() > 2 && !hasValue(row.subList(2, row.size())) ? row.subList(0, 2) : row;
  }

  @Provide
  Arbitrary<byte[]> garbage() {
    Arbitrary<byte[]> any = Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
    Arbitrary<byte[]> structured =
        Arbitraries.of(
                0x2C, 0x22, 0x0A, 0x0D, 0x61, 0x81, 0x5C, 0x93, 0xE3, 0x82, 0xFF, 0xA4, 0x8F, 0x1A)
            .list()
            .ofMaxSize(200)
            .map(
                codes -> {
                  var bytes = new ByteArrayOutputStream();
                  codes.forEach(code -> bytes.write(code));
                  return bytes.toByteArray();
                });
    Arbitrary<byte[]> header =
        Arbitraries.of("", "a,b\n", "a\r\n").map(text -> text.getBytes(UTF_8));
    return Combinators.combine(header, Arbitraries.oneOf(any, structured))
        .as(
            (first, rest) -> {
              var bytes = new ByteArrayOutputStream();
              bytes.writeBytes(first);
              bytes.writeBytes(rest);
              return bytes.toByteArray();
            });
  }

  @Property(tries = 500)
  void randomBytesAreRefusedOrReadWholly(
      @ForAll("garbage") byte[] bytes, @ForAll("encodings") String name) throws IOException {
    Path file = file(bytes);
    SourceOptions options =
        name.isEmpty()
            ? SourceOptions.DEFAULT.withDelimiter(',')
            : SourceOptions.DEFAULT.withDelimiter(',').withEncoding(Encoding.named(name));
    try (SourceReader reader = SourceFile.open(file, options)) {
      List<SourceRecord> records = new ArrayList<>();
      reader.forEachRemaining(records::add);

      Charset charset = reader.format().charset();
      String all = String.join("", reader.columns()) + kept(records);
      // Of a broken pair in UTF-16, String drops the character after it too.
      if (!charset.name().startsWith("UTF-16")) {
        assertThat(wellEncoded(all)).isEqualTo(wellEncoded(new String(bytes, charset)));
      }
      if (charset.equals(UTF_8)) {
        assertThat(withoutStructure(bytesOf(all, charset).toString(ISO_8859_1)))
            .isEqualTo(withoutStructure(new String(bytes, ISO_8859_1)));
      }
      assertThat(reader.bytesRead()).isEqualTo(bytes.length);
    } catch (UserErrorException refused) {
      assertThat(refused.reason().arguments()).isNotEmpty();
    }
  }

  @Provide
  Arbitrary<String> encodings() {
    return Arbitraries.of("", "utf8", "sjis", "euc-jp", "latin1");
  }

  private static String kept(List<SourceRecord> records) {
    return records.stream()
        .flatMap(record -> record.rows().stream())
        .map(row -> String.join("", row))
        .collect(Collectors.joining());
  }

  /** What is left of a file without all that only says where fields and rows begin and end. */
  private static String withoutStructure(String text) {
    return text.replaceAll("[\",\r\n\u001a]", "");
  }

  private static String wellEncoded(String text) {
    return withoutStructure(MalformedBytes.shown(text)).replace("\uFFFD", "");
  }

  private static ByteArrayOutputStream bytesOf(String text, Charset charset) throws IOException {
    var bytes = new ByteArrayOutputStream();
    MalformedBytes.encode(text, charset, bytes);
    return bytes;
  }
}
