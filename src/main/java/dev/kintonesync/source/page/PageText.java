package dev.kintonesync.source.page;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.source.DamagedException;
import dev.kintonesync.source.PlainFile;
import dev.kintonesync.source.text.FoundEncoding;
import java.io.IOException;
import java.io.Reader;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Path;

/** The text of a page, of which the parser gets only so much before it must have come on. */
final class PageText extends Reader {

  /** The longest row and the longest stretch without one, in characters. */
  private static final int LONGEST = 1 << 19;

  private static final int ROOM = 1 << 14;

  private final SeekableByteChannel channel;
  private final Reader reader;
  private final FoundEncoding encoding;
  private final long totalBytes;
  private long bytes;
  private long count;
  private long readTo = LONGEST;

  PageText(Path plain, FoundEncoding encoding) throws IOException {
    this.encoding = encoding;
    this.channel = PlainFile.open(plain);
    this.totalBytes = channel.size();
    channel.position(encoding.markLength());
    this.reader =
        Channels.newReader(
            channel,
            encoding
                .charset()
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT),
            ROOM);
  }

  /** What was read so far is done with. */
  void goOn() {
    readTo = count + LONGEST;
  }

  @Override
  public int read(char[] buffer, int from, int length) throws IOException {
    if (count > readTo) {
      throw new DamagedException("a row is longer than " + LONGEST + " characters");
    }
    try {
      int read = reader.read(buffer, from, length);
      count += Math.max(0, read);
      bytes = channel.position();
      return read;
    } catch (CharacterCodingException e) {
      throw new DamagedException(MessageCode.PAGE_NOT_IN_ENCODING.with(encoding.name()), e);
    }
  }

  long bytesRead() {
    return Math.min(bytes, totalBytes);
  }

  long totalBytes() {
    return totalBytes;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
