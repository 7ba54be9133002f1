package dev.kintonesync.simulator.state;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads in their order the values that {@link CellEncoder} wrote. */
final class CellDecoder {
  private final byte[] bytes;
  private final List<StoredFile> files;
  private final int end;
  private int position;

  /** Reads what an encoder wrote, with the files that it was given. */
  CellDecoder(byte[] bytes, List<StoredFile> files) {
    this(bytes, files, 0, bytes.length);
  }

  private CellDecoder(byte[] bytes, List<StoredFile> files, int position, int end) {
    this.bytes = bytes;
    this.files = files;
    this.position = position;
    this.end = end;
  }

  /** Whether there is another value. */
  boolean hasNext() {
    return position < end;
  }

  /** The next whole number. */
  long number() {
    long rest = 0;
    byte next;
    int shift = 0;
    do {
      next = bytes[position++];
      rest |= (next & 0x7FL) << shift;
      shift += 7;
    } while (next < 0);
    return (rest >>> 1) ^ -(rest & 1);
  }

  /** The next instant. */
  Instant instant() {
    long second = number();
    return Instant.ofEpochSecond(second, number());
  }

  /** Leaves a cell out. */
  void skip() {
    int length = (int) number();
    position += length;
  }

  /** The next cell; null when it is empty. */
  @Nullable Object cell() {
    CellDecoder content = block();
    return content.hasNext() ? content.tagged() : null;
  }

  /** The next cells as far as there are any. */
  @Nullable Object[] cells() {
    List<@Nullable Object> cells = new ArrayList<>();
    while (hasNext()) {
      cells.add(cell());
    }
    return cells.toArray();
  }

  private CellDecoder block() {
    int length = (int) number();
    int start = position;
    position += length;
    return new CellDecoder(bytes, files, start, position);
  }

  private Object tagged() {
    return switch (bytes[position++]) {
      case CellEncoder.LATIN ->
          new String(bytes, position, end - position, StandardCharsets.ISO_8859_1);
      case CellEncoder.UTF_16 -> utf16();
      case CellEncoder.NUMBER -> {
        int scale = (int) number();
        yield BigDecimal.valueOf(number(), scale);
      }
      case CellEncoder.LARGE_NUMBER -> {
        int scale = (int) number();
        yield new BigDecimal(new BigInteger(Arrays.copyOfRange(bytes, position, end)), scale);
      }
      case CellEncoder.DATE -> LocalDate.ofEpochDay(number());
      case CellEncoder.TIME -> LocalTime.ofNanoOfDay(number());
      case CellEncoder.INSTANT -> instant();
      case CellEncoder.TEXTS -> texts();
      case CellEncoder.FILES -> filesHere();
      default -> rows();
    };
  }

  private String utf16() {
    char[] text = new char[(end - position) / 2];
    for (int i = 0; i < text.length; i++) {
      text[i] = (char) ((bytes[position] << 8) | (bytes[position + 1] & 0xFF));
      position += 2;
    }
    return new String(text);
  }

  private List<String> texts() {
    List<String> texts = new ArrayList<>();
    while (hasNext()) {
      texts.add((String) block().tagged());
    }
    return List.copyOf(texts);
  }

  private List<StoredFile> filesHere() {
    List<StoredFile> here = new ArrayList<>();
    while (hasNext()) {
      here.add(files.get((int) number()));
    }
    return List.copyOf(here);
  }

  private List<TableRow> rows() {
    List<TableRow> rows = new ArrayList<>();
    while (hasNext()) {
      CellDecoder row = block();
      rows.add(new TableRow(row.number(), row.cells()));
    }
    return List.copyOf(rows);
  }
}
