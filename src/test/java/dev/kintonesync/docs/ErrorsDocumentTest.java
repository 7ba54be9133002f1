package dev.kintonesync.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.message.MessageCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/errors.md} has every message of the catalogue, and every code of Kintone's. */
class ErrorsDocumentTest {
  private static final Path DOCUMENT = Path.of("docs", "errors.md");
  private static final String BEGIN = "<!-- made from the catalogue by ErrorsDocumentTest -->\n";
  private static final String END = "<!-- end -->\n";
  private static final Pattern KINTONES = Pattern.compile("\\b(?:GAIA|CB)_[A-Z]{2}[0-9]{2}\\b");

  @Test
  void everyMessageStandsInItInBothLanguages() throws IOException {
    String document = Files.readString(DOCUMENT);
    assertThat(document).containsOnlyOnce(BEGIN).containsOnlyOnce(END);
    String expected =
        document.substring(0, document.indexOf(BEGIN) + BEGIN.length())
            + tables()
            + document.substring(document.indexOf(END));
    if (Boolean.getBoolean("write.docs")) {
      Files.writeString(DOCUMENT, expected);
      return;
    }
    assertThat(document)
        .as("docs/errors.md; mvn test -Dtest=ErrorsDocumentTest -Dwrite.docs=true writes it anew")
        .isEqualTo(expected);
  }

  /** A table for each heading of the catalogue. */
  private static String tables() throws IOException {
    Map<String, String> japanese = new HashMap<>();
    for (String line : bundle("ja").split("\n", -1)) {
      int equals = line.indexOf(" = ");
      if (!line.startsWith("#") && equals > 0) {
        japanese.put(line.substring(0, equals), line.substring(equals + 3));
      }
    }
    var tables = new StringBuilder();
    for (String line : bundle("en").split("\n", -1)) {
      int equals = line.indexOf(" = ");
      if (line.startsWith("# ")) {
        tables
            .append("\n### ")
            .append(line.substring(2))
            .append("\n\n| code | message | メッセージ |\n| --- | --- | --- |\n");
      } else if (equals > 0) {
        String code = line.substring(0, equals);
        tables
            .append("| `")
            .append(code)
            .append("` | ")
            .append(cell(line.substring(equals + 3)))
            .append(" | ")
            .append(cell(japanese.get(code)))
            .append(" |\n");
      }
    }
    return tables.append('\n').toString();
  }

  private static String cell(String sentence) {
    return sentence.replace("|", "\\|").replace("<", "&lt;");
  }

  private static String bundle(String language) throws IOException {
    try (var file = MessageCode.class.getResourceAsStream("messages_" + language + ".properties")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void everyCodeOfKintonesThatIsKnownHereStandsInIt() throws IOException {
    var known = new TreeSet<String>();
    try (var files = Files.walk(Path.of("src", "main", "java"))) {
      for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
        KINTONES
            .matcher(Files.readString(file))
            .results()
            .forEach(found -> known.add(found.group()));
      }
    }
    assertThat(known).hasSizeGreaterThan(40);
    assertThat(Files.readString(DOCUMENT).lines().filter(line -> line.startsWith("| `")))
        .map(line -> line.substring(3, line.indexOf('`', 3)))
        .containsAll(known);
  }
}
