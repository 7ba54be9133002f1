package dev.kintonesync.source.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.source.SourceBounds;
import dev.kintonesync.source.TemporaryFile;
import dev.kintonesync.source.json.JsonFault;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
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
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows of all pages of an API, a line of JSON each, in a temporary file that goes when this is
 * closed. A page counts when it is {@linkplain #keep kept}; what an answer left that broke off is
 * overwritten by the next one. So the memory stays constant, an API is not kept waiting by Kintone,
 * and nothing is used of answers that do not come to their end.
 */
final class ApiAnswers implements Closeable {
  /** Of what is read and copied. */
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  private final ApiQuery query;
  private final AnswerLayout layout;
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
   * @param listed whether there is a list of rows; false: null stands in its place
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
      boolean listed,
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
    this.layout = AnswerLayout.of(query);
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
      var scan = new AnswerScan(layout, greatest.none(), parser, out, received, rows);
      scan.document();
      out.flush();
      if (!scan.hasFound()) {
        throw new BrokenAnswerException(
            MessageCode.API_WITHOUT_LIST.with(
                query.pointer() == null ? "-" : query.pointer(), scan.lists()));
      }
      return scan.page(HexFormat.of().formatHex(digest.digest()), channel.position() - end);
    } catch (JsonProcessingException e) {
      if (content.hasEnded()) {
        throw new IOException(
            JsonFault.of(e).toString(), e); // more was needed than there is: cut off
      }
      throw new BrokenAnswerException(MessageCode.API_NOT_JSON.with(JsonFault.of(e)));
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
}
