package dev.kintonesync.source;

import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.mozilla.universalchardet.Constants;
import org.mozilla.universalchardet.UniversalDetector;

/**
 * The encoding that a file is read in.
 *
 * @param charset never plain UTF-16, always with its byte order
 * @param markLength how many bytes of byte order mark stand before the text
 */
record FoundEncoding(Charset charset, int markLength) {

  private static final Charset WINDOWS_31J = Encoding.SHIFT_JIS.charset();
  private static final Charset EUC_JP = Encoding.EUC_JP.charset();

  // What is looked at to find the encoding: so many bytes, or so many characters beyond ASCII.
  private static final int ENOUGH_BYTES = 1 << 26;
  private static final int ENOUGH_CHARACTERS = 20_000;
  private static final int SAMPLE = 1 << 16;
  // A UTF-8 file may have a few bad rows; another encoding read as UTF-8 is wrong nearly
  // everywhere.
  private static final int GOOD_PER_BAD = 3;

  /**
   * The declared encoding, with the byte order that the head of the file shows.
   *
   * @throws RefusedException if the file begins with the mark of another one
   */
  static FoundEncoding declared(Path file, Encoding encoding, byte[] head) {
    FoundEncoding marked = marked(head);
    if (marked != null) {
      boolean same =
          encoding == Encoding.UTF_16
              ? marked.markLength == 2
              : marked.charset.equals(encoding.charset());
      if (!same) {
        String declared = new FoundEncoding(encoding.charset(), 0).name();
        throw new RefusedException(Text.FILE_MARK_DIFFERS.with(file, marked.name(), declared));
      }
      return marked;
    }
    if (encoding == Encoding.UTF_16) {
      FoundEncoding seen = byNuls(head);
      // Without a mark or a hint: the byte order of Windows.
      return seen != null ? seen : new FoundEncoding(StandardCharsets.UTF_16LE, 0);
    }
    return new FoundEncoding(encoding.charset(), 0);
  }

  /**
   * Finds the encoding: by its mark; UTF-8 where the bytes are UTF-8; UTF-16 where every other byte
   * is NUL; else a Japanese one, Windows-31J unless the text is clearly EUC-JP.
   */
  static FoundEncoding detect(byte[] head, SeekableByteChannel channel) throws IOException {
    FoundEncoding found = marked(head);
    if (found == null) {
      found = byNuls(head);
    }
    return found != null ? found : new FoundEncoding(byText(channel), 0);
  }

  private static @Nullable FoundEncoding marked(byte[] head) {
    if (startsWith(head, 0xEF, 0xBB, 0xBF)) {
      return new FoundEncoding(StandardCharsets.UTF_8, 3);
    }
    if (startsWith(head, 0xFF, 0xFE)) {
      return new FoundEncoding(StandardCharsets.UTF_16LE, 2);
    }
    return startsWith(head, 0xFE, 0xFF) ? new FoundEncoding(StandardCharsets.UTF_16BE, 2) : null;
  }

  private static boolean startsWith(byte[] head, int... mark) {
    for (int i = 0; i < mark.length; i++) {
      if (i >= head.length || (head[i] & 0xFF) != mark[i]) {
        return false;
      }
    }
    return true;
  }

  /** In UTF-16 every line end has a NUL beside it, and all NULs are on the same side. */
  private static @Nullable FoundEncoding byNuls(byte[] head) {
    boolean little = false;
    boolean big = false;
    boolean lineEnd = false;
    for (int i = 0; i + 1 < head.length; i += 2) {
      big |= head[i] == 0;
      little |= head[i + 1] == 0;
      int unit = head[i] + head[i + 1];
      lineEnd |= (head[i] == 0 || head[i + 1] == 0) && (unit == '\n' || unit == '\r');
    }
    if (little == big || !lineEnd) {
      return null;
    }
    return new FoundEncoding(little ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE, 0);
  }

  private static Charset byText(SeekableByteChannel channel) throws IOException {
    CharsetDecoder utf8 = strict(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(SAMPLE);
    CharBuffer chars = CharBuffer.allocate(SAMPLE);
    byte[] sample = {};
    int good = 0;
    int bad = 0;
    channel.position(0);
    for (long seen = 0; seen < ENOUGH_BYTES && good + bad < ENOUGH_CHARACTERS; ) {
      int count = channel.read(bytes);
      bytes.flip();
      CoderResult result;
      do {
        result = utf8.decode(bytes, chars.clear(), count < 0);
        good += beyondAscii(chars.flip());
        if (result.isError()) {
          bad++;
          bytes.position(bytes.position() + result.length());
        }
      } while (!result.isUnderflow());
      if (good + bad > 0 && sample.length == 0) {
        sample = Arrays.copyOf(bytes.array(), bytes.limit());
      }
      bytes.compact();
      if (count < 0) {
        break;
      }
      seen += count;
    }
    return good >= (long) bad * GOOD_PER_BAD ? StandardCharsets.UTF_8 : japanese(sample);
  }

  private static int beyondAscii(CharBuffer chars) {
    int count = 0;
    while (chars.hasRemaining()) {
      if (chars.get() > 0x7F) {
        count++;
      }
    }
    return count;
  }

  private static Charset japanese(byte[] sample) {
    UniversalDetector detector = new UniversalDetector();
    detector.handleData(sample, 0, sample.length);
    detector.dataEnd();
    boolean looksLikeEuc = Constants.CHARSET_EUC_JP.equals(detector.getDetectedCharset());
    return looksLikeEuc && faults(sample, EUC_JP) <= faults(sample, WINDOWS_31J)
        ? EUC_JP
        : WINDOWS_31J;
  }

  private static int faults(byte[] sample, Charset charset) {
    CharsetDecoder decoder = strict(charset);
    ByteBuffer bytes = ByteBuffer.wrap(sample);
    CharBuffer chars = CharBuffer.allocate(sample.length + 1);
    int faults = 0;
    // Not the end of the input: the sample may be cut inside a character.
    for (CoderResult result = decoder.decode(bytes, chars, false);
        result.isError();
        result = decoder.decode(bytes, chars, false)) {
      bytes.position(bytes.position() + result.length());
      faults++;
    }
    return faults;
  }

  private static CharsetDecoder strict(Charset charset) {
    return charset
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  /** The name that users know. */
  String name() {
    return charset.equals(WINDOWS_31J) ? "Shift_JIS" : charset.name();
  }

  /** Whether there is a NUL character in the head of the file: then it is no text. */
  boolean holdsNul(byte[] head) {
    int width = charset.name().startsWith("UTF-16") ? 2 : 1;
    for (int i = markLength; i + width <= head.length; i += width) {
      if (head[i] == 0 && head[i + width - 1] == 0) {
        return true;
      }
    }
    return false;
  }
}
