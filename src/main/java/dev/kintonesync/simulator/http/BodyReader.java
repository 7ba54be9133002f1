package dev.kintonesync.simulator.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Reads the bodies of requests, whole, before anything else is done with them, as the proxy in
 * front of Kintone does: a client that sends slowly is not yet a call in flight. Only some large
 * bodies, and only one huge one, are in work at a time, so that no number of them exhausts the
 * memory; a body that finds no place waits a while.
 */
final class BodyReader {
  private static final int LARGE = 1 << 18;
  private static final int HUGE = 1 << 23;

  /** What a large body may take as a tree, roughly. */
  private static final long TREE = 1L << 26;

  private static final long PATIENCE_SECONDS = 60;

  private final Semaphore large =
      new Semaphore((int) Math.max(2, Runtime.getRuntime().maxMemory() / TREE), true);
  private final Semaphore huge = new Semaphore(1, true);

  /** A body that the proxy in front does not let through. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;
    private final transient Reply reply;

    Refused(int status, String title) {
      this.reply = Reply.html(status, title);
    }

    Reply reply() {
      return reply;
    }
  }

  /** A body, and its place among the large ones until it is closed. */
  static final class Body implements AutoCloseable {
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private final Deque<Semaphore> places = new ArrayDeque<>();

    byte[] bytes() {
      return content.toByteArray();
    }

    private void take(Semaphore place) throws Refused, InterruptedException {
      if (!place.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new Refused(503, "Service Unavailable");
      }
      places.add(place);
    }

    /** Gives its place to others; may be done early and twice. */
    @Override
    public void close() {
      while (!places.isEmpty()) {
        places.remove().release();
      }
    }
  }

  /**
   * Reads a body to its end.
   *
   * @throws Refused when it is larger than {@code most} bytes, is broken, or finds no place
   */
  Body read(InputStream from, int most) throws IOException, InterruptedException {
    Body body = new Body();
    boolean whole = false;
    try {
      byte[] step = new byte[8192];
      for (int n = next(from, step); n >= 0; n = next(from, step)) {
        int size = body.content.size();
        if (size + n > most) {
          throw new Refused(413, "Request Entity Too Large");
        }
        if (size <= LARGE && size + n > LARGE) {
          body.take(large);
        }
        if (size <= HUGE && size + n > HUGE) {
          body.take(huge);
        }
        body.content.write(step, 0, n);
      }
      whole = true;
      return body;
    } finally {
      if (!whole) {
        body.close();
      }
    }
  }

  private static int next(InputStream from, byte[] step) throws IOException {
    try {
      return from.read(step);
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new Refused(400, "Bad Request"); // what the JDK makes of impossible chunk sizes
    }
  }
}
