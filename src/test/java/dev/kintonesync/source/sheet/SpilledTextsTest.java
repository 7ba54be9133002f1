package dev.kintonesync.source.sheet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpilledTextsTest {

  private static String text(int number) {
    return number % 1000 == 7 ? "長".repeat(40_000) + number : number % 5 == 0 ? "" : "東京" + number;
  }

  @Test
  void everyTextIsFoundByItsNumberInAnyOrder() throws IOException {
    try (var texts = new SpilledTexts()) {
      int count = 30_000;
      for (int i = 0; i < count; i++) {
        texts.add(text(i));
      }
      var random = new Random(7);
      for (int i = 0; i < count; i++) {
        int number = i % 2 == 0 ? i : random.nextInt(count);
        assertThat(texts.get(number)).isEqualTo(text(number));
      }
      assertThat(texts.get(count - 1)).isEqualTo(text(count - 1));
      assertThat(texts.get(count)).isNull();
      assertThat(texts.get(-1)).isNull();
    }
  }

  @Test
  void aFewTextsNeedNoFile() throws IOException {
    try (var texts = new SpilledTexts()) {
      assertThat(texts.get(0)).isNull();
      texts.add("a");
      assertThat(texts.get(0)).isEqualTo("a");
    }
  }
}
