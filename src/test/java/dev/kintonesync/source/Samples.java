package dev.kintonesync.source;

import dev.kintonesync.source.file.SourceFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes small files and reads whole ones. */
public final class Samples {

  public static final Path DATA = Path.of("src/test/resources/data");
  static final Charset WINDOWS_31J = Charset.forName("windows-31j");

  private Samples() {}

  public static Path file(Path folder, String text) {
    return file(folder, text.getBytes(StandardCharsets.UTF_8));
  }

  public static Path file(Path folder, String text, Charset charset) {
    return file(folder, text.getBytes(charset));
  }

  public static Path file(Path folder, byte[] bytes) {
    try {
      return Files.write(Files.createTempFile(folder, "rows", ".csv"), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static byte[] bytes(Object... parts) {
    var out = new java.io.ByteArrayOutputStream();
    for (Object part : parts) {
      if (part instanceof Integer b) {
        out.write(b);
      } else {
        out.writeBytes(part.toString().getBytes(StandardCharsets.UTF_8));
      }
    }
    return out.toByteArray();
  }

  public static List<SourceRecord> read(Path file) {
    return read(file, SourceOptions.DEFAULT);
  }

  public static List<SourceRecord> read(Path file, String encoding) {
    return read(file, SourceOptions.DEFAULT.withEncoding(Encoding.named(encoding)));
  }

  public static List<SourceRecord> read(Path file, SourceOptions options) {
    try (SourceReader reader = SourceFile.open(file, options)) {
      List<SourceRecord> records = new ArrayList<>();
      reader.forEachRemaining(records::add);
      return records;
    }
  }
}
