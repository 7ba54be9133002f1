package dev.kintonesync.source.kafka;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which columns the rows of a topic have. Messages have no header, so the job and the form of its
 * app say it.
 *
 * @param names all columns
 * @param renamed the column that a member of another name fills: a label and its field code
 * @param keys the columns that make the update key
 * @param others what becomes of the other members of a message
 */
public record RowColumns(
    Set<String> names, Map<String, String> renamed, List<String> keys, Others others) {

  /** What becomes of members that are no columns. */
  public enum Others {
    /** Their message is rejected. */
    REFUSED,
    IGNORED,
    /** They are columns of their row, for somebody who looks for what there is. */
    TAKEN
  }
}
