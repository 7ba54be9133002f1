package dev.kintonesync.sync;

/**
 * What is remembered of rich texts: Kintone stores other HTML than it was sent, so that only who
 * remembers what was sent can tell an unchanged text. For several threads.
 */
public interface RichTexts {

  /** Nothing is remembered: what looks different is. */
  RichTexts NONE =
      new RichTexts() {
        @Override
        public boolean isAsSent(
            String id, String field, String text, String stored, boolean untouched) {
          return false;
        }

        @Override
        public void sent(String id, String field, String text) {
          // forgotten
        }
      };

  /**
   * Whether a record holds what came of this text when it was sent last.
   *
   * @param id the record's id
   * @param field the field's code
   * @param text the text of the source
   * @param stored the text of the record
   * @param untouched whether nobody but us has saved the record since we did
   */
  boolean isAsSent(String id, String field, String text, String stored, boolean untouched);

  /** The text was sent, and Kintone has confirmed it. */
  void sent(String id, String field, String text);
}
