package dev.kintonesync.journal;

import dev.kintonesync.Patience;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.sync.Counts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.h2.mvstore.MVStore;

/**
 * A second process beside the test's, which does one thing with the journal and tells on its
 * standard output how far it is.
 */
final class OtherProcess implements AutoCloseable {
  private static final Counts ONE = new Counts(1, 1, 0, 0, 0, 0, 0);

  private final Process process;
  private final BufferedReader lines;

  private OtherProcess(Process process) {
    this.process = process;
    this.lines = process.inputReader(StandardCharsets.UTF_8);
  }

  static OtherProcess start(String what, Path... folders) throws IOException {
    return start(List.of(), what, folders);
  }

  /** Starts one that settles batches of a run of this name, and is its own journal's server. */
  static OtherProcess settling(Path folder, String run) throws IOException {
    return start("settle", folder, Path.of(run));
  }

  /** Starts one that holds job "customers" and its folder in a shared journal. */
  static OtherProcess watching(JournalLocation location, Path inbox) throws IOException {
    return start(
        List.of("env", "URL=" + location.url(), "LEASE=" + location.lease()),
        "watch",
        location.folder(),
        inbox);
  }

  /** Starts one that can make no file larger than 1.5 MB; only where there is a POSIX shell. */
  static OtherProcess startOnAFullDisk(String what, Path folder) throws IOException {
    return start(List.of("sh", "-c", "ulimit -f 3000; exec \"$@\"", "sh"), what, folder);
  }

  private static OtherProcess start(List<String> before, String what, Path... folders)
      throws IOException {
    var command = new ArrayList<String>(before);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            OtherProcess.class.getName(),
            what));
    for (Path folder : folders) {
      command.add(folder.toString());
    }
    return new OtherProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** The next line that it writes, or null when it has ended. */
  String nextLine() throws IOException {
    return lines.readLine();
  }

  /** As {@code kill -9} does; returns the lines that it had written and nobody had read. */
  List<String> kill() throws IOException {
    process.toHandle().destroyForcibly(); // of the process itself it would close the streams
    return lines.lines().toList();
  }

  /** Asks it to end, as {@code kill} does, and waits until it has. */
  boolean end() throws InterruptedException {
    process.destroy();
    return process.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  /** Lets it go on from where it waits. */
  void goOn() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  /** Ends it at once; what still runs would still write into the folder. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[1]);
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    switch (arguments[0]) {
      case "settle" -> settle(folder, arguments.length > 2 ? arguments[2] : "other", out);
      case "end-on-signal" -> endOnSignal(folder, out);
      case "hold" -> hold(folder, out);
      case "watch" -> watch(folder, Path.of(arguments[2]), out);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  /** Settles batch after batch of a run, writing each number when it is settled. */
  private static void settle(Path folder, String run, PrintStream out) {
    endWithTheTest();
    Journal journal = Journal.open(folder);
    journal.begun(SampleReports.running(run));
    try {
      for (int batch = 0; ; batch++) {
        journal.handedOut(run, batch, 1);
        journal.settled(run, batch, ONE);
        out.println(batch);
      }
    } catch (UserErrorException full) {
      out.println(full.getMessage());
    }
  }

  /** Where the test is killed itself, nobody would end this process. */
  private static void endWithTheTest() {
    var watch =
        new Thread(
            () -> {
              try (var in = System.in) {
                in.transferTo(OutputStream.nullOutputStream());
              } catch (IOException e) {
                // the other end is gone
              }
              Runtime.getRuntime().halt(1);
            });
    watch.setDaemon(true);
    watch.start();
  }

  /** Begins run "other", and ends it in a shutdown hook, beside H2's own. */
  private static void endOnSignal(Path folder, PrintStream out) throws IOException {
    Journal journal = Journal.open(folder);
    journal.begun(SampleReports.running("other"));
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  journal.hurry(); // as a program does that is told to end
                  for (int batch = 0; batch < 60; batch++) {
                    journal.settled("other", batch, ONE);
                  }
                  journal.ended(SampleReports.completed("other", SampleReports.COUNTS));
                }));
    out.println("begun");
    System.in.read();
  }

  /** Holds job "customers" and its folder until it is told to go on. */
  private static void watch(Path folder, Path inbox, PrintStream out) throws IOException {
    String url = System.getenv("URL");
    var location =
        url == null
            ? JournalLocation.in(folder)
            : new JournalLocation(
                folder, url, "postgres", null, Duration.parse(System.getenv("LEASE")));
    try (var journal = Journal.open(location, "run", Clock.systemUTC());
        var claim = journal.leases().watching("customers", inbox)) {
      out.println(claim.caveat() == null ? ProcessHandle.current().pid() : claim.caveat());
      System.in.read();
    }
    out.println("let go");
  }

  /** Holds the file as a program does that does not share it. */
  private static void hold(Path folder, PrintStream out) throws Exception {
    try (var store = MVStore.open(folder.resolve("journal.mv.db").toString())) {
      out.println("held");
      new InputStreamReader(System.in, StandardCharsets.UTF_8).read();
      out.println(!store.isClosed());
    }
  }
}
