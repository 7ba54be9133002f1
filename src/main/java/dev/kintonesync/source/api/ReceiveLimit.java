package dev.kintonesync.source.api;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.source.SourceBounds;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;

/**
 * What an API has brought in one poll. It refuses what goes on beyond all bounds, while it comes in
 * and not when it has come.
 */
final class ReceiveLimit {
  private static final int MOST_NAMES = 10_000;
  private static final int MOST_LETTERS = 1_000_000;
  private static final long LOOK_EVERY = 1L << 20;

  private final SourceBounds bounds;
  private final FreeSpace space;
  private final long begun = System.nanoTime();
  private long bytes;
  private long kept;
  private long nextLook;

  ReceiveLimit(SourceBounds bounds, FreeSpace space) {
    this.bounds = bounds;
    this.space = space;
  }

  /** An answer comes in, in the place of one that was not kept. */
  Body body(InputStream content) throws IOException {
    bytes = kept;
    nextLook = bytes + LOOK_EVERY;
    space.require();
    requireTime();
    return new Body(content);
  }

  /** The answer that came in last counts. */
  void keep() {
    kept = bytes;
  }

  /**
   * There are so many rows.
   *
   * @throws BrokenAnswerException when there are too many
   */
  void rows(long rows) {
    if (rows > bounds.rows()) {
      throw new BrokenAnswerException(
          MessageCode.API_TOO_MANY_ROWS.with(bounds.rows(), "source.max-rows"));
    }
  }

  /**
   * The rows have these members.
   *
   * @param letters of all their names
   * @throws BrokenAnswerException when they are too many
   */
  static void names(Set<String> names, long letters) {
    if (names.size() > MOST_NAMES || letters > MOST_LETTERS) {
      throw new BrokenAnswerException(MessageCode.API_NAMES.with(MOST_NAMES));
    }
  }

  private void requireTime() {
    if (System.nanoTime() - begun > bounds.time().toNanos()) {
      throw new BrokenAnswerException(
          MessageCode.API_TOO_LONG.with(words(bounds.time().toSeconds()), "source.max-time"));
    }
  }

  private static String words(long seconds) {
    return seconds % 3600 == 0
        ? seconds / 3600 + " h"
        : seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
  }

  private void count(int read) throws IOException {
    bytes += read;
    requireTime();
    if (bytes > bounds.bytes()) {
      throw new BrokenAnswerException(
          MessageCode.API_TOO_MANY_BYTES.with(bounds.bytes(), "source.max-bytes"));
    }
    if (bytes >= nextLook) {
      nextLook = bytes + LOOK_EVERY;
      space.require();
    }
  }

  /** The body of an answer, which knows whether somebody has tried to read beyond its end. */
  final class Body extends FilterInputStream {
    private boolean ended;

    private Body(InputStream in) {
      super(in);
    }

    /** Whether more was needed than there is. */
    boolean hasEnded() {
      return ended;
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      ended = ended || read < 0;
      count(read < 0 ? 0 : 1);
      return read;
    }

    @Override
    public int read(byte[] to, int from, int count) throws IOException {
      int read = super.read(to, from, count);
      ended = ended || read < 0;
      count(Math.max(0, read));
      return read;
    }
  }
}
