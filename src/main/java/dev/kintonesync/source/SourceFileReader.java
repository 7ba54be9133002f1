package dev.kintonesync.source;

/** Hands out the records of one file. */
public interface SourceFileReader extends SourceReader {

  /**
   * Reads the same file once more from its first record, at a pace of its own, and cheaply: what
   * this reader has made ready is used again. To be closed before this one.
   */
  SourceFileReader again();
}
