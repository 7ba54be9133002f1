package dev.kintonesync.source;

import java.util.Iterator;
import java.util.List;

/**
 * Hands out the records of one source, in order, in constant memory. A bad row is never thrown: it
 * is handed out with its {@linkplain SourceRecord#problem() problem}. If the source itself breaks
 * (a disk error), {@code hasNext} and {@code next} throw {@link java.io.UncheckedIOException}. For
 * one thread at a time.
 */
public interface SourceReader extends Iterator<SourceRecord>, AutoCloseable {

  /** The names of the columns in their order, without {@code _error} and {@code _ref}. */
  List<String> columns();

  /** How the source is written, so that its rejects can be written alike. */
  SourceFormat format();

  /** Where the record handed out last begins; row 0 and the header's line before the first. */
  Position position();

  /** How many bytes of the source have been read so far, for progress; never shrinks. */
  long bytesRead();

  /** How many bytes there are to read, as far as can be told; of a packed file, unpacked. */
  long totalBytes();

  /**
   * Reads the same source once more from its first record, at a pace of its own, and cheaply: what
   * this reader has made ready is used again. To be closed before this one.
   */
  SourceReader again();

  /** Releases the file. Closing twice does nothing. */
  @Override
  void close();
}
