package dev.kintonesync.source.api;

import dev.kintonesync.source.text.CharWindow;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** The text of one row; of a row that is too long only that it is. */
final class RowLine extends Writer {
  private final StringBuilder text = new StringBuilder();
  private boolean tooLong;

  @Override
  public void write(char[] chars, int from, int count) {
    tooLong = tooLong || text.length() + count > CharWindow.LONGEST;
    if (!tooLong) {
      text.append(chars, from, count);
    }
  }

  boolean isTooLong() {
    return tooLong;
  }

  void writeTo(OutputStream out) throws IOException {
    String line = tooLong ? "{}" : text.toString();
    out.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void flush() {
    // all is in memory
  }

  @Override
  public void close() {
    // there is nothing to release
  }
}
