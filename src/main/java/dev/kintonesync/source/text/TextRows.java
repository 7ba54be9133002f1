package dev.kintonesync.source.text;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The rows of a table, the header among them. */
public interface TextRows extends Closeable {

  /** The next row that is not blank, or null at the end. */
  @Nullable TextRow next() throws IOException;

  /** Whether empty fields at the end of a row are left out, as in a sheet. */
  boolean endsAtLastValue();

  /** How much has been read, in the unit of {@link #totalBytes}. */
  long bytesRead();

  /** How much there is. */
  long totalBytes();

  /** The same rows from the first one, sharing what this one has made ready. */
  TextRows again() throws IOException;
}
