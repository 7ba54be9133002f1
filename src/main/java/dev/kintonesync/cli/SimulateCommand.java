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
    resourceBundle = "dev.kintonesync.cli.help",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class SimulateCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Main main;

  @Option(names = "--port", paramLabel = "PORT", defaultValue = "0")
  private int port;

  @Option(names = "--latency", paramLabel = "MS", defaultValue = "0")
  private int latency;

  @Option(names = "--latency-per-record", paramLabel = "MS", defaultValue = "0")
  private double latencyPerRecord;

  @Option(names = "--serial-writes")
  private boolean serialWrites;

  @Override
  public Integer call() throws Exception {
    var terminal = Program.command(main).terminal();
    try (var simulator = start(port)) {
      simulator.settings(
          simulator
              .settings()
              .with("latencyMs", latency)
              .with("latencyPerRecordMs", latencyPerRecord)
              .with("serialWrites", serialWrites));
      terminal.result(Text.SIMULATOR_RUNS.with(simulator.url()));
      new CountDownLatch(1).await(); // until a signal comes
      return 0;
    }
  }

  /** A simulator on the port, or the reason why there is none. */
  static Simulator start(int port) {
    try {
      return Simulator.start(port);
    } catch (BindException e) {
      throw new RefusedException(Text.PORT_IN_USE.with(port), e);
    } catch (IOException e) {
      throw new RefusedException(Text.SIMULATOR_FAILED.with(e), e);
    }
  }
}
