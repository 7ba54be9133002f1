package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.LogOfProcess;
import dev.kintonesync.source.UnpackingProcess;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A program that begins to read removes what one has left behind that was killed. */
@LogOfProcess.Started
class LeftBehindTest extends Places {
  @Test
  void anImportRemovesTheTemporaryFilesOfAKilledOne() throws Exception {
    var place = new Place("left", FIELDS);
    try (var process = UnpackingProcess.start()) {
      process.kill();
      place.imports(source("first.jsonl", new Random(1), 3));
      assertThat(process.file()).doesNotExist();
      assertThat(process.folder()).doesNotExist();
    }
  }
}
