package dev.kintonesync.cli;

import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
import dev.kintonesync.simulator.Simulator;
import java.io.IOException;
import java.net.BindException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code simulate}: the simulator alone, until stopped. */
@Command(
    name = "simulate",
    customSynopsis = "kintone-sync simulate [OPTION...]",
    sortOptions = false)
final class SimulateCommand implements Callable<Integer> {
  private static final String WHOLE = "[0-9]{1,9}";
  private static final String DECIMAL = "[0-9]{1,9}(\\.[0-9]{1,9})?";
  private static final int HIGHEST_PORT = 65_535;
  private static final int LONGEST_LATENCY = 60_000;

  @ParentCommand private @Nullable Main main;

  @Option(names = "--port", paramLabel = "PORT")
  private String port = "0";

  @Option(names = "--latency", paramLabel = "MS")
  private String latency = "0";

  @Option(names = "--latency-per-record", paramLabel = "MS")
  private String latencyPerRecord = "0";

  @Option(names = "--serial-writes")
  private boolean serialWrites;

  @Override
  public Integer call() throws Exception {
    var terminal = Program.command(main).terminal();
    int givenPort = (int) number("--port", port, WHOLE, HIGHEST_PORT);
    int givenLatency = (int) number("--latency", latency, WHOLE, LONGEST_LATENCY);
    double givenLatencyPerRecord =
        number("--latency-per-record", latencyPerRecord, DECIMAL, LONGEST_LATENCY);
    try (var simulator = start(givenPort)) {
      simulator.settings(
          simulator
              .settings()
              .with("latencyMs", givenLatency)
              .with("latencyPerRecordMs", givenLatencyPerRecord)
              .with("serialWrites", serialWrites));
      terminal.result(Text.SIMULATOR_RUNS.with(simulator.url()));
      // a signal is its ordinary end
      Runtime.getRuntime().addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(0)));
      new CountDownLatch(1).await();
      return 0;
    }
  }

  private static double number(String option, String value, String form, int most) {
    if (value.matches(form) && Double.parseDouble(value) <= most) {
      return Double.parseDouble(value);
    }
    throw new RefusedException(
        Text.VALUE_REFUSED.with(
            Text.PLACE_COMMAND_LINE.with(), option, Text.NOT_A_NUMBER.with(value, 0, most)));
  }

  /** A simulator on the port, or the reason why there is none. */
  static Simulator start(int port) {
    try {
      return Simulator.start(port);
    } catch (BindException e) {
      boolean mayNot = String.valueOf(e.getMessage()).contains("ermission");
      throw new RefusedException(
          mayNot ? Text.SIMULATOR_FAILED.with(e) : Text.PORT_IN_USE.with(port), e);
    } catch (IOException e) {
      throw new RefusedException(Text.SIMULATOR_FAILED.with(e), e);
    }
  }
}
