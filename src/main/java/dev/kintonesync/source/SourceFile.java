package dev.kintonesync.source;

import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The door to files of rows, whatever their format: callers see a {@link SourceReader} only. */
public final class SourceFile {

  private static final int HEAD = 1 << 16;

  private SourceFile() {}

  /**
   * Opens a file and reads its header. The caller closes the reader.
   *
   * @throws RefusedException if no row of it can ever become a record: it is missing, unreadable, a
   *     folder, empty, no text, or its header names no columns
   */
  public static SourceReader open(Path file, SourceOptions options) {
    if (Files.isDirectory(file)) {
      throw new RefusedException(Text.FILE_IS_FOLDER.with(file));
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      // To open a pipe would wait for ever.
      throw new RefusedException(Text.FILE_UNREADABLE.with(file, Text.FILE_IS_DEVICE.with()));
    }
    try {
      SeekableByteChannel channel = Files.newByteChannel(file);
      try {
        return read(file, channel, options);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw refused(file, e);
    }
  }

  private static SourceReader read(Path file, SeekableByteChannel channel, SourceOptions options)
      throws IOException {
    byte[] head = head(channel);
    if (head.length == 0) {
      throw new RefusedException(Text.FILE_EMPTY.with(file));
    }
    FileKind.of(head)
        .ifPresent(
            kind -> {
              throw new RefusedException(Text.FILE_NOT_CSV.with(file, kind.asMessage()));
            });
    FoundEncoding encoding = FoundEncoding.of(options.encoding(), head, channel);
    if (encoding.holdsNul(head)) {
      throw new RefusedException(Text.FILE_BINARY.with(file));
    }
    channel.position(encoding.markLength());
    return new CsvFileReader(
        file,
        new DecodedText(channel, encoding.charset()),
        new SourceFormat(encoding.charset(), options.delimiter()),
        encoding.name(),
        channel.size());
  }

  private static byte[] head(SeekableByteChannel channel) throws IOException {
    ByteBuffer head = ByteBuffer.allocate((int) Math.min(HEAD, channel.size()));
    while (head.hasRemaining() && channel.read(head) >= 0) {
      // A channel may give less than it is asked for.
    }
    byte[] bytes = new byte[head.flip().remaining()];
    head.get(bytes);
    return bytes;
  }

  /** Why a file could not be opened, in words. */
  static RefusedException refused(Path file, IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return new RefusedException(Text.FILE_MISSING.with(file), cause);
    }
    Object why =
        cause instanceof AccessDeniedException ? Text.FILE_ACCESS_DENIED.with() : cause.toString();
    return new RefusedException(Text.FILE_UNREADABLE.with(file, why), cause);
  }
}
