package dev.kintonesync.bench;

import dev.kintonesync.simulator.SimulatedApp;
import dev.kintonesync.simulator.Simulator;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/**
 * What a small record takes in the simulator beyond its text: the difference of the heap before and
 * after 100,000 of them. Run it with {@code mvn -Pbenchmarks test-compile exec:exec
 * -Dbenchmark=dev.kintonesync.bench.RecordMemory}.
 */
public final class RecordMemory {
  private RecordMemory() {}

  /** Prints the bytes of a record and of its text. */
  public static void main(String[] args) throws IOException {
    try (Simulator simulator = Simulator.start()) {
      SimulatedApp app = simulator.app("customers", SimulatorBenchmark.FIELDS);
      SimulatorBenchmark.fill(app, 0, 1000);
      long before = heap();
      SimulatorBenchmark.fill(app, 1000, SimulatorBenchmark.RECORDS);
      long bytes = (heap() - before) / SimulatorBenchmark.RECORDS;
      long text = SimulatorBenchmark.textBytes();
      System.out.printf(
          "%d bytes per record, of which %d are its text: %d beyond it%n",
          bytes, text, bytes - text);
    }
  }

  private static long heap() {
    for (int i = 0; i < 5; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
