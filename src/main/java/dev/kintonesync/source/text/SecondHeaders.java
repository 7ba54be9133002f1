package dev.kintonesync.source.text;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.util.HashSet;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Headers in the middle of a file, which is what files put together have. One that repeats the
 * first is passed over. Below one with the same columns in another order nothing is what the first
 * says, until the first comes again.
 */
final class SecondHeaders {

  private final List<String> header;
  private final HashSet<String> names;
  private long count;
  private long first;
  private long other;

  /**
   * @param header the fields of the first one; none where there is no header
   */
  SecondHeaders(List<String> header) {
    this.header = List.copyOf(named(header));
    this.names = new HashSet<>(this.header);
  }

  /** Without the empty fields at the end that some headers have. */
  private static List<String> named(List<String> fields) {
    int end = fields.size();
    while (end > 0 && fields.get(end - 1).isBlank()) {
      end--;
    }
    return fields.subList(0, end);
  }

  /** Whether this row repeats the header and is no data; to be asked once of every row in turn. */
  boolean isPassedOver(TextRow row) {
    // In a file of one column, its name may be a value.
    if (header.size() == 1) {
      return false;
    }
    // What most rows fail at: no list is compared for them.
    if (row.problem() != null || !names.contains(row.fields().get(0))) {
      return false;
    }
    List<String> fields = named(row.fields());
    if (fields.equals(header)) {
      first = count == 0 ? row.line() : first;
      count++;
      other = 0;
      return true;
    }
    if (fields.size() == header.size() && names.equals(new HashSet<>(fields))) {
      other = row.line();
    }
    return false;
  }

  /**
   * Why a row in this line is no data although it fits; null when it is.
   *
   * @param at says where a line is
   */
  @Nullable UserMessage problem(long line, LongFunction<UserMessage> at) {
    return other == 0
        ? null
        : MessageCode.ROW_BELOW_OTHER_HEADER.with(at.apply(line), at.apply(other));
  }

  /**
   * What a person should know of those that were passed over so far.
   *
   * @param at says where a line is
   */
  List<UserMessage> remarks(LongFunction<UserMessage> at) {
    return count == 0
        ? List.of()
        : List.of(MessageCode.HEADERS_PASSED_OVER.with(count, at.apply(first)));
  }
}
