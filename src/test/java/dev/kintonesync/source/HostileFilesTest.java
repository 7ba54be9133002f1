package dev.kintonesync.source;

import static dev.kintonesync.source.HostileFiles.megabytes;
import static dev.kintonesync.source.HostileFiles.once;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.AtOnce;
import dev.kintonesync.source.HostileFiles.Part;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is in a file, it ends in words or in rejected rows, and in a small heap. */
@Order(1) // it waits long
class HostileFilesTest {
  private static final int LIMIT_SECONDS = 150;
  private static final int MB = 20;

  @TempDir static Path rejects;
  @TempDir Path folder;

  private static Process reader;
  private static BufferedReader answers;

  /** A process with half of the smallest heap, which reads all files unless one has ended it. */
  private static void startReader() throws IOException {
    reader =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                HostileFiles.class.getName(),
                rejects.resolve("rejects").toString())
            .redirectErrorStream(true)
            .start();
    answers = reader.inputReader(UTF_8);
  }

  @AfterAll
  static void endReader() throws Exception {
    if (reader != null) {
      reader.outputWriter(UTF_8).close();
      assertThat(reader.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as("it ends").isTrue();
      assertThat(answers.readLine()).isNull();
      assertThat(reader.exitValue()).isZero();
    }
  }

  /** What that process says of a file. */
  private String said(Path file) throws Exception {
    Files.deleteIfExists(rejects.resolve("rejects"));
    if (reader == null || !reader.isAlive()) {
      startReader();
    }
    var files = reader.outputWriter(UTF_8);
    files.write(file + "\n");
    files.flush();
    var answer = AtOnce.ask(this::answered);
    String said;
    try {
      said = answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      reader.destroyForcibly();
      throw new AssertionError("it does not end", e);
    }
    assertThat(said).as("what a process says that has not ended").isNotNull();
    assertThat(said.length()).as("a sentence, not a file").isLessThan(1000);
    Files.delete(file);
    return said;
  }

  private String answered() {
    try {
      return answers.readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path text(String name, Part... parts) throws IOException {
    return HostileFiles.text(folder.resolve(name), parts);
  }

  private Path sheet(Part... parts) throws IOException {
    return HostileFiles.workbook(folder.resolve("rows.xlsx"), parts);
  }

  @Test
  void aHeaderWithoutEnd() throws Exception {
    assertThat(said(text("rows.csv", megabytes(MB, "abcdefgh"))))
        .startsWith("refused: The header of ")
        .contains("is longer than 4194304 characters");
    assertThat(said(text("rows.csv", megabytes(MB, ","))))
        .startsWith("refused: The header of ")
        .contains("has 65536+ columns");
    assertThat(said(text("rows.csv", megabytes(MB, "\u3042,"), once("\na,b\n"))))
        .startsWith("refused: The header of ");
    assertThat(said(text("rows.csv", once("\"a"), megabytes(MB, "\nabc"))))
        .startsWith("refused: The header of ");
  }

  @Test
  void aRowWithoutEnd() throws Exception {
    assertThat(said(text("rows.csv", once("a,b\n1,2\n1,"), megabytes(MB, "x"), once("\n3,4\n"))))
        .isEqualTo("8 rows, 6 of them unreadable");
    assertThat(said(text("rows.csv", once("a,b\n1,2\n"), megabytes(MB, ","), once("\n3,4\n"))))
        .isEqualTo("8 rows, 6 of them unreadable");
    assertThat(said(text("rows.csv", once("a,b\n1,2\n"), megabytes(3, ","), once("\n3,4\n"))))
        .isEqualTo("3 rows, 1 of them unreadable");
  }

  @Test
  void aPageThatIsTooMuch() throws Exception {
    Part begin = once("<table><tr><th>a<th>b<tr><td>1<td>2");
    Part end = once("<tr><td>3<td>4</table>");
    for (String much :
        new String[] {
          "<td>x", "x", "<td><p>", "<td><b>", "<td><table><tr>", "<div>", "<td colspan=9>"
        }) {
      assertThat(said(text("rows.html", begin, once("<tr><td>"), megabytes(MB, much), end)))
          .as(much)
          .contains("refused: ", "web page");
    }
    for (String before : new String[] {"x", "<div>", "<b>", "<!-- x", "<i x='"}) {
      assertThat(said(text("rows.html", once("<html>"), megabytes(MB, before), begin, end)))
          .as(before)
          .contains("refused: ", "web page");
    }
    assertThat(said(text("rows.html", megabytes(MB, "<table>"), begin, end)))
        .isEqualTo("2 rows, 0 of them unreadable");
    assertThat(said(text("rows.html", once("<html>"), megabytes(8, "<p>x</p>\n"), begin, end)))
        .isEqualTo("2 rows, 0 of them unreadable");
    assertThat(said(text("rows.html", begin, megabytes(4, "<tr><td><td>\n"), end)))
        .isEqualTo("2 rows, 0 of them unreadable");
    assertThat(said(text("rows.html", begin, megabytes(1, "<tr><td rowspan=99999>x"), end)))
        .contains("refused: ", "web page");
    Part high = once("<tr><td>1<td rowspan=65534>" + "x".repeat(400_000));
    assertThat(said(text("rows.html", begin, high, megabytes(1, "<tr><td>1"), end)))
        .contains("refused: ", "250 times as long");
    assertThat(said(text("rows.html", megabytes(1, "<table><tr><td>1<td>2</table>"), begin, end)))
        .contains("refused: ", "more than 10000 tables");
  }

  @Test
  void aQuoteThatIsNeverClosed() throws Exception {
    assertThat(
            said(text("rows.csv", once("a,b\n1,2\n1,\""), megabytes(MB, "x,y".repeat(500) + "\n"))))
        .matches("[0-9]+ rows, [0-9]+ of them unreadable");
  }

  @Test
  void jsonThatIsNestedOrNamedWithoutEnd() throws Exception {
    Part open = new Part("[", 100_000);
    Part close = new Part("]", 100_000);
    assertThat(said(text("rows.json", once("[{\"a\":1},{\"a\":"), open, close, once("}]"))))
        .isEqualTo("2 rows, 1 of them unreadable");
    assertThat(said(text("rows.jsonl", once("{\"a\":1}\n{\"a\":"), open, close, once("}\n"))))
        .isEqualTo("2 rows, 1 of them unreadable");
    assertThat(said(text("rows.json", open, close))).startsWith("refused: ");
    assertThat(said(text("rows.json", new Part("{\"a\":", 100_000)))).startsWith("refused: ");
    assertThat(said(text("rows.json", once("[{\"a\":1},{\""), megabytes(MB, "k"), once("\":1}]"))))
        .startsWith("refused: ");
    assertThat(
            said(text("rows.jsonl", once("{\"a\":1}\n{\""), megabytes(MB, "k"), once("\":1}\n"))))
        .matches("[0-9]+ rows, [0-9]+ of them unreadable");
    assertThat(said(text("rows.json", once("{\""), megabytes(MB, "k"), once("\":[{\"a\":1}]}"))))
        .startsWith("refused: ");
  }

  @Test
  void jsonWithMoreNamesThanColumns() throws Exception {
    Path file = folder.resolve("rows.jsonl");
    try (var out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < 2_000; i++) {
        out.write("{\"" + i + "k".repeat(40_000) + "\":1}\n");
      }
    }
    assertThat(said(file)).startsWith("refused: The records of ");
  }

  @Test
  void numbersThatAreAllExponent() throws Exception {
    assertThat(said(text("rows.json", once("[{\"a\":1e999999999},{\"a\":-1E-2147483648}]"))))
        .matches("[0-9]+ rows, [0-9]+ of them unreadable");
    assertThat(
            said(
                sheet(
                    once("<w><sheetData><row><c t='str'><v>a</v></c></row>"),
                    once("<row><c><v>1e2147483647</v></c></row><row><c><v>1e-99999999</v></c>"),
                    once("</row></sheetData></w>"))))
        .matches("[0-9]+ rows, [0-9]+ of them unreadable");
  }

  private static Part cell(String text) {
    return once("<row><c t='inlineStr'><is><t>" + text + "</t></is></c></row>");
  }

  @Test
  void aSheetWithEntities() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret.txt"), "s3cret");
    assertThat(
            said(
                sheet(
                    once("<!DOCTYPE w [<!ENTITY e SYSTEM '" + secret.toUri() + "'>]>"),
                    once("<w><sheetData>"),
                    cell("a"),
                    cell("x&e;"),
                    once("</sheetData></w>"))))
        .startsWith("refused: ")
        .doesNotContain("s3cret");
    assertThat(
            said(
                sheet(
                    once("<!DOCTYPE w [<!ENTITY a0 'aaaaaaaaaaaaaaaa'>"),
                    once("<!ENTITY a1 '&a0;&a0;&a0;&a0;&a0;&a0;&a0;&a0;&a0;&a0;&a0;&a0;'>"),
                    once("<!ENTITY a2 '&a1;&a1;&a1;&a1;&a1;&a1;&a1;&a1;&a1;&a1;&a1;&a1;'>"),
                    once("<!ENTITY a3 '&a2;&a2;&a2;&a2;&a2;&a2;&a2;&a2;&a2;&a2;&a2;&a2;'>"),
                    once("<!ENTITY a4 '&a3;&a3;&a3;&a3;&a3;&a3;&a3;&a3;&a3;&a3;&a3;&a3;'>]>"),
                    once("<w><sheetData>"),
                    cell("a"),
                    cell("&a4;"),
                    once("</sheetData></w>"))))
        .startsWith("refused: ");
  }

  @Test
  void aSheetWithMarkupWithoutEnd() throws Exception {
    Part begin = once("<w><sheetData><row r='");
    assertThat(said(sheet(begin, megabytes(60, "1"), once("'/></sheetData></w>"))))
        .startsWith("refused: ");
    assertThat(said(sheet(once("<w><!--"), megabytes(60, "< > a"), once("--></w>"))))
        .startsWith("refused: ");
    assertThat(said(sheet(once("<w><?p "), megabytes(60, "a"), once("?></w>"))))
        .startsWith("refused: ");
    assertThat(said(sheet(once("<w><"), megabytes(60, "a"), once("/></w>"))))
        .startsWith("refused: ");
    assertThat(said(sheet(megabytes(60, "<w>")))).startsWith("refused: ");
    assertThat(said(sheet(once("<w "), megabytes(3, "aaa='b' "), once("/>"))))
        .startsWith("refused: ");
    assertThat(said(sheet(once("<w><sheetData><row><c t='str'><v>"), megabytes(60, "a"))))
        .startsWith("refused: ");
  }

  @Test
  void aRowOfLargeCells() throws Exception {
    assertThat(
            said(
                sheet(
                    once("<w><sheetData>"),
                    cell("a"),
                    once("<row>"),
                    new Part("<c t='s'><v>0</v></c>", 16_384),
                    once("</row></sheetData></w>"))))
        .startsWith("refused: ")
        .contains("longer than 4194304 characters");
  }
}
