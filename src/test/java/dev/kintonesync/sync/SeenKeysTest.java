package dev.kintonesync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SeenKeysTest {
  @Test
  void keysAreSeenOnceHoweverManyThereAre() {
    var keys = new SeenKeys();
    var seen = new HashSet<String>();
    var random = new Random(1);
    for (int i = 0; i < 60_000; i++) {
      String key = "K" + random.nextInt(30_000);
      assertThat(keys.contains(key)).isEqualTo(seen.contains(key));
      assertThat(keys.add(key)).isEqualTo(seen.add(key));
    }
    assertThat(seen).allMatch(keys::contains);
  }

  @Test
  void tellsWhatItTakes() {
    int count = 300_000;
    var taken = new AtomicLong();
    var keys = new SeenKeys(taken::addAndGet);
    for (int i = 0; i < count; i++) {
      keys.add("K" + i);
      keys.add("K" + i);
    }
    assertThat(taken.get()).isBetween(12L * count, 20L * count);
  }
}
