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

  /** Odd and another one: the end of a text is never taken for characters. */
  private static final long FACTOR_OF_ENDS = 0xD1B54A32D192ED03L;

  /** So many characters of 16 bits are taken in at a time. */
  private static final int TOGETHER = 4;

  private static final int TEXT = 1;
  private static final int JSON = 2;
  private static final int NULL = 3;

  /** A text is copied into it piece by piece, which is quicker than to ask for each character. */
  private final char[] piece = new char[16 * TOGETHER];

  private long state;

  /** A checksum of nothing yet, which differs from that of another beginning. */
  public Checksum(long seed) {
    state = seed;
  }

  /** Takes a text in; where one ends and the next one begins counts. */
  public void add(@Nullable String text) {
    if (text == null) {
      end(NULL);
    } else {
      characters(text, TEXT);
    }
  }

  /** Takes JSON in, which is not the text that has these characters. */
  public void addJson(String json) {
    characters(json, JSON);
  }

  private void characters(String text, int kind) {
    char[] chars = piece;
    long now = state;
    int length = text.length();
    int count = 0;
    int at = 0;
    for (int from = 0; from < length; from += count) {
      count = Math.min(length - from, chars.length);
      text.getChars(from, from + count, chars, 0);
      for (at = 0; at + TOGETHER <= count; at += TOGETHER) {
        long four =
            chars[at]
                | (long) chars[at + 1] << 16
                | (long) chars[at + 2] << 32
                | (long) chars[at + 3] << 48;
        now = (now ^ four) * FACTOR;
        now ^= now >>> Integer.SIZE;
      }
    }
    state = now;
    long rest = kind; // before them, so that it tells how many characters there are
    for (; at < count; at++) {
      rest = rest << Character.SIZE | chars[at];
    }
    end(rest);
  }

  private void end(long rest) {
    state = (state ^ rest) * FACTOR_OF_ENDS;
    state ^= state >>> Integer.SIZE;
  }

  /** The checksum of what was taken in until now. */
  public long value() {
    long spread = state * FACTOR; // the last characters reach all bits
    return spread ^ spread >>> Integer.SIZE;
  }
}
