package dev.kintonesync.source.text;

import dev.kintonesync.source.Encoding;
import dev.kintonesync.source.HeaderColumns;
import dev.kintonesync.source.Understanding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
 * @param how why it is read so
 */
public record FoundEncoding(Charset charset, int markLength, Understanding.How how) {

  private static final Charset WINDOWS_31J = Encoding.SHIFT_JIS.charset();
  private static final Charset EUC_JP = Encoding.EUC_JP.charset();

  // What is looked at to find the encoding: so many bytes, or so many characters beyond ASCII.
  private static final int ENOUGH_BYTES = 1 << 26;
  private static final int ENOUGH_CHARACTERS = 20_000;
  private static final int SAMPLE = 1 << 16;
  // A UTF-8 file may have a few bad rows; another encoding read as UTF-8 is wrong nearly
  // everywhere.
  private static final int GOOD_PER_BAD = 3;

  /** The encoding of a file that nobody has declared. */
  public static FoundEncoding of(Path file) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      ByteBuffer head = ByteBuffer.allocate((int) Math.min(SAMPLE, channel.size()));
      while (head.hasRemaining() && channel.read(head) >= 0) {
        // A channel may give less than it is asked for.
      }
      return of(null, Arrays.copyOf(head.array(), head.position()), channel);
    }
  }

  /**
   * The encoding of a file: by its mark, which is never wrong; else the declared one; else found.
   *
   * @param head the first bytes of the file
   */
  public static FoundEncoding of(
      @Nullable Encoding declared, byte[] head, SeekableByteChannel channel) throws IOException {
    FoundEncoding marked = marked(head);
    if (marked != null) {
      return marked;
    }
    if (declared == null) {
      return detect(head, channel);
    }
    if (cameBack(head)) {
      // Between our writing and its return stood a person and a program: Excel saves as Shift_JIS
      // what it opened as UTF-8, an editor the other way round. Unicode shows itself; of the
      // others the declared one is taken unless it cannot be.
      FoundEncoding found = detect(head, channel);
      if (found.isUnicode() || declared.charset().name().startsWith("UTF-")) {
        return found;
      }
      if (declared == Encoding.EUC_JP && isRatherShiftJis(channel)) {
        return new FoundEncoding(WINDOWS_31J, 0, Understanding.How.GUESS);
      }
    }
    if (declared == Encoding.UTF_16) {
      FoundEncoding seen = byNuls(head);
      // Without a mark or a hint: the byte order of Windows.
      return seen != null
          ? seen
          : new FoundEncoding(StandardCharsets.UTF_16LE, 0, Understanding.How.SETTING);
    }
    return new FoundEncoding(declared.charset(), 0, Understanding.How.SETTING);
  }

  /**
   * UTF-16 where every line end has its NUL; UTF-8 where the bytes are UTF-8; else a Japanese
   * encoding, Windows-31J unless the text is clearly EUC-JP.
   */
  private static FoundEncoding detect(byte[] head, SeekableByteChannel channel) throws IOException {
    FoundEncoding found = byNuls(head);
    return found != null ? found : new FoundEncoding(byText(channel), 0, Understanding.How.GUESS);
  }

  private static boolean cameBack(byte[] head) {
    FoundEncoding wide = byNuls(head);
    String text = new String(head, wide != null ? wide.charset : StandardCharsets.ISO_8859_1);
    return text.lines().findFirst().orElse("").contains(HeaderColumns.REF);
  }

  private boolean isUnicode() {
    return charset.name().startsWith("UTF-");
  }

  /** What EUC-JP does not hold and Shift_JIS does, as Excel saves it. */
  private static boolean isRatherShiftJis(SeekableByteChannel channel) throws IOException {
    byte[] sample = new byte[SAMPLE];
    int length = channel.position(0).read(ByteBuffer.wrap(sample));
    byte[] read = Arrays.copyOf(sample, Math.max(0, length));
    return faults(read, EUC_JP) > faults(read, WINDOWS_31J);
  }

  private static @Nullable FoundEncoding marked(byte[] head) {
    if (startsWith(head, 0xEF, 0xBB, 0xBF)) {
      return new FoundEncoding(StandardCharsets.UTF_8, 3, Understanding.How.MARK);
    }
    if (startsWith(head, 0xFF, 0xFE)) {
      return new FoundEncoding(StandardCharsets.UTF_16LE, 2, Understanding.How.MARK);
    }
    return startsWith(head, 0xFE, 0xFF)
        ? new FoundEncoding(StandardCharsets.UTF_16BE, 2, Understanding.How.MARK)
        : null;
  }

  private static boolean startsWith(byte[] head, int... mark) {
    for (int i = 0; i < mark.length; i++) {
      if (i >= head.length || (head[i] & 0xFF) != mark[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * In UTF-16 every line end and comma has a NUL beside it, always on the same side. A few may
   * stand on the other one: U+4E00, the character for "one", has its NUL there.
   */
  private static @Nullable FoundEncoding byNuls(byte[] head) {
    int little = 0;
    int big = 0;
    boolean littleLineEnd = false;
    boolean bigLineEnd = false;
    for (int i = 0; i + 1 < head.length; i += 2) {
      if (head[i + 1] == 0) {
        little++;
        littleLineEnd |= head[i] == '\n' || head[i] == '\r';
      }
      if (head[i] == 0) {
        big++;
        bigLineEnd |= head[i + 1] == '\n' || head[i + 1] == '\r';
      }
    }
    if (littleLineEnd && little > 3 * big) {
      return new FoundEncoding(StandardCharsets.UTF_16LE, 0, Understanding.How.CERTAIN);
    }
    return bigLineEnd && big > 3 * little
        ? new FoundEncoding(StandardCharsets.UTF_16BE, 0, Understanding.How.CERTAIN)
        : null;
  }

  private static Charset byText(SeekableByteChannel channel) throws IOException {
    CharsetDecoder utf8 = strict(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(SAMPLE);
    CharBuffer chars = CharBuffer.allocate(SAMPLE);
    ByteArrayOutputStream sample = new ByteArrayOutputStream();
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
      if (good + bad > 0 && count > 0 && sample.size() < SAMPLE) {
        sample.write(bytes.array(), bytes.limit() - count, count);
      }
      bytes.compact();
      if (count < 0) {
        break;
      }
      seen += count;
    }
    return good >= (long) bad * GOOD_PER_BAD
        ? StandardCharsets.UTF_8
        : japanese(sample.toByteArray());
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
  public String name() {
    return charset.equals(WINDOWS_31J) ? "Shift_JIS" : charset.name();
  }

  /** The name with the reason why it was taken. */
  public Understanding.Taken<String> taken() {
    return new Understanding.Taken<>(name(), how);
  }

  /** Whether there is a NUL character in the head of the file: then it is no text. */
  public boolean holdsNul(byte[] head) {
    int width = charset.name().startsWith("UTF-16") ? 2 : 1;
    for (int i = markLength; i + width <= head.length; i += width) {
      if (head[i] == 0 && head[i + width - 1] == 0) {
        return true;
      }
    }
    return false;
  }
}
