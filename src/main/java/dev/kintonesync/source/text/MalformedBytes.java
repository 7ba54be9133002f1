package dev.kintonesync.source.text;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that are not in the encoding of a file, kept inside its text so that nothing is lost and
 * nothing is guessed: the byte 0x81 stands in the text as the unpaired surrogate U+DC81, which no
 * decoder ever hands out. (A U+FFFD that really stands in a file is ordinary text.)
 */
public final class MalformedBytes {

  private static final char FIRST = '\uDC00';

  private static final int PIECE = 1 << 15;

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private MalformedBytes() {}

  /** The character that stands for this byte. */
  static char keep(byte stray) {
    return (char) (FIRST + (stray & 0xFF));
  }

  /** The byte that this character stands for; only meaningful where {@link #find} pointed. */
  static byte giveBack(char kept) {
    return (byte) (kept - FIRST);
  }

  /** The index of the first stray byte in {@code text[from, to)}, or -1. */
  static int find(char[] text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (Character.isHighSurrogate(text[i]) && i + 1 < to) {
        i++;
      } else if (isKept(text[i])) {
        return i;
      }
    }
    return -1;
  }

  /**
   * What a person is told of the first stray bytes in {@code text[from, to)}; null if there are
   * none.
   *
   * @param line the line in which {@code from} stands
   * @param encoding the name of the encoding that they are not in
   */
  public static @Nullable UserMessage problem(
      char[] text, int from, int to, long line, String encoding) {
    int at = find(text, from, to);
    if (at < 0) {
      return null;
    }
    long lineOfBytes = line;
    for (int i = from; i < at; i++) {
      if (text[i] == '\r' || (text[i] == '\n' && (i == from || text[i - 1] != '\r'))) {
        lineOfBytes++;
      }
    }
    StringBuilder hex = new StringBuilder();
    for (int i = at; i < to && i < at + 4 && isKept(text[i]); i++) {
      hex.append(hex.isEmpty() ? "" : " ").append(HEX.toHexDigits(giveBack(text[i])));
    }
    return MessageCode.ROW_BYTES_NOT_IN_ENCODING.with(lineOfBytes, hex, encoding);
  }

  /** Whether this character stands for a byte, if it does not follow a high surrogate. */
  static boolean isKept(char c) {
    return c >= FIRST && c <= FIRST + 0xFF;
  }

  /** The text as a person may see it: each stray byte as U+FFFD. */
  public static String shown(String text) {
    char[] chars = text.toCharArray();
    for (int i = find(chars, 0, chars.length); i >= 0; i = find(chars, i, chars.length)) {
      chars[i] = '\uFFFD';
    }
    return new String(chars);
  }

  /**
   * Writes the text as bytes, each stray byte as itself again, so that it is found again when the
   * file is read. In UTF-16, where a single byte would shift all that follows, it stays an unpaired
   * surrogate, which is found just as well. A broken surrogate of any other kind becomes "?".
   *
   * @throws CharacterCodingException if a character does not exist in the encoding
   */
  public static void encode(String text, Charset charset, OutputStream out) throws IOException {
    CharsetEncoder encoder =
        charset
            .newEncoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    // Piece by piece: a row may be millions of characters long.
    char[] piece = new char[Math.min(PIECE, text.length())];
    for (int from = 0; from < text.length(); ) {
      int length = Math.min(piece.length, text.length() - from);
      text.getChars(from, from + length, piece, 0);
      boolean last = from + length == text.length();
      if (!last && Character.isHighSurrogate(piece[length - 1])) {
        length--;
      }
      encode(piece, length, encoder, out);
      from += length;
    }
  }

  private static void encode(char[] chars, int length, CharsetEncoder encoder, OutputStream out)
      throws IOException {
    boolean wide = encoder.charset().name().startsWith("UTF-16");
    for (int from = 0; from < length; ) {
      int stray = find(chars, from, length);
      int to = stray < 0 ? length : stray;
      ByteBuffer part = encoder.encode(CharBuffer.wrap(chars, from, to - from));
      out.write(part.array(), part.arrayOffset(), part.limit());
      if (stray >= 0 && wide) {
        boolean bigEndian = encoder.charset().equals(StandardCharsets.UTF_16BE);
        out.write(bigEndian ? chars[stray] >> 8 : chars[stray]);
        out.write(bigEndian ? chars[stray] : chars[stray] >> 8);
      } else if (stray >= 0) {
        out.write(giveBack(chars[stray]));
      }
      from = to + 1;
    }
  }
}
