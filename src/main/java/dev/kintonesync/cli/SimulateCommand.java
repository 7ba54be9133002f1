package dev.kintonesync.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Job;
import dev.kintonesync.simulator.Simulator;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
  private static final String FIXED = "fixed";
  private static final String MEASURED = "measured";
  private static final Duration COPY_TIMEOUT = Duration.ofSeconds(60);

  @ParentCommand private @Nullable Main main;

  @Option(names = "--port", paramLabel = "PORT")
  private String port = "0";

  @Option(names = "--https")
  private boolean https;

  @Option(names = "--ca-file", paramLabel = "FILE")
  private Path caFile = Path.of("simulator-ca.pem");

  @Option(names = "--latency", paramLabel = "MS")
  private String latency = "0";

  @Option(names = "--latency-per-record", paramLabel = "MS")
  private String latencyPerRecord = "0";

  @Option(names = "--serial-writes")
  private boolean serialWrites;

  @Option(names = "--model", paramLabel = "MODEL")
  private String model = FIXED;

  @Option(names = "--parallel-writes")
  private boolean parallelWrites;

  @Option(names = "--app-file", paramLabel = "FILE")
  private @Nullable Path appFile;

  @Option(names = "--data", paramLabel = "DIR")
  private @Nullable Path data;

  @Option(names = "--copy-app", paramLabel = "N")
  private @Nullable String copyApp;

  @Option(names = "--with-records")
  private boolean withRecords;

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Override
  public Integer call() throws Exception {
    var terminal = Program.command(main).terminal();
    int givenPort = (int) number("--port", port, WHOLE, HIGHEST_PORT);
    int givenLatency = (int) number("--latency", latency, WHOLE, LONGEST_LATENCY);
    double givenLatencyPerRecord =
        number("--latency-per-record", latencyPerRecord, DECIMAL, LONGEST_LATENCY);
    String givenModel = model();
    Job original = original();
    JsonNode definition = appFile == null ? null : definition(appFile);
    try (var simulator = start(givenPort, data, https)) {
      if (original != null) { // first, as its number must be free
        copy(simulator, original, terminal);
      }
      if (definition != null) {
        make(simulator, definition, terminal);
      }
      simulator.settings(
          simulator
              .settings()
              .with("model", givenModel)
              .with("latencyMs", givenLatency)
              .with("latencyPerRecordMs", givenLatencyPerRecord)
              .with(
                  "serialWrites",
                  serialWrites || (MEASURED.equals(givenModel) && !parallelWrites)));
      terminal.result(MessageCode.SIMULATOR_RUNS.with(simulator.url()));
      terminal.result(MessageCode.SIMULATOR_PAGE.with(simulator.pageUrl()));
      if (https) {
        TrustFiles.write(caFile, simulator.authority()).say(terminal, simulator.url());
      }
      awaitSignal(simulator);
      return 0;
    }
  }

  private String model() {
    if (model.equals(FIXED) || model.equals(MEASURED)) {
      return model;
    }
    throw new UserErrorException(
        MessageCode.VALUE_REFUSED.with(
            MessageCode.PLACE_COMMAND_LINE.with(),
            "--model",
            MessageCode.NOT_ONE_OF.with(model, FIXED + ", " + MEASURED)));
  }

  /** A signal is its ordinary end. */
  private static void awaitSignal(Simulator simulator) throws InterruptedException {
    var onSignal = new Thread(() -> end(simulator), "on-signal");
    Runtime.getRuntime().addShutdownHook(onSignal);
    try {
      new CountDownLatch(1).await();
    } finally {
      Runtime.getRuntime().removeShutdownHook(onSignal);
    }
  }

  private static void end(Simulator simulator) {
    simulator.close();
    Runtime.getRuntime().halt(0);
  }

  private static JsonNode definition(Path file) {
    Path there = InputFile.of(file, null);
    try {
      JsonNode definition = new ObjectMapper().readTree(there.toFile());
      if (definition.path("properties").isObject()) {
        return definition;
      }
      throw new UserErrorException(MessageCode.NO_APP_FILE.with(file, "properties"));
    } catch (IOException e) {
      throw new UserErrorException(MessageCode.FILE_UNREADABLE.with(file, words(e)), e);
    }
  }

  private static String words(IOException e) {
    return e instanceof JsonProcessingException json
        ? json.getOriginalMessage()
        : String.valueOf(e.getMessage());
  }

  /** Makes the app of a file, unless the data folder has one of its name. */
  private static void make(Simulator simulator, JsonNode definition, Terminal terminal) {
    String name = definition.path("name").asText("App");
    try {
      var app =
          simulator.appIds().stream()
              .map(simulator::app)
              .filter(kept -> kept.name().equals(name))
              .findFirst()
              .orElseGet(() -> simulator.app(name, definition));
      terminal.result(MessageCode.SIMULATED_APP.with(app.id(), name, app.size()));
    } catch (IllegalArgumentException e) {
      throw new UserErrorException(MessageCode.FORM_NOT_SIMULATED.with(name, words(e)), e);
    }
  }

  /** What Kintone would answer, which is JSON in the exception. */
  private static String words(IllegalArgumentException e) {
    return String.valueOf(e.getMessage());
  }

  /** The real app that is to be copied; null when none is. */
  private @Nullable Job original() {
    var said = connection.overrides(Job.IMPORT);
    String app = copyApp == null ? said.get("job." + Job.IMPORT + ".app") : copyApp;
    if (app == null) {
      if (withRecords) {
        throw new UserErrorException(MessageCode.RECORDS_OF_WHICH_APP.with());
      }
      return null;
    }
    number("--copy-app", app, WHOLE, Integer.MAX_VALUE);
    ConnectionOptions.put(said, "job." + Job.IMPORT + ".app", app);
    return Program.configure(Program.command(main), said).importing(Job.IMPORT, Path.of(app));
  }

  private void copy(Simulator simulator, Job original, Terminal terminal)
      throws InterruptedException {
    var url = original.connection().baseUrl();
    long id = Long.parseLong(original.app());
    if (simulator.appIds().contains(id)) {
      terminal.say(MessageCode.COPY_IS_THERE.with(id, String.valueOf(data)));
      return;
    }
    try (var real = new RealApp(original.connection(), original.app(), COPY_TIMEOUT)) {
      var copy = simulator.copy(real.design());
      if (withRecords) {
        real.records(copy::copy);
      }
      terminal.result(MessageCode.SIMULATED_APP.with(id, copy.name(), copy.size()));
    } catch (IllegalArgumentException e) {
      throw new UserErrorException(MessageCode.COPY_FAILED.with(id, url, words(e)), e);
    }
  }

  private static double number(String option, String value, String form, int most) {
    if (value.matches(form) && Double.parseDouble(value) <= most) {
      return Double.parseDouble(value);
    }
    throw new UserErrorException(
        MessageCode.VALUE_REFUSED.with(
            MessageCode.PLACE_COMMAND_LINE.with(),
            option,
            MessageCode.NOT_A_NUMBER.with(value, 0, most)));
  }

  /** A simulator on the port, or the reason why there is none. */
  static Simulator start(int port) {
    return start(port, null, false);
  }

  private static Simulator start(int port, @Nullable Path data, boolean https) {
    try {
      if (https) {
        return Simulator.startWithHttps(port, data);
      }
      return data == null ? Simulator.start(port) : Simulator.start(port, data);
    } catch (BindException e) {
      boolean mayNot = String.valueOf(e.getMessage()).contains("ermission");
      throw new UserErrorException(
          mayNot ? MessageCode.SIMULATOR_FAILED.with(e) : MessageCode.PORT_IN_USE.with(port), e);
    } catch (IOException e) {
      throw new UserErrorException(
          data == null
              ? MessageCode.SIMULATOR_FAILED.with(e)
              : MessageCode.DATA_NOT_USABLE.with(data, String.valueOf(e.getMessage())),
          e);
    }
  }
}
