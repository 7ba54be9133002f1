package dev.kintonesync.source.file;

import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.Decompressed;
import dev.kintonesync.source.Position;
import dev.kintonesync.source.SourceFileReader;
import dev.kintonesync.source.SourceFormat;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.source.Understanding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A reader of a file that was packed: what was unpacked for it goes when it is closed. */
final class DecompressedReader implements SourceFileReader {

  private final SourceFileReader reader;
  private final Decompressed content;

  DecompressedReader(SourceFileReader reader, Decompressed content) {
    this.reader = reader;
    this.content = content;
  }

  @Override
  public List<String> columns() {
    return reader.columns();
  }

  @Override
  public SourceFormat format() {
    return reader.format();
  }

  @Override
  public List<UserMessage> remarks() {
    return reader.remarks();
  }

  @Override
  public @Nullable Understanding understanding() {
    return reader.understanding();
  }

  @Override
  public Position position() {
    return reader.position();
  }

  @Override
  public long bytesRead() {
    return reader.bytesRead();
  }

  @Override
  public long totalBytes() {
    return reader.totalBytes();
  }

  @Override
  public SourceFileReader again() {
    return reader.again();
  }

  @Override
  public boolean hasNext() {
    return reader.hasNext();
  }

  @Override
  public SourceRecord next() {
    return reader.next();
  }

  @Override
  public void close() {
    try (content) {
      reader.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
