package dev.kintonesync.source;

import static dev.kintonesync.source.SourceOptions.DEFAULT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.file.SourceFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("it counts the temporary files of the process")
class PackedFileTest {

  private static final byte[] ROWS = "a,b\n1,東京\n2,大阪\n".getBytes(UTF_8);

  @TempDir Path folder;
  private Set<String> temporaryBefore;

  @BeforeEach
  void look() throws IOException {
    temporaryBefore = temporary();
  }

  @AfterEach
  void nothingTemporaryIsLeft() throws IOException {
    assertThat(temporaryBefore).containsAll(temporary());
  }

  /** Those of this process; others have theirs in the same folder. */
  private static Set<String> temporary() throws IOException {
    String ours = "kintone-sync-" + ProcessHandle.current().pid() + "-";
    try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(ours) && name.endsWith(".tmp"))
          .collect(Collectors.toSet());
    }
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private Path zip(Charset names, Map<String, byte[]> entries) throws IOException {
    Path file = folder.resolve("rows.zip");
    try (var zip = new ZipOutputStream(Files.newOutputStream(file), names)) {
      for (var entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    return file;
  }

  private AbstractThrowableAssert<?, ?> refusal(Path file) {
    return assertThatThrownBy(() -> SourceFile.open(file, DEFAULT))
        .isInstanceOf(UserErrorException.class);
  }

  private static void assertRead(Path file) {
    assertThat(Samples.read(file))
        .extracting(SourceRecord::values)
        .containsExactly(Map.of("a", "1", "b", "東京"), Map.of("a", "2", "b", "大阪"));
  }

  @Test
  void aGzipFileIsReadWithAllItsParts() throws IOException {
    assertRead(file("rows.csv.gz", gzip(ROWS)));
    var parts = new ByteArrayOutputStream();
    parts.write(gzip(Arrays.copyOf(ROWS, 9)));
    parts.write(gzip(Arrays.copyOfRange(ROWS, 9, ROWS.length)));
    assertRead(file("parts.gz", parts.toByteArray()));
  }

  @Test
  void theNameInsideTellsATabFromAComma() throws IOException {
    Path file = file("rows.TSV.gz", gzip("a\tb\n1,5\t2\n".getBytes(UTF_8)));
    assertThat(Samples.read(file).get(0).values()).isEqualTo(Map.of("a", "1,5", "b", "2"));
  }

  @Test
  void rejectsHaveTheFormatInside() throws IOException {
    Path file = file("rows.jsonl.gz", gzip("{\"a\": 1}\n".getBytes(UTF_8)));
    try (SourceFileReader reader = SourceFile.open(file, DEFAULT)) {
      assertThat(reader.format().extension()).isEqualTo(".jsonl");
    }
  }

  @Test
  void aGzipFileThatIsCutOffOrDamagedIsRefusedAsAWhole() throws IOException {
    byte[] whole = gzip("a,b\n".repeat(10_000).getBytes(UTF_8));
    refusal(file("cut.gz", Arrays.copyOf(whole, whole.length - 5)))
        .hasMessageContaining("cannot be unpacked");
    byte[] damaged = whole.clone();
    damaged[whole.length / 2] ^= 0x55;
    refusal(file("damaged.gz", damaged)).hasMessageContaining("cannot be unpacked");
  }

  @Test
  void theOneFileInAZipIsRead() throws IOException {
    assertRead(zip(UTF_8, Map.of("anything", ROWS)));
    assertRead(
        zip(
            UTF_8,
            Map.of(
                "export/顧客.csv", ROWS,
                "export/readme.pdf", ROWS,
                "__MACOSX/export/._顧客.csv", ROWS,
                "export/.DS_Store", ROWS)));
    assertRead(zip(Charset.forName("windows-31j"), Map.of("顧客一覧表.csv", ROWS)));
  }

  @Test
  void aZipWithSeveralInputsIsRefusedByTheirNames() throws IOException {
    refusal(zip(UTF_8, Map.of("a.csv", ROWS, "sub/b.csv", ROWS)))
        .hasMessageContaining("a.csv")
        .hasMessageContaining("b.csv")
        .hasMessageNotContaining("sub/");
    refusal(zip(UTF_8, Map.of("empty/", new byte[0]))).hasMessageContaining("one file with rows");
  }

  @Test
  void namesInAZipLeadNowhere() throws IOException {
    assertRead(zip(UTF_8, Map.of("../../../evil.csv", ROWS)));
    assertThat(folder.resolve("../../../evil.csv")).doesNotExist();
  }

  @Test
  void aZipThatIsCutOffIsRefused() throws IOException {
    byte[] zip = Files.readAllBytes(zip(UTF_8, Map.of("a.csv", ROWS)));
    refusal(file("cut.zip", Arrays.copyOf(zip, zip.length - 10)))
        .hasMessageContaining("cannot be unpacked");
    zip[40] ^= 0x55;
    refusal(file("damaged.zip", zip)).hasMessageContaining("cannot be unpacked");
  }

  @Test
  void aBombIsStopped() throws IOException {
    byte[] zeros = new byte[(int) Decompressed.HARMLESS + (1 << 20)];
    Arrays.fill(zeros, (byte) 'a');
    refusal(file("bomb.gz", gzip(zeros))).hasMessageContaining("250 times");
    refusal(zip(UTF_8, Map.of("bomb.csv", zeros))).hasMessageContaining("250 times");
  }

  @Test
  void aPackageInAPackageIsRefused() throws IOException {
    refusal(file("a.gz", gzip(gzip(ROWS)))).hasMessageContaining("another compressed file");
    byte[] zip = Files.readAllBytes(zip(UTF_8, Map.of("a.csv", ROWS)));
    refusal(file("b.gz", gzip(zip))).hasMessageContaining("another compressed file");
  }

  @Test
  void whatIsUnpackedIsReadAgainWithoutUnpacking() throws IOException {
    try (SourceFileReader reader = SourceFile.open(file("rows.csv.gz", gzip(ROWS)), DEFAULT)) {
      int held = temporary().size();
      try (SourceReader again = reader.again()) {
        assertThat(temporary()).hasSize(held);
        assertThat(List.of(again.next().values())).containsExactly(Map.of("a", "1", "b", "東京"));
      }
      assertThat(reader.next().values()).isEqualTo(Map.of("a", "1", "b", "東京"));
    }
  }

  @Test
  void anEmptyPackageIsAnEmptyFile() throws IOException {
    refusal(file("a.gz", gzip(new byte[0]))).hasMessageContaining("is empty");
  }
}
