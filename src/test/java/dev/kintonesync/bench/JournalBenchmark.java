package dev.kintonesync.bench;

import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a journal in PostgreSQL costs beside the file: the same import of 1 % changed rows with each
 * of them in turn, by the measured model. {@code bench/run --workload journal} runs it.
 */
public final class JournalBenchmark {
  private static final int ROWS = 20_000;
  private static final int TURNS = 5;
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "unique": true, "required": true},
       "name": {"type": "SINGLE_LINE_TEXT", "code": "name"},
       "amount": {"type": "NUMBER", "code": "amount"}}
      """;

  private JournalBenchmark() {}

  /** Prints a table. */
  public static void main(String[] arguments) throws Exception {
    try (var postgres = EmbeddedPostgres.builder().start();
        var simulator = Simulator.start()) {
      SimulatedApp app = simulator.app("bench", FIELDS);
      for (int from = 0; from < ROWS; from += 1_000) {
        app.add(
            IntStream.range(from, from + 1_000)
                .mapToObj(JournalBenchmark::record)
                .toArray(String[]::new));
      }
      simulator.settings(simulator.settings().with("model", "measured"));
      String common = "kintone.base-url = " + simulator.url() + "\nkintone.daily-calls = 0\n";
      var file = new Packaged("journal-file", common);
      var shared =
          new Packaged(
              "journal-postgresql",
              common
                  + "journal.url = jdbc:postgresql://localhost:"
                  + postgres.getPort()
                  + "/postgres\njournal.username = postgres\n");
      var seconds = List.of(new ArrayList<Double>(), new ArrayList<Double>());
      System.out.println("| turn | file, s | PostgreSQL, s | load |");
      System.out.println("| ---: | ---: | ---: | ---: |");
      for (int turn = 1; turn <= TURNS; turn++) {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        seconds.get(0).add(imported(file, app, 2 * turn));
        seconds.get(1).add(imported(shared, app, 2 * turn + 1));
        System.out.printf(
            "| %d | %.2f | %.2f | %.1f |%n",
            turn, seconds.get(0).get(turn - 1), seconds.get(1).get(turn - 1), load);
      }
      double before = median(seconds.get(0));
      double beside = median(seconds.get(1));
      System.out.printf(
          "%nMedians: %.2f s and %.2f s, %+.1f %%%n", before, beside, (beside / before - 1) * 100);
    }
  }

  private static double imported(Packaged program, SimulatedApp app, int version)
      throws IOException, InterruptedException {
    var lines = new StringBuilder("code,name,amount\n");
    for (int row = 0; row < ROWS; row++) {
      // one row in a hundred was changed last, and each time another one of each hundred
      lines.append("C%07d,Customer %d,%d%n".formatted(row, row, amount(row, version)));
    }
    Path file = Files.writeString(Path.of("target", "bench", "journal.csv"), lines);
    long since = System.nanoTime();
    Process process =
        program.start(
            "import",
            "--app=" + app.id(),
            "--update-key=code",
            "--file-path=" + file.toAbsolutePath());
    if (process.waitFor() != 0) {
      throw new IllegalStateException(program.said());
    }
    return (System.nanoTime() - since) / 1e9;
  }

  /** How often a row has changed up to a version. */
  private static int amount(int row, int version) {
    return row % 100 <= version ? 1 : 0;
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private static String record(int row) {
    return """
    {"code": {"value": "C%07d"}, "name": {"value": "Customer %d"}, "amount": {"value": "%d"}}\
    """
        .formatted(row, row, amount(row, 1));
  }
}
