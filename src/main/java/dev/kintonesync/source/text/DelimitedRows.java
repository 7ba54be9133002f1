package dev.kintonesync.source.text;

import dev.kintonesync.source.PlainFile;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The rows of delimited text. */
public final class DelimitedRows implements TextRows {

  private final Path file;
  private final FoundEncoding encoding;
  private final char delimiter;
  private final CharWindow text;
  private final CsvParser parser;
  private final long totalBytes;

  /** Rows of the file's text after its byte order mark. */
  public DelimitedRows(Path file, FoundEncoding encoding, char delimiter) throws IOException {
    this.file = file;
    this.encoding = encoding;
    this.delimiter = delimiter;
    SeekableByteChannel channel = PlainFile.open(file);
    channel.position(encoding.markLength());
    this.totalBytes = channel.size();
    this.text = new CharWindow(channel, encoding.charset());
    this.parser = new CsvParser(text, delimiter, encoding.name());
  }

  @Override
  public @Nullable TextRow next() throws IOException {
    return parser.next();
  }

  @Override
  public boolean endsAtLastValue() {
    return false;
  }

  @Override
  public long bytesRead() {
    return text.bytesTaken();
  }

  @Override
  public long totalBytes() {
    return totalBytes;
  }

  @Override
  public TextRows again() throws IOException {
    return new DelimitedRows(file, encoding, delimiter);
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
