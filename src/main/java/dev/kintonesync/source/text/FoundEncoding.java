package dev.kintonesync.source.text;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.Encoding;
import dev.kintonesync.source.HeaderColumns;
import dev.kintonesync.source.Understanding;
import dev.kintonesync.source.Understanding.How;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The encoding that a file is read in.
 *
 * @param charset never plain UTF-16, always with its byte order
 * @param markLength how many bytes of byte order mark stand before the text
 * @param how why it is read so
 */
public record FoundEncoding(Charset charset, int markLength, How how) {

  private static final Charset WINDOWS_31J = Encoding.SHIFT_JIS.charset();
  private static final Charset EUC_JP = Encoding.EUC_JP.charset();

  private static final int SAMPLE = 1 << 16;
  private static final int HEADER_LINES = 20;

  /** Whether a file in this encoding is read in it when nobody has declared any. */
  static boolean isFound(Path file, Charset charset) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      byte[] head = start(channel);
      FoundEncoding marked = marked(head);
      FoundEncoding found = marked != null ? marked : detect(head, channel, Set.of());
      return found != null && found.charset.equals(charset);
    }
  }

  /**
   * The encoding of a file: by its mark, which is never wrong; else the declared one; else found.
   *
   * @param file as people know it
   * @param words what the text may be expected to hold
   * @param head the first bytes of the file
   * @throws UserErrorException if it may be one or another
   */
  public static FoundEncoding of(
      Path file,
      @Nullable Encoding declared,
      Set<String> words,
      byte[] head,
      SeekableByteChannel channel)
      throws IOException {
    FoundEncoding marked = marked(head);
    if (marked != null) {
      return marked;
    }
    if (declared == null) {
      return foundOrRefused(file, head, channel, words);
    }
    if (cameBack(head)) {
      // Between our writing and its return stood a person and a program: Excel saves as Shift_JIS
      // what it opened as UTF-8, an editor the other way round. Unicode shows itself; of the
      // others the declared one is taken unless it cannot be.
      FoundEncoding found = detect(head, channel, words);
      if (found != null && found.isUnicode()) {
        return found;
      }
      if (declared.charset().name().startsWith("UTF-")) {
        return foundOrRefused(file, head, channel, words);
      }
      if (declared == Encoding.EUC_JP && isRatherShiftJis(channel)) {
        return new FoundEncoding(WINDOWS_31J, 0, How.GUESS);
      }
    }
    if (declared == Encoding.UTF_16) {
      FoundEncoding seen = byNuls(head);
      // Without a mark or a hint: the byte order of Windows.
      return new FoundEncoding(
          seen != null ? seen.charset : StandardCharsets.UTF_16LE, 0, How.SETTING);
    }
    boolean little = declared == Encoding.UTF_32 && head.length > 3 && head[0] != 0 && head[3] == 0;
    return new FoundEncoding((little ? Encoding.UTF_32LE : declared).charset(), 0, How.SETTING);
  }

  /** UTF-16 where every line end has its NUL; otherwise by the text. Null when there is a doubt. */
  private static @Nullable FoundEncoding detect(
      byte[] head, SeekableByteChannel channel, Set<String> words) throws IOException {
    FoundEncoding found = byNuls(head);
    return found != null ? found : of(EncodingJudge.judge(channel, words));
  }

  private static FoundEncoding foundOrRefused(
      Path file, byte[] head, SeekableByteChannel channel, Set<String> words) throws IOException {
    FoundEncoding wide = byNuls(head);
    if (wide != null) {
      return wide;
    }
    EncodingJudge.Verdict verdict = EncodingJudge.judge(channel, words);
    FoundEncoding found = of(verdict);
    if (found == null) {
      String possible =
          verdict.possible().stream().map(Encoding::usualName).collect(Collectors.joining(", "));
      throw new UserErrorException(MessageCode.ENCODING_UNCLEAR.with(file, possible));
    }
    return found;
  }

  private static @Nullable FoundEncoding of(EncodingJudge.Verdict verdict) {
    Encoding encoding = verdict.encoding();
    How how = verdict.certain() ? How.CERTAIN : How.GUESS;
    return encoding == null ? null : new FoundEncoding(encoding.charset(), 0, how);
  }

  private static byte[] start(SeekableByteChannel channel) throws IOException {
    ByteBuffer head = ByteBuffer.allocate((int) Math.min(SAMPLE, channel.size()));
    while (head.hasRemaining() && channel.read(head) >= 0) {
      // A channel may give less than it is asked for.
    }
    return Arrays.copyOf(head.array(), head.position());
  }

  /** Whether a file that begins like this is a rejects file. */
  public static boolean cameBack(byte[] head) {
    FoundEncoding wide = byNuls(head);
    return namesRejects(head, wide != null ? wide.charset : StandardCharsets.ISO_8859_1);
  }

  /** The same where the encoding is known, which does not show in a head that holds NULs. */
  public boolean isOfRejects(byte[] head) {
    return cameBack(head) || namesRejects(head, charset);
  }

  private static boolean namesRejects(byte[] head, Charset charset) {
    String text = new String(head, charset);
    // The first line may be one that names the delimiter, and names of columns may have line ends.
    return text.lines().limit(HEADER_LINES).anyMatch(line -> line.contains(HeaderColumns.REF));
  }

  private boolean isUnicode() {
    return charset.name().startsWith("UTF-");
  }

  /** What EUC-JP does not hold and Shift_JIS does, as Excel saves it. */
  private static boolean isRatherShiftJis(SeekableByteChannel channel) throws IOException {
    byte[] sample = start(channel.position(0));
    return EncodingJudge.faults(sample, EUC_JP) > EncodingJudge.faults(sample, WINDOWS_31J);
  }

  private static @Nullable FoundEncoding marked(byte[] head) {
    if (startsWith(head, 0xEF, 0xBB, 0xBF)) {
      return new FoundEncoding(StandardCharsets.UTF_8, 3, How.MARK);
    }
    if (startsWith(head, 0xFF, 0xFE, 0, 0)) {
      return new FoundEncoding(Encoding.UTF_32LE.charset(), 4, How.MARK);
    }
    if (startsWith(head, 0, 0, 0xFE, 0xFF)) {
      return new FoundEncoding(Encoding.UTF_32.charset(), 4, How.MARK);
    }
    if (startsWith(head, 0xFF, 0xFE)) {
      return new FoundEncoding(StandardCharsets.UTF_16LE, 2, How.MARK);
    }
    return startsWith(head, 0xFE, 0xFF)
        ? new FoundEncoding(StandardCharsets.UTF_16BE, 2, How.MARK)
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
      return new FoundEncoding(StandardCharsets.UTF_16LE, 0, How.CERTAIN);
    }
    return bigLineEnd && big > 3 * little
        ? new FoundEncoding(StandardCharsets.UTF_16BE, 0, How.CERTAIN)
        : null;
  }

  /** The name that users know. */
  public String name() {
    return Encoding.standardName(charset);
  }

  /** The name with the reason why it was taken. */
  public Understanding.Taken<String> taken() {
    return new Understanding.Taken<>(name(), how);
  }

  /** Whether there is a NUL character in the head of the file: then it is no text. */
  public boolean holdsNul(byte[] head) {
    int width =
        charset.name().startsWith("UTF-32") ? 4 : charset.name().startsWith("UTF-16") ? 2 : 1;
    for (int i = markLength; i + width <= head.length; i += width) {
      int bits = 0;
      for (int k = 0; k < width; k++) {
        bits |= head[i + k];
      }
      if (bits == 0) {
        return true;
      }
    }
    return false;
  }
}
