package dev.kintonesync.simulator.state;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes values as bytes, which take a fraction of the memory that objects do. A number has seven
 * bits in each byte; a cell has its length before it, so that {@link CellDecoder} skips it without
 * reading it. The content of files stays outside, in a list.
 */
final class CellEncoder {
  static final byte LATIN = 0;
  static final byte UTF_16 = 1;
  static final byte NUMBER = 2;
  static final byte LARGE_NUMBER = 3;
  static final byte DATE = 4;
  static final byte TIME = 5;
  static final byte INSTANT = 6;
  static final byte TEXTS = 7;
  static final byte FILES = 8;
  static final byte ROWS = 9;

  private final List<StoredFile> files;
  private byte[] bytes;
  private int size;

  /**
   * An encoder that has written nothing.
   *
   * @param files takes the files that cells refer to
   */
  CellEncoder(List<StoredFile> files) {
    this(files, 160);
  }

  private CellEncoder(List<StoredFile> files, int capacity) {
    this.files = files;
    this.bytes = new byte[capacity];
  }

  /** What was written. */
  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  /** Writes a whole number; small ones take one byte. */
  void number(long number) {
    long rest = (number << 1) ^ (number >> 63); // small negative ones are small, too
    while ((rest & ~0x7FL) != 0) {
      add((byte) (rest | 0x80));
      rest >>>= 7;
    }
    add((byte) rest);
  }

  /** Writes a value in one of the shapes of {@link FieldType.Shape}. */
  void cell(@Nullable Object cell) {
    if (cell == null) {
      number(0);
    } else if (cell instanceof String text) {
      text(text);
    } else {
      CellEncoder content = new CellEncoder(files, 40);
      content.tagged(cell);
      block(content);
    }
  }

  private void block(CellEncoder content) {
    number(content.size);
    reserve(content.size);
    System.arraycopy(content.bytes, 0, bytes, size, content.size);
    size += content.size;
  }

  /** As the JVM holds strings itself: exact for any text, half-made surrogates included. */
  private void text(String text) {
    int length = text.length();
    boolean latin = isLatin(text);
    number(1L + (latin ? length : 2L * length));
    add(latin ? LATIN : UTF_16);
    reserve(latin ? length : 2 * length);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (!latin) {
        bytes[size++] = (byte) (c >> 8);
      }
      bytes[size++] = (byte) c;
    }
  }

  private static boolean isLatin(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0xFF) {
        return false;
      }
    }
    return true;
  }

  private void tagged(Object cell) {
    if (cell instanceof BigDecimal number) {
      decimal(number);
    } else if (cell instanceof LocalDate date) {
      add(DATE);
      number(date.toEpochDay());
    } else if (cell instanceof LocalTime time) {
      add(TIME);
      number(time.toNanoOfDay());
    } else if (cell instanceof Instant instant) {
      add(INSTANT);
      instant(instant);
    } else if (cell instanceof List<?> list) {
      list(list);
    } else {
      throw new IllegalArgumentException("a cell of " + cell.getClass());
    }
  }

  /** Writes an instant. */
  void instant(Instant instant) {
    number(instant.getEpochSecond());
    number(instant.getNano());
  }

  private void decimal(BigDecimal number) {
    BigInteger unscaled = number.unscaledValue();
    boolean small = unscaled.bitLength() < Long.SIZE;
    add(small ? NUMBER : LARGE_NUMBER);
    number(number.scale());
    if (small) {
      number(unscaled.longValue());
    } else {
      for (byte digit : unscaled.toByteArray()) {
        add(digit);
      }
    }
  }

  private void list(List<?> list) {
    Object first = list.isEmpty() ? "" : list.get(0);
    add(first instanceof StoredFile ? FILES : first instanceof TableRow ? ROWS : TEXTS);
    for (Object element : list) {
      if (element instanceof StoredFile file) {
        number(files.size());
        files.add(file);
      } else if (element instanceof TableRow row) {
        CellEncoder content = new CellEncoder(files, 40);
        content.number(row.id());
        content.cells(row.cells());
        block(content);
      } else {
        text((String) element);
      }
    }
  }

  /** Writes cells in their order. */
  void cells(@Nullable Object[] cells) {
    for (Object cell : cells) {
      cell(cell);
    }
  }

  private void add(byte one) {
    reserve(1);
    bytes[size++] = one;
  }

  private void reserve(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
    }
  }
}
