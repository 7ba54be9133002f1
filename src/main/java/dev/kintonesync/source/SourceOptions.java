package dev.kintonesync.source;

import org.jspecify.annotations.Nullable;

/**
 * What a person may say about a file before it is opened.
 *
 * @param encoding the encoding, or null to find it out from the file
 * @param delimiter what stands between two fields
 */
public record SourceOptions(@Nullable Encoding encoding, char delimiter) {

  /** Comma separated, the encoding found out from the file. */
  public static final SourceOptions DEFAULT = new SourceOptions(null, ',');

  /** The same with this encoding; null: found out from the file. */
  public SourceOptions withEncoding(@Nullable Encoding declared) {
    return new SourceOptions(declared, delimiter);
  }

  /** The same with this delimiter. */
  public SourceOptions withDelimiter(char declared) {
    return new SourceOptions(encoding, declared);
  }
}
