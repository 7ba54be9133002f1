package dev.kintonesync.cli;

import dev.kintonesync.Patience;
import java.util.Arrays;
import java.util.Map;

/** {@code run} in this process, until it is closed. */
final class Service implements AutoCloseable {
  private final Thread thread;
  private volatile Command.Ended ended;

  Service(Command command, Map<String, String> environment, String... more) {
    String[] words = new String[more.length + 3];
    words[0] = "run";
    words[1] = "--lang";
    words[2] = "en";
    System.arraycopy(more, 0, words, 3, more.length);
    thread = new Thread(() -> ended = command.run(environment, words), "service");
    thread.start();
  }

  /** What it came to, if it has ended by itself, or where it stands. */
  String ended() {
    return ended + " " + Arrays.toString(thread.getStackTrace());
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join(Patience.LIMIT.toMillis());
    if (thread.isAlive()) {
      throw new AssertionError("the service has not ended");
    }
  }
}
