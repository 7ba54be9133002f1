package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.LogOfProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** With {@code log.format = json} the files of the log are for programs. */
@LogOfProcess.LookedAt
class JsonLogTest {
  @TempDir Path home;

  @Test
  void everyLineIsAnObjectWithItsSentence() throws Exception {
    Files.writeString(home.resolve("application.properties"), "log.format = json\n");
    new Command(home).run("runs", "--lang", "en");
    LoggerFactory.getLogger(JsonLogTest.class).info("said {}", "やあ");
    var lines = Files.readAllLines(home.resolve("logs/kintone-sync.log"));
    var last = new ObjectMapper().readTree(lines.get(lines.size() - 1));
    assertThat(last.path("formattedMessage").asText()).isEqualTo("said やあ");
    assertThat(last.path("level").asText()).isEqualTo("INFO");
  }
}
