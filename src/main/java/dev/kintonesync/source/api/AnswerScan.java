package dev.kintonesync.source.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.Shown;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One pass over the tokens of an answer, which copies its rows, a line each, as they come. */
final class AnswerScan {
  private static final int MOST_LISTS = 10;
  private static final int LONGEST_CURSOR = 8192;

  private final AnswerLayout layout;
  private final JsonParser parser;
  private final OutputStream out;
  private final ReceiveLimit received;
  private final long rowsBefore;
  private final List<String> path = new ArrayList<>();
  private final List<String> lists = new ArrayList<>();
  private final Set<String> names = new LinkedHashSet<>();
  private final Set<Long> tooLong = new HashSet<>();
  private final MaxValue greatest;
  private boolean found;
  private boolean listed;
  private long rows;
  private long letters;
  private @Nullable String cursor;
  private @Nullable Boolean more;

  /**
   * A pass that has not begun.
   *
   * @param layout where in the answer what stands
   * @param greatest where the greatest value of the checkpoint member is kept
   * @param parser the answer
   * @param out takes the rows
   * @param received how much may come
   * @param rowsBefore how many rows earlier answers had
   */
  AnswerScan(
      AnswerLayout layout,
      MaxValue greatest,
      JsonParser parser,
      OutputStream out,
      ReceiveLimit received,
      long rowsBefore) {
    this.layout = layout;
    this.greatest = greatest;
    this.parser = parser;
    this.out = out;
    this.received = received;
    this.rowsBefore = rowsBefore;
  }

  /** Whether there was a list of rows, or null in its place. */
  boolean hasFound() {
    return found;
  }

  /** The lists that there are, for whoever has named none of them. */
  String lists() {
    return lists.isEmpty() ? "-" : Shown.names(lists);
  }

  /**
   * The answer as it was read.
   *
   * @param mark tells its rows from those of another page
   * @param bytes how long its rows are as they were copied
   */
  ApiAnswers.Page page(String mark, long bytes) {
    return new ApiAnswers.Page(listed, rows, names, tooLong, greatest, cursor, more, mark, bytes);
  }

  /**
   * Reads the answer.
   *
   * @throws IOException when it breaks off
   * @throws BrokenAnswerException when it is no JSON, or goes on beyond all bounds
   */
  void document() throws IOException {
    if (parser.nextToken() == null) {
      // a proxy, or a connection that was cut, looks like this: no rows would look otherwise
      throw new IOException(MessageCode.API_EMPTY_ANSWER.with().toString());
    }
    value();
    if (parser.nextToken() != null) {
      throw new BrokenAnswerException(
          MessageCode.API_NOT_JSON.with(MessageCode.JSON_TRAILING.with()));
    }
  }

  /** The value that begins at the current token; ends with its last token. */
  private void value() throws IOException {
    var token = parser.currentToken();
    if (token == JsonToken.START_ARRAY && path.equals(layout.list())) {
      found = true;
      listed = true;
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        row();
      }
    } else if (path.equals(layout.next()) && !path.isEmpty() && token.isStructStart()) {
      throw new BrokenAnswerException(
          MessageCode.API_NEXT_IS_NO_VALUE.with(String.join("/", path)));
    } else if (token == JsonToken.START_OBJECT) {
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        path.add(parser.currentName());
        parser.nextToken();
        value();
        path.remove(path.size() - 1);
      }
    } else if (token == JsonToken.START_ARRAY) {
      for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
        if (i == 0 && parser.currentToken() == JsonToken.START_OBJECT) {
          suggest();
        }
        path.add(String.valueOf(i));
        value();
        path.remove(path.size() - 1);
      }
    } else if (token == JsonToken.VALUE_NULL && path.equals(layout.list()) && !path.isEmpty()) {
      found = true; // some write null for an empty list, and some when they are in trouble
    } else if (path.equals(layout.next()) && token != JsonToken.VALUE_NULL) {
      if (parser.getTextLength() > LONGEST_CURSOR) {
        throw new BrokenAnswerException(
            MessageCode.API_NEXT_TOO_LONG.with(String.join("/", path), LONGEST_CURSOR));
      }
      cursor = token == JsonToken.VALUE_FALSE ? null : parser.getText();
    } else if (layout.moreFlag().standsAt(path)) {
      more = layout.moreFlag().read(token, parser.getText());
    }
  }

  private void suggest() {
    if (lists.size() < MOST_LISTS) {
      var pointer = new StringBuilder();
      path.forEach(step -> pointer.append('/').append(step.replace("~", "~0").replace("/", "~1")));
      if (pointer.length() <= LONGEST_CURSOR / MOST_LISTS) {
        lists.add(pointer.isEmpty() ? "/" : pointer.toString());
      }
    }
  }

  private void row() throws IOException {
    var line = new RowLine();
    try (var copy = ApiAnswers.FACTORY.createGenerator(line)) {
      int depth = 0;
      while (true) {
        var token = parser.currentToken();
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (token == JsonToken.FIELD_NAME && depth == 1) {
          if (names.add(parser.currentName())) {
            letters += parser.currentName().length();
            ReceiveLimit.names(names, letters);
          }
        } else if (depth == 1 && parser.currentName() != null && token.isScalarValue()) {
          checkpoint(token);
        }
        copy.copyCurrentEventExact(parser);
        if (depth == 0) {
          break;
        }
        parser.nextToken();
      }
    }
    if (line.isTooLong()) {
      tooLong.add(rows);
    }
    line.writeTo(out);
    rows++;
    received.rows(rowsBefore + rows);
  }

  private void checkpoint(JsonToken token) throws IOException {
    if (parser.currentName().equals(layout.checkpoint()) && token != JsonToken.VALUE_NULL) {
      greatest.add(token.isNumeric() ? parser.getDecimalValue() : parser.getText());
    }
  }
}
