package dev.kintonesync.source.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileEndTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          'a,b\\n1,2\\n', true
          'a,b\\r\\n1,2\\r\\n', true
          'a,b\\r1,2\\r', true
          'a,b\\n1,2', false
          'a,b', false
          '', true
          '[{"a":1}]', true
          '[{"a":1}', true
          '[{"a":1},', false
          '[{"a":"x', false
          '{"a":1}\\n{"a":2}\\n', true
          '{"a":1}\\n{"a":2}', true
          '{"a":1}\\n{"a"', false
          """)
  void textEndsWithALineAndJsonWithABracket(String text, boolean complete) throws IOException {
    String lines = text.replace("\\n", "\n").replace("\\r", "\r");
    for (String encoding : new String[] {"UTF-8", "UTF-16", "UTF-16LE", "windows-31j"}) {
      assertThat(looksComplete(lines.getBytes(Charset.forName(encoding))))
          .as(encoding)
          .isEqualTo(complete);
    }
  }

  @Test
  void aPackageEndsWithItsDirectory() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("a.csv"));
      zip.write("a,b\n".repeat(100_000).getBytes(StandardCharsets.UTF_8));
    }
    byte[] whole = bytes.toByteArray();
    assertThat(looksComplete(whole)).isTrue();
    for (int cut : new int[] {1, 20, 60, whole.length / 2, whole.length - 100}) {
      assertThat(looksComplete(Arrays.copyOf(whole, whole.length - cut)))
          .as("without its last %d bytes", cut)
          .isFalse();
    }
  }

  private boolean looksComplete(byte[] content) throws IOException {
    return FileEnd.looksComplete(Files.write(folder.resolve("file"), content));
  }
}
