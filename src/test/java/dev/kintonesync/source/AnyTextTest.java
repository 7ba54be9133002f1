package dev.kintonesync.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.file.RejectsFile;
import dev.kintonesync.source.file.SourceFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/**
 * Real files, damaged in every way: they end in rows, rejects or a refusal in words, and in nothing
 * else, and what they end in can be written as rejects and be read again.
 */
class AnyTextTest {

  private static final List<String> ENCODINGS =
      List.of(
          "UTF-8",
          "windows-31j",
          "EUC-JP",
          "x-windows-iso2022jp",
          "UTF-16LE",
          "UTF-32BE",
          "GB18030");

  private static final List<byte[]> PIECES =
      List.of(
          bytes(','),
          bytes('"'),
          bytes('\n'),
          bytes('\r', '\n'),
          bytes(';'),
          bytes('\t'),
          bytes(0),
          bytes(0x1B, '$', 'B'),
          bytes(0x1A),
          bytes(0x81),
          bytes(0xFF, 0xFE),
          bytes(0xEF, 0xBB, 0xBF),
          bytes('=', '"', '0', '"'),
          bytes('\n', 's', 'e', 'p', '=', ';', '\n'),
          bytes(',', ',', ',', '\n'));

  private static final Map<String, byte[]> SAMPLES = new TreeMap<>();

  private Path folder;

  /** What is done to a file, and where, as a part of its length. */
  record Damage(double where, int kind, int piece) {

    byte[] to(byte[] whole) {
      int at = (int) (where * whole.length);
      int end = Math.min(whole.length, at + 1 + piece);
      var out = new ByteArrayOutputStream();
      out.write(whole, 0, at);
      switch (kind) {
        case 0 -> {
          byte[] inserted = PIECES.get(piece);
          out.write(inserted, 0, inserted.length);
          out.write(whole, at, whole.length - at);
        }
        case 1 -> out.write(whole, end, whole.length - end);
        case 2 -> {
          out.write(whole, at, whole.length - at);
          out.write(whole, 0, at);
        }
        default -> {
          // cut off here
        }
      }
      return out.toByteArray();
    }
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static byte[] sample(String encoding, String name) {
    return SAMPLES.computeIfAbsent(
        encoding + name,
        key -> {
          try {
            List<String> lines = Files.readAllLines(Samples.DATA.resolve(name));
            String text = String.join("\r\n", lines.subList(0, 40)) + "\r\n";
            ByteBuffer encoded = Charset.forName(encoding).encode(text);
            return Arrays.copyOf(encoded.array(), encoded.limit());
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
  }

  @BeforeProperty
  void makeFolder() throws IOException {
    folder = Files.createTempDirectory("any-text");
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

  @Provide
  Arbitrary<List<Damage>> damages() {
    return Combinators.combine(
            Arbitraries.doubles().between(0, 0.9999).ofScale(4),
            Arbitraries.integers().between(0, 3),
            Arbitraries.integers().between(0, PIECES.size() - 1))
        .as(Damage::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(6);
  }

  @Provide
  Arbitrary<String> encodings() {
    return Arbitraries.of(ENCODINGS);
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.of("postal-codes-tokyo.csv", "postal-areas-tokyo-table.csv");
  }

  @Example
  void rejectsOfUtf32ThatHoldNulsComeBack() throws IOException {
    endsInRowsOrRejectsOrARefusal(
        "UTF-32BE", "postal-areas-tokyo-table.csv", List.of(new Damage(0.1093, 2, 0)), true);
  }

  @Property(tries = 1500)
  void endsInRowsOrRejectsOrARefusal(
      @ForAll("encodings") String encoding,
      @ForAll("names") String name,
      @ForAll("damages") List<Damage> damages,
      @ForAll boolean said)
      throws IOException {
    byte[] damaged = sample(encoding, name);
    for (Damage damage : damages) {
      damaged = damage.to(damaged);
    }
    Path file = Files.write(folder.resolve("rows.csv"), damaged);
    Path rejects = folder.resolve("rejects.csv");
    Files.deleteIfExists(rejects);
    SourceOptions options =
        said
            ? SourceOptions.DEFAULT.withEncoding(
                encoding.equals("x-windows-iso2022jp")
                    ? Encoding.ISO_2022_JP
                    : Encoding.named(encoding))
            : SourceOptions.DEFAULT;
    long count = 0;
    try (SourceReader reader = SourceFile.open(file, options);
        RejectsFile out = RejectsFile.create(rejects, reader.columns(), reader.format())) {
      List<String> columns = reader.columns();
      assertThat(reader.understanding()).isNotNull();
      while (reader.hasNext()) {
        SourceRecord record = reader.next();
        count++;
        assertThat(record.problem() == null)
            .as("a record has a value for every column, or a problem")
            .isEqualTo(record.values().size() == columns.size());
        out.add(record, "refused", "ref/" + count);
      }
      assertThat(reader.bytesRead()).isEqualTo(damaged.length);
      assertThat(count).as("no more rows than bytes").isLessThanOrEqualTo(damaged.length);
    } catch (UserErrorException refused) {
      assertThat(refused.getMessage()).isNotBlank();
      return;
    }
    if (count > 0) {
      assertThat(Samples.read(rejects, options)).isNotEmpty();
    }
  }
}
