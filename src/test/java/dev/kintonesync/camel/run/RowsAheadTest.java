package dev.kintonesync.camel.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.Patience;
import dev.kintonesync.source.Position;
import dev.kintonesync.source.SourceFormat;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.SourceRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.Thread.State;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowsAheadTest {
  private static final UncheckedIOException DISK_IS_GONE =
      new UncheckedIOException(new IOException("the disk is gone"));

  /** So many numbers, each a row with a text of some length; behind them it may break. */
  private static class Numbers implements SourceReader {
    private final int most;
    private final String text;
    private final @Nullable Throwable broken;
    private volatile int read;
    private volatile @Nullable Thread reading;

    Numbers(int most, int textLength, @Nullable Throwable broken) {
      this.most = most;
      this.text = "x".repeat(textLength);
      this.broken = broken;
    }

    @Override
    public boolean hasNext() {
      reading = Thread.currentThread();
      if (read < most) {
        return true;
      }
      if (broken instanceof Error error) {
        throw error;
      }
      if (broken instanceof RuntimeException failure) {
        throw failure;
      }
      return false;
    }

    @Override
    public SourceRecord next() {
      read++;
      return new SourceRecord(new Position(read, read), Map.of(), List.of(List.of(text)), null);
    }

    @Override
    public List<String> columns() {
      return List.of("text");
    }

    @Override
    public SourceFormat format() {
      return SourceFormat.JSON;
    }

    @Override
    public Position position() {
      return new Position(read, read);
    }

    @Override
    public long bytesRead() {
      return read * 10L;
    }

    @Override
    public long totalBytes() {
      return most * 10L;
    }

    @Override
    public void close() {}
  }

  private static long number(@Nullable ReadRow row) {
    return row == null ? -1 : row.source().position().row();
  }

  @Test
  void allRowsComeInTheirOrderAndThenNone() throws Exception {
    try (var ahead = new RowsAhead(new Numbers(12_345, 3, null), "r1")) {
      for (int i = 1; i <= 12_345; i++) {
        var row = ahead.next();
        assertThat(number(row)).isEqualTo(i);
        assertThat(row).extracting(ReadRow::size).isEqualTo(4L);
        assertThat(row)
            .as("not what was read since")
            .extracting(ReadRow::bytesRead)
            .isEqualTo(i * 10L);
      }
      assertThat(ahead.next()).isNull();
      assertThat(ahead.next()).isNull();
    }
  }

  @Test
  void nothingIsReadBeforeARowIsAskedFor() {
    var numbers = new Numbers(10, 3, null);
    new RowsAhead(numbers, "r1").close();
    assertThat(numbers.reading).isNull();
  }

  @Test
  void aSourceWithoutRowsEndsAtOnce() throws Exception {
    try (var ahead = new RowsAhead(new Numbers(0, 3, null), "r1")) {
      assertThat(ahead.next()).isNull();
    }
  }

  @Test
  void whatTheReaderThrowsComesBehindTheRowsBeforeIt() throws Exception {
    try (var ahead = new RowsAhead(new Numbers(1_200, 3, DISK_IS_GONE), "r1")) {
      for (int i = 1; i <= 1_200; i++) {
        assertThat(number(ahead.next())).isEqualTo(i);
      }
      assertThatThrownBy(ahead::next).isSameAs(DISK_IS_GONE);
      assertThatThrownBy(ahead::next).isSameAs(DISK_IS_GONE);
    }
  }

  @Test
  void anErrorDoesNotLeaveAnybodyWaiting() throws Exception {
    var error = new StackOverflowError();
    try (var ahead = new RowsAhead(new Numbers(1, 3, error), "r1")) {
      assertThat(number(ahead.next())).isEqualTo(1);
      assertThatThrownBy(ahead::next).isSameAs(error);
    }
  }

  /**
   * One that is handed out, and one that waits: a row of millions of characters is one of its own.
   */
  @Test
  void noMoreThanTwoRowsThatAreLargeAreInMemory() throws Exception {
    var numbers = new Numbers(100, 100_000, null);
    try (var ahead = new RowsAhead(numbers, "r1")) {
      for (int i = 1; i <= 100; i++) {
        int read = numbers.read;
        assertThat(read).isLessThanOrEqualTo(i + 1);
        assertThat(number(ahead.next())).isEqualTo(i);
      }
    }
  }

  @Test
  void whatNobodyWantsAnyMoreIsNotRead() throws Exception {
    var numbers = new Numbers(Integer.MAX_VALUE, 3, null);
    try (var ahead = new RowsAhead(numbers, "r1")) {
      assertThat(number(ahead.next())).isEqualTo(1);
      Patience.await().until(() -> numbers.read >= 1_000);
    }
    assertThat(numbers.read).as("two lots").isEqualTo(1_000);
    assertThat(numbers.reading).isNotNull().matches(thread -> !thread.isAlive(), "has ended");
  }

  @Test
  void whoClosesItWaitsUntilTheReaderIsUsedNoMore() throws Exception {
    var reading = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var ahead =
        new RowsAhead(
            new Numbers(1_000, 3, null) {
              @Override
              public SourceRecord next() {
                var row = super.next();
                if (row.position().row() > 500) { // of the lot that is read ahead
                  reading.countDown();
                  awaitUninterruptibly(go);
                }
                return row;
              }
            },
            "r1");
    assertThat(number(ahead.next())).isEqualTo(1);
    reading.await();
    var closing = new Thread(ahead::close);
    closing.start();
    Patience.await().until(closing::getState, List.of(State.WAITING, State.TERMINATED)::contains);
    assertThat(closing.getState()).isEqualTo(State.WAITING);
    go.countDown();
    closing.join();
  }

  @Test
  void whoWaitsForARowCanBeInterrupted() throws Exception {
    var go = new CountDownLatch(1);
    var slow =
        new RowsAhead(
            new Numbers(1, 3, null) {
              @Override
              public SourceRecord next() {
                awaitUninterruptibly(go);
                return super.next();
              }
            },
            "r1");
    try (slow) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(slow::next).isInstanceOf(InterruptedException.class);
      go.countDown();
      assertThat(number(slow.next())).isEqualTo(1);
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts the thread that reads", e);
    }
  }
}
