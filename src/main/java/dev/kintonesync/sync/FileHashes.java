package dev.kintonesync.sync;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of the contents of attached files: Kintone tells their names and sizes, and
 * their contents only to who downloads them. For several threads.
 */
public interface FileHashes {

  /** Nothing is remembered: every file that may be another one is downloaded. */
  FileHashes NONE =
      new FileHashes() {
        @Override
        public @Nullable String of(String id, Attached file) {
          return null;
        }

        @Override
        public void keep(String id, Attached file, String hash) {
          // forgotten
        }

        @Override
        public void forget(String id, Attached file) {
          // never known
        }
      };

  /**
   * A file of a record, as far as one of the same name and size is none other.
   *
   * @param field the code of its field; inside of a table that of the inner field
   * @param name its name in Kintone
   * @param size in bytes, as Kintone writes it
   */
  record Attached(String field, String name, String size) {}

  /**
   * A file of the source, as it is now.
   *
   * @param path where it is, absolute and without links
   * @param size in bytes
   * @param modified when it was changed last
   */
  record Local(String path, long size, Instant modified) {}

  /**
   * The SHA-256 of such a file of a record; null when it is not known.
   *
   * @param id the record's id
   */
  @Nullable String of(String id, Attached file);

  /** Kintone is known to hold this content. */
  void keep(String id, Attached file, String hash);

  /** Another content is about to be written. */
  void forget(String id, Attached file);

  /** The SHA-256 of a file of the source, when it had this size and time; null: not known. */
  default @Nullable String of(Local file) {
    return null;
  }

  /** A file of the source has this content. */
  default void keep(Local file, String hash) {}
}
