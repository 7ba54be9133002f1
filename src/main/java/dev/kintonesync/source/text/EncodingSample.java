package dev.kintonesync.source.text;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/**
 * The lines of a file that show its encoding: those with a byte beyond ASCII, or with the escape
 * that begins Japanese in ISO-2022-JP. The whole file is looked through for them, until there are
 * enough.
 */
final class EncodingSample {

  private static final int ENOUGH = 1 << 18;
  private static final int BLOCK = 1 << 16;
  private static final byte ESCAPE = 0x1B;

  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private boolean showsBeyondAscii;
  private boolean showsEscape;
  private boolean tellsBeyondAscii;
  private boolean tellsEscape;

  private EncodingSample() {}

  /** Reads the channel from its beginning. */
  static EncodingSample of(SeekableByteChannel channel) throws IOException {
    EncodingSample sample = new EncodingSample();
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    channel.position(0);
    while (sample.lines.size() < ENOUGH && channel.read(block.clear()) >= 0) {
      block.flip();
      while (block.hasRemaining()) {
        sample.take(block.get());
      }
    }
    sample.endLine();
    return sample;
  }

  private void take(byte b) {
    line.write(b);
    showsBeyondAscii |= b < 0;
    showsEscape |= b == ESCAPE;
    // A line without an end is cut, which costs one character.
    if (b == '\n' || b == '\r' || line.size() >= BLOCK) {
      endLine();
    }
  }

  private void endLine() {
    if (showsBeyondAscii || showsEscape) {
      lines.writeBytes(line.toByteArray());
    }
    tellsBeyondAscii |= showsBeyondAscii;
    tellsEscape |= showsEscape;
    showsBeyondAscii = false;
    showsEscape = false;
    line.reset();
  }

  /** The lines, with their ends. */
  byte[] bytes() {
    return lines.toByteArray();
  }

  /** Whether there is a byte beyond ASCII. */
  boolean isBeyondAscii() {
    return tellsBeyondAscii;
  }

  /** Whether there is an escape, and nothing beyond ASCII. */
  boolean hasEscapesOnly() {
    return tellsEscape && !tellsBeyondAscii;
  }
}
