package dev.kintonesync.source.text;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;

/**
 * A window that slides over the text of a file. Bytes that are not in the encoding come as {@link
 * StrayBytes}. The window grows with the longest row, up to {@link #LONGEST}, and no further.
 */
public final class CharWindow implements Closeable {

  /** The longest row that is read as one, in characters; 40 times the 100 KB of a large one. */
  public static final int LONGEST = 1 << 22;

  private static final int FIRST_ROOM = 1 << 16;
  // A decoder must always be able to put down a surrogate pair or the stray bytes of one fault.
  private static final int LEAST_ROOM = 64;

  private final SeekableByteChannel channel;
  private final CharsetDecoder decoder;
  private final int longestFault;
  private final ByteBuffer bytes = ByteBuffer.allocate(FIRST_ROOM).flip();
  private char[] chars = new char[FIRST_ROOM];
  private int limit;
  private long dropped;
  private long lastStray = -1;
  private long bytesTaken;
  private boolean ended;
  private boolean full;

  /** Text of the bytes from the channel's present position on. */
  public CharWindow(SeekableByteChannel channel, Charset charset) throws IOException {
    this.channel = channel;
    this.bytesTaken = channel.position();
    // Of a broken pair in UTF-16 Java blames the character after it too, which may be a line end.
    this.longestFault = charset.name().startsWith("UTF-16") ? 2 : Integer.MAX_VALUE;
    this.decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  /** The window's array; another one after {@link #more}. */
  public char[] chars() {
    return chars;
  }

  /** Where the text in the window ends. */
  public int limit() {
    return limit;
  }

  /** Whether {@link #more} last failed because the row is too long, not because the text ended. */
  public boolean full() {
    return full;
  }

  /** How many bytes have been decoded. */
  public long bytesTaken() {
    return bytesTaken - bytes.remaining();
  }

  /** Whether there may be stray bytes in the window at this index or after it. */
  boolean hasStray(int from) {
    return lastStray >= dropped + from;
  }

  /**
   * Reads on. Drops what stands before {@code keepFrom}; {@code keepFrom} becomes index 0, also
   * when there is no more.
   *
   * @return whether there is more text in the window than before
   */
  public boolean more(int keepFrom) throws IOException {
    System.arraycopy(chars, keepFrom, chars, 0, limit - keepFrom);
    limit -= keepFrom;
    dropped += keepFrom;
    if (chars.length < LONGEST && chars.length - limit < chars.length / 4) {
      chars = Arrays.copyOf(chars, chars.length * 2);
    }
    full = chars.length - limit < LEAST_ROOM;
    return !full && decode();
  }

  private boolean decode() throws IOException {
    CharBuffer out = CharBuffer.wrap(chars, limit, chars.length - limit);
    while (true) {
      CoderResult result = decoder.decode(bytes, out, ended);
      if (result.isError()) {
        if (out.remaining() < LEAST_ROOM) {
          break;
        }
        for (int i = 0; i < Math.min(result.length(), longestFault); i++) {
          out.put(MalformedBytes.keep(bytes.get()));
        }
        lastStray = dropped + out.position() - 1;
      } else if (result.isOverflow() || ended || out.position() > limit) {
        break;
      } else {
        read();
      }
    }
    boolean more = out.position() > limit;
    limit = out.position();
    return more;
  }

  private void read() throws IOException {
    bytes.compact();
    int count = channel.read(bytes);
    bytes.flip();
    if (count < 0) {
      ended = true;
    } else {
      bytesTaken += count;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
