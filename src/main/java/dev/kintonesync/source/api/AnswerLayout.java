package dev.kintonesync.source.api;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where in the answers of an API what stands.
 *
 * @param list the way to the rows; empty: the answer is the list
 * @param next the way to the next page; null for none
 * @param moreFlag the member that says whether there is another page
 * @param checkpoint the member of a row that the checkpoint is taken from; null for none
 */
record AnswerLayout(
    List<String> list,
    @Nullable List<String> next,
    MoreFlag moreFlag,
    @Nullable String checkpoint) {
  /** As a query names it. */
  static AnswerLayout of(ApiQuery query) {
    var list = steps(query.pointer());
    String pointer = query.paging().next();
    var next = pointer == null ? null : steps(pointer);
    return new AnswerLayout(
        list, next, new MoreFlag(query.paging().more(), list, next), query.checkpoint());
  }

  /** The names and numbers that a JSON pointer leads along; none for no pointer. */
  static List<String> steps(@Nullable String pointer) {
    if (pointer == null) {
      return List.of();
    }
    var steps = new ArrayList<String>();
    for (String step : pointer.substring(1).split("/", -1)) {
      steps.add(step.replace("~1", "/").replace("~0", "~"));
    }
    return steps;
  }
}
