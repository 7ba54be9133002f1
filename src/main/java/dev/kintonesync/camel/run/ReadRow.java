package dev.kintonesync.camel.run;

import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * A row as it was read.
 *
 * @param size of its text, in characters
 * @param bytesRead how much of the source had been read with it
 */
record ReadRow(SourceRecord source, long size, long bytesRead) {
  /** The next row of a reader; null at its end. */
  static @Nullable ReadRow next(SourceReader reader) {
    if (!reader.hasNext()) {
      return null;
    }
    SourceRecord source = reader.next();
    return new ReadRow(source, source.size(), reader.bytesRead());
  }
}
