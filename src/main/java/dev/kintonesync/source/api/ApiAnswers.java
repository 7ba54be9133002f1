package dev.kintonesync.source.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.Shown;
import dev.kintonesync.source.SourceBounds;
import dev.kintonesync.source.TemporaryFile;
import dev.kintonesync.source.text.CharWindow;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows of all pages of an API, a line of JSON each, in a temporary file that goes when this is
 * closed. A page counts when it is {@linkplain #keep kept}; what an answer left that broke off is
 * overwritten by the next one. So the memory stays constant, an API is not kept waiting by Kintone,
 * and nothing is used of answers that do not come to their end.
 */
final class ApiAnswers implements Closeable {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  private static final int MOST_LISTS = 10;
  private static final int LONGEST_CURSOR = 8192;

  private final ApiQuery query;
  private final List<String> list;
  private final @Nullable List<String> next;
  private final MoreFlag moreFlag;
  private final Path file;
  private final FileChannel channel;
  private final Set<String> names = new LinkedHashSet<>();
  private final Set<Long> tooLong = new HashSet<>();
  private final MaxValue greatest;
  private final ReceiveLimit received;
  private long end;
  private long rows;

  /**
   * One answer as it was read.
   *
   * @param rows how many rows it has
   * @param names the members of its rows
   * @param tooLong which of its rows, from 0, are longer than a row may be
   * @param greatest the greatest value of the checkpoint member
   * @param cursor what stands at the pointer to the next page; null for nothing
   * @param more whether it says that there is another page; null: it says nothing
   * @param mark tells its rows from those of another page
   * @param bytes how long the rows are in the file
   */
  record Page(
      long rows,
      Set<String> names,
      Set<Long> tooLong,
      MaxValue greatest,
      @Nullable String cursor,
      @Nullable Boolean more,
      String mark,
      long bytes) {}

  private ApiAnswers(ApiQuery query, MaxValue greatest, SourceBounds bounds, Path file)
      throws IOException {
    this.query = query;
    this.greatest = greatest;
    this.list = steps(query.pointer());
    this.next = query.paging().next() == null ? null : steps(query.paging().next());
    this.moreFlag = new MoreFlag(query.paging().more(), list, next);
    this.file = file;
    this.received = new ReceiveLimit(bounds, FreeSpace.beside(file));
    this.channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
  }

  /**
   * No answer yet.
   *
   * @param greatest where the greatest value of the checkpoint member is kept
   * @param bounds how much may come
   */
  static ApiAnswers none(ApiQuery query, MaxValue greatest, SourceBounds bounds) {
    try {
      return new ApiAnswers(query, greatest, bounds, TemporaryFile.create());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

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

  /**
   * Reads an answer, in the place of one that was not kept.
   *
   * @param charset as the answer names it; null: one of Unicode's, found out
   * @throws IOException when it breaks off; another attempt may go well
   * @throws BrokenAnswerException when it is no JSON, has no list of rows, or goes on beyond all
   *     bounds
   */
  Page read(InputStream body, @Nullable Charset charset) throws IOException {
    channel.truncate(end).position(end);
    var digest = sha256();
    var content = received.body(body);
    try (var out =
            new BufferedOutputStream(
                new DigestOutputStream(uncloseable(Channels.newOutputStream(channel)), digest));
        var parser =
            charset == null
                ? FACTORY.createParser(content)
                : FACTORY.createParser(new InputStreamReader(content, charset.newDecoder()))) {
      var reading = new Reading(parser, out);
      reading.document();
      out.flush();
      if (!reading.found) {
        throw new BrokenAnswerException(
            MessageCode.API_WITHOUT_LIST.with(
                query.pointer() == null ? "-" : query.pointer(), reading.lists()));
      }
      return new Page(
          reading.rows,
          reading.names,
          reading.tooLong,
          reading.greatest,
          reading.cursor,
          reading.more,
          HexFormat.of().formatHex(digest.digest()),
          channel.position() - end);
    } catch (JsonProcessingException e) {
      if (content.hasEnded()) {
        throw new IOException(e.getOriginalMessage(), e); // more was needed than there is: cut off
      }
      throw new BrokenAnswerException(MessageCode.API_NOT_JSON.with(e.getOriginalMessage()));
    } catch (CharacterCodingException e) {
      throw new BrokenAnswerException(MessageCode.API_NOT_IN_CHARSET.with(String.valueOf(charset)));
    }
  }

  /** The page that was read last belongs to the rows. */
  void keep(Page page) {
    page.tooLong().forEach(row -> tooLong.add(rows + row));
    names.addAll(page.names());
    greatest.add(page.greatest());
    rows += page.rows();
    end += page.bytes();
    received.keep();
    ReceiveLimit.names(names, names.stream().mapToLong(String::length).sum());
  }

  long rows() {
    return rows;
  }

  /** The names of all members of all rows, in the order in which they first came. */
  Set<String> names() {
    return names;
  }

  /** Whether a row, from 0, was longer than a row may be; an empty object stands for it. */
  boolean isTooLong(long row) {
    return tooLong.contains(row);
  }

  Path file() {
    return file;
  }

  /** How long the file is. */
  long size() {
    return end;
  }

  @Override
  public void close() {
    try (channel) {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A short text that tells another one, however long, from all others. */
  static String mark(String text) {
    return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  private static OutputStream uncloseable(OutputStream out) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        out.write(b);
      }

      @Override
      public void write(byte[] bytes, int from, int count) throws IOException {
        out.write(bytes, from, count);
      }
    };
  }

  /** One pass over the tokens of an answer. */
  private final class Reading {
    private final JsonParser parser;
    private final OutputStream out;
    private final List<String> path = new ArrayList<>();
    private final List<String> lists = new ArrayList<>();
    private final Set<String> names = new LinkedHashSet<>();
    private final Set<Long> tooLong = new HashSet<>();
    private final MaxValue greatest = ApiAnswers.this.greatest.none();
    private boolean found;
    private long rows;
    private long letters;
    private @Nullable String cursor;
    private @Nullable Boolean more;

    private Reading(JsonParser parser, OutputStream out) {
      this.parser = parser;
      this.out = out;
    }

    private String lists() {
      return lists.isEmpty() ? "-" : Shown.names(lists);
    }

    private void document() throws IOException {
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
      if (token == JsonToken.START_ARRAY && path.equals(list)) {
        found = true;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          row();
        }
      } else if (path.equals(next) && !path.isEmpty() && token.isStructStart()) {
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
      } else if (token == JsonToken.VALUE_NULL && path.equals(list) && !path.isEmpty()) {
        found = true; // some write null for an empty list
      } else if (path.equals(next) && token != JsonToken.VALUE_NULL) {
        if (parser.getTextLength() > LONGEST_CURSOR) {
          throw new BrokenAnswerException(
              MessageCode.API_NEXT_TOO_LONG.with(String.join("/", path), LONGEST_CURSOR));
        }
        cursor = token == JsonToken.VALUE_FALSE ? null : parser.getText();
      } else if (moreFlag.standsAt(path)) {
        more = moreFlag.read(token, parser.getText());
      }
    }

    private void suggest() {
      if (lists.size() < MOST_LISTS) {
        var pointer = new StringBuilder();
        path.forEach(
            step -> pointer.append('/').append(step.replace("~", "~0").replace("/", "~1")));
        if (pointer.length() <= LONGEST_CURSOR / MOST_LISTS) {
          lists.add(pointer.isEmpty() ? "/" : pointer.toString());
        }
      }
    }

    private void row() throws IOException {
      var line = new Line();
      try (var copy = FACTORY.createGenerator(line)) {
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
      received.rows(ApiAnswers.this.rows + rows);
    }

    private void checkpoint(JsonToken token) throws IOException {
      if (parser.currentName().equals(query.checkpoint()) && token != JsonToken.VALUE_NULL) {
        greatest.add(token.isNumeric() ? parser.getDecimalValue() : parser.getText());
      }
    }
  }

  /** The text of one row; of a row that is too long only that it is. */
  private static final class Line extends Writer {
    private final StringBuilder text = new StringBuilder();
    private boolean tooLong;

    @Override
    public void write(char[] chars, int from, int count) {
      tooLong = tooLong || text.length() + count > CharWindow.LONGEST;
      if (!tooLong) {
        text.append(chars, from, count);
      }
    }

    private boolean isTooLong() {
      return tooLong;
    }

    private void writeTo(OutputStream out) throws IOException {
      String line = tooLong ? "{}" : text.toString();
      out.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void flush() {
      // all is in memory
    }

    @Override
    public void close() {
      // there is nothing to release
    }
  }
}
