package dev.kintonesync;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port for somebody who cannot take any that the system gives. It lies below those that the
 * system hands out by itself, or another process would soon have it.
 */
public final class FreePort {
  private static final int FIRST = 15_000;
  private static final int BEHIND_LAST = 30_000;

  private FreePort() {}

  /** One at which nobody listens on this machine now. */
  public static int find() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, BEHIND_LAST);
      try (var tried = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return tried.getLocalPort();
      } catch (IOException taken) {
        continue;
      }
    }
  }
}
