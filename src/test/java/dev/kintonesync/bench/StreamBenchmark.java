package dev.kintonesync.bench;

import dev.kintonesync.kafka.KafkaBroker;
import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Messages of a real broker, settled by one and by two processes of the packaged program: how many
 * a second, and how long one takes from the producer to its record. {@code bench/run --workload
 * stream} runs it.
 */
public final class StreamBenchmark {
  private static final int MESSAGES = 50_000;
  private static final int PARTITIONS = 4;
  private static final int SAMPLES = 300;
  private static final Duration BETWEEN_SAMPLES = Duration.ofMillis(50);
  private static final Duration LIMIT = Duration.ofMinutes(20);
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "unique": true, "required": true},
       "name": {"type": "SINGLE_LINE_TEXT", "code": "name"},
       "city": {"type": "SINGLE_LINE_TEXT", "code": "city"},
       "amount": {"type": "NUMBER", "code": "amount"}}
      """;

  private final KafkaBroker broker;
  private final Simulator simulator;
  private final List<Process> running = new ArrayList<>();
  private int topics;

  private StreamBenchmark(KafkaBroker broker, Simulator simulator) {
    this.broker = broker;
    this.simulator = simulator;
  }

  /** Prints a table. */
  public static void main(String[] arguments) throws IOException {
    try (var broker = KafkaBroker.start();
        var simulator = Simulator.start()) {
      simulator.settings(
          simulator.settings().with("latencyMs", 60).with("latencyPerRecordMs", 1.5));
      var benchmark = new StreamBenchmark(broker, simulator);
      System.out.println("| messages | processes | a second | load |");
      System.out.println("| --- | ---: | ---: | ---: |");
      for (int processes : new int[] {1, 2}) {
        benchmark.settled("unchanged", MESSAGES + 1, processes);
        benchmark.settled("1 % changed", 100, processes);
        benchmark.settled("all changed", 1, processes);
      }
      benchmark.latency();
    }
  }

  /** One message in so many is other than the record that there is. */
  private void settled(String title, int every, int processes) throws IOException {
    String topic = "bench-" + ++topics;
    broker.topic(topic, PARTITIONS);
    SimulatedApp app = simulator.app(topic, FIELDS);
    for (int from = 0; from < MESSAGES; from += 1_000) {
      int first = from;
      app.add(
          IntStream.range(first, first + 1_000)
              .mapToObj(row -> record(row, 0))
              .toArray(String[]::new));
    }
    for (int row = 0; row < MESSAGES; row++) {
      broker.sent(topic, key(row), message(row, row % every == every - 1 ? 1 : 0));
    }
    broker.flush();
    double load = load();
    start(topic, app, processes);
    try {
      await(() -> Math.min(broker.settled(topic), 1), 1);
      long before = broker.settled(topic);
      long since = System.nanoTime();
      await(() -> broker.settled(topic), MESSAGES);
      double seconds = (System.nanoTime() - since) / 1e9;
      System.out.printf(
          "| %s | %d | %,.0f | %.1f |%n", title, processes, (MESSAGES - before) / seconds, load);
    } finally {
      end();
    }
  }

  /** New records, one message at a time. */
  private void latency() throws IOException {
    String topic = "bench-" + ++topics;
    broker.topic(topic, 1);
    SimulatedApp app = simulator.app(topic, FIELDS);
    double load = load();
    start(topic, app, 1);
    var sent = new ConcurrentLinkedQueue<Long>();
    var sender = Executors.newSingleThreadScheduledExecutor();
    try {
      broker.send(topic, key(0), message(0, 0));
      await(app::size, 1);
      var rows = new AtomicInteger();
      var sending =
          sender.scheduleAtFixedRate(
              () -> {
                int row = rows.incrementAndGet();
                if (row <= SAMPLES) {
                  sent.add(System.nanoTime());
                  broker.sent(topic, key(row), message(row, 0));
                  broker.flush();
                }
              },
              0,
              BETWEEN_SAMPLES.toMillis(),
              TimeUnit.MILLISECONDS);
      var millis = new double[SAMPLES];
      for (int sample = 0; sample < SAMPLES; sample++) {
        await(app::size, sample + 2);
        millis[sample] = (System.nanoTime() - sent.remove()) / 1e6; // one partition keeps the order
      }
      sending.cancel(false);
      Arrays.sort(millis);
      System.out.printf(
          "%nFrom the producer to the record, %d messages, one every %d ms: median %.0f ms, 99th"
              + " percentile %.0f ms (load %.1f)%n",
          SAMPLES,
          BETWEEN_SAMPLES.toMillis(),
          millis[SAMPLES / 2],
          millis[SAMPLES * 99 / 100],
          load);
    } finally {
      sender.shutdownNow();
      end();
    }
  }

  private void start(String topic, SimulatedApp app, int processes) throws IOException {
    for (int process = 0; process < processes; process++) {
      running.add(
          new Packaged(
                  "stream-" + process,
                  """
                  kintone.base-url = %s
                  kintone.daily-calls = 0
                  console.port = off
                  job.bench.app = %d
                  job.bench.update-key = code
                  job.bench.source = kafka
                  job.bench.brokers = %s
                  job.bench.topic = %s
                  job.bench.group = %3$s
                  """
                      .replace("%3$s", topic)
                      .formatted(simulator.url(), app.id(), broker.brokers(), topic))
              .start("run"));
    }
  }

  private void end() {
    running.forEach(Process::destroy);
    running.forEach(process -> process.onExit().join());
    running.clear();
  }

  private void await(LongSupplier count, long enough) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (count.getAsLong() < enough) {
      if (!running.stream().allMatch(Process::isAlive)) {
        throw new IllegalStateException("a program has ended: see said.txt in target/bench/");
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(count.getAsLong() + " of " + enough);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private static String key(int row) {
    return "C%07d".formatted(row);
  }

  private static String message(int row, int version) {
    return """
    {"code": "%s", "name": "Customer %d", "city": "City %d", "amount": %d}\
    """
        .formatted(key(row), row, row % 97, row + version);
  }

  private static String record(int row, int version) {
    return """
    {"code": {"value": "%s"}, "name": {"value": "Customer %d"}, "city": {"value": "City %d"},
     "amount": {"value": "%d"}}\
    """
        .formatted(key(row), row, row % 97, row + version);
  }
}
