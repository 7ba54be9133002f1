package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TerminalTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Terminal terminal =
      new Terminal(stream(out), stream(err), MessageBundle.ENGLISH, 20);

  @Test
  void whatIsDrawnIsWipedBeforeAnythingIsSaid() {
    terminal.draw("half of it");
    terminal.result(MessageCode.SIMULATOR_RUNS.with("x"));
    assertThat(seen(err)).isEqualTo(" ".repeat(12));
    assertThat(seen(out)).isEqualTo("Simulator: x\n");

    terminal.draw("more of it");
    terminal.say(MessageCode.NOTHING_WAITS.with("job"));
    assertThat(seen(err).stripTrailing()).isEqualTo("job: no files waiting.");
  }

  @Test
  void aShorterLineLeavesNothingOfTheOneBefore() {
    terminal.draw("1234567890");
    terminal.draw("123");
    assertThat(seen(err).stripTrailing()).isEqualTo("123");
  }

  @Test
  void aLineThatIsTooLongIsCutSoThatTheTerminalDoesNotWrapIt() {
    terminal.draw("123456789012345678901234567890");
    assertThat(seen(err)).isEqualTo("12345678901234567");
    terminal.stopDrawing();
    terminal.draw("追加更新変更なしエラー");
    assertThat(seen(err).stripTrailing()).isEqualTo("追加更新変更なし");
  }

  /** What a person sees in the last line: a carriage return goes back to its beginning. */
  private static String seen(ByteArrayOutputStream written) {
    var line = new StringBuilder();
    for (String part : written.toString(StandardCharsets.UTF_8).split("\r")) {
      line.replace(0, Math.min(part.length(), line.length()), part);
    }
    return line.toString();
  }

  private static PrintStream stream(ByteArrayOutputStream written) {
    return new PrintStream(written, true, StandardCharsets.UTF_8);
  }
}
