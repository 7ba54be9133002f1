package dev.kintonesync.source.api;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.source.SourceBounds;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** An API does not fill the disk. */
class FreeSpaceTest {
  private static final long GB = 1L << 30;

  private final Path folder = Path.of("/tmp");

  @Test
  void aTwentiethOfASmallDiskStaysFree() {
    assertThatCode(() -> new FreeSpace(folder, GB, () -> GB / 20).require())
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> new FreeSpace(folder, GB, () -> GB / 20 - 1).require())
        .isInstanceOf(BrokenAnswerException.class)
        .hasMessageContaining("Only 51 MB are free");
  }

  @Test
  void aGigabyteOfALargeOneStaysFree() {
    assertThatCode(() -> new FreeSpace(folder, 1000 * GB, () -> GB).require())
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> new FreeSpace(folder, 1000 * GB, () -> GB - 1).require())
        .isInstanceOf(BrokenAnswerException.class);
  }

  @Test
  void anAnswerThatFillsTheDiskIsStoppedWhileItComes() throws Exception {
    var free = new AtomicLong(10 * GB);
    var received =
        new ReceiveLimit(SourceBounds.DEFAULT, new FreeSpace(folder, 10 * GB, free::get));
    var body = received.body(new ByteArrayInputStream(new byte[4 << 20]));
    body.readNBytes(1 << 19);
    free.set(0);

    assertThatThrownBy(body::readAllBytes).isInstanceOf(BrokenAnswerException.class);
  }
}
