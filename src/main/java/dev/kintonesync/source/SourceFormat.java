package dev.kintonesync.source;

import java.nio.charset.Charset;

/**
 * How a file of rows is written. Callers pass it from a reader to a {@link RejectsFile} and need
 * not look inside.
 *
 * @param charset the encoding it was read in; never plain {@code UTF-16}, always with its byte
 *     order
 * @param delimiter what stands between two fields
 */
public record SourceFormat(Charset charset, char delimiter) {}
