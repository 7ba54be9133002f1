package dev.kintonesync.form;

import org.jspecify.annotations.Nullable;

/**
 * A checksum of 64 bits over texts, by which those that were seen before are known again. One
 * character that is another one always makes it another one, and of all other changes it misses one
 * in 2<sup>64</sup>. It is made for accidents and not against a forger. For one thread.
 */
public final class Checksum {
  /** Odd, so that no step makes two states one; its bits are those of the golden ratio. */
  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  /** What is between texts is no character. */
  private static final int END = 1 << Character.SIZE;

  private static final int END_OF_JSON = END + 1;
  private static final int NULL = END + 2;

  private long state;

  /** A checksum of nothing yet, which differs from that of another beginning. */
  public Checksum(long seed) {
    state = seed;
  }

  /** Takes a text in; where one ends and the next one begins counts. */
  public void add(@Nullable String text) {
    if (text == null) {
      step(NULL);
    } else {
      characters(text);
      step(END);
    }
  }

  /** Takes JSON in, which is not the text that has these characters. */
  public void addJson(String json) {
    characters(json);
    step(END_OF_JSON);
  }

  private void characters(String text) {
    long now = state;
    int length = text.length();
    for (int at = 0; at < length; at++) {
      now = (now ^ text.charAt(at)) * FACTOR;
      now ^= now >>> Integer.SIZE;
    }
    state = now;
  }

  private void step(int mark) {
    state = (state ^ mark) * FACTOR;
    state ^= state >>> Integer.SIZE;
  }

  /** The checksum of what was taken in until now. */
  public long value() {
    return state;
  }
}
