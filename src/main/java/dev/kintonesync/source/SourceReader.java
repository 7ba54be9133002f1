package dev.kintonesync.source;

import dev.kintonesync.message.UserMessage;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the records of one source, in order, in constant memory. A bad row is never thrown: it
 * is handed out with its {@linkplain SourceRecord#problem() problem}. If the source itself breaks
 * (a disk error), {@code hasNext} and {@code next} throw {@link java.io.UncheckedIOException}, or
 * {@link dev.kintonesync.message.UserErrorException} where there is something to do about it. For
 * one thread at a time.
 */
public interface SourceReader extends Iterator<SourceRecord>, AutoCloseable {

  /** The names of the columns in their order, without {@code _error} and {@code _ref}. */
  List<String> columns();

  /** Whether several rows may make one record. */
  default boolean isGrouped() {
    return false;
  }

  /** How the source is written, so that its rejects can be written alike. */
  SourceFormat format();

  /** What the source was taken for; null where there is nothing to be in doubt about. */
  default @Nullable Understanding understanding() {
    return null;
  }

  /** What a person should know of what was passed over so far. */
  default List<UserMessage> remarks() {
    return List.of();
  }

  /**
   * Whether what was handed out so far is to be settled before more is asked for. May wait for a
   * moment, so that it is not always little. A source that ends never pauses.
   */
  default boolean pauses() {
    return false;
  }

  /**
   * Learns that the first records handed out have their outcomes, and that these are written down.
   * Called in the order of the records, from any thread.
   *
   * @param records how many, since the source was opened
   * @param rejected why some of them were rejected since the last call, by their rows
   * @throws dev.kintonesync.message.UserErrorException when that cannot be kept
   */
  default void settled(long records, Map<Long, String> rejected) {}

  /**
   * Reads a rejected record once more as it was kept.
   *
   * @param kept its columns as they were handed out
   */
  default SourceRecord again(SourceRecord kept) {
    return kept;
  }

  /** Where the record handed out last begins; row 0 and the header's line before the first. */
  Position position();

  /** How many bytes of the source have been read so far, for progress; never shrinks. */
  long bytesRead();

  /**
   * How many bytes there are to read; of a packed file, unpacked. 0 when nobody knows how much
   * there is.
   */
  long totalBytes();

  /** Releases the file. Closing twice does nothing. */
  @Override
  void close();
}
