package dev.kintonesync.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why the rows of a run were rejected, in the run's folder as messages, a JSON object for each row,
 * so that each reader sees them in their own language. The rejects file has the words of the run.
 */
public final class RejectReasons implements Closeable {
  private static final String NAME = "reasons.jsonl";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private @Nullable BufferedWriter lines;

  /** The reasons of a run; the file is made when the first one is added. */
  public RejectReasons(RunFolder folder) {
    this.file = folder.file(NAME);
  }

  /**
   * Adds the reason of a row.
   *
   * @param row where it stands in its source, counted from 1
   * @throws UserErrorException if it cannot be written
   */
  public synchronized void add(long row, UserMessage reason) {
    try {
      BufferedWriter begun = lines;
      if (begun == null) {
        begun =
            new BufferedWriter(
                new OutputStreamWriter(OwnerOnly.append(file), StandardCharsets.UTF_8));
        lines = begun;
      }
      begun.write("{\"row\":" + row + ",\"reason\":" + MessageJson.write(reason) + "}\n");
    } catch (IOException e) {
      throw UserErrorException.unwritable(file, e);
    }
  }

  /**
   * The reasons of some rows; none of a run that kept none, or of a row that is being written.
   *
   * @param folder of the run
   * @throws UncheckedIOException if they cannot be read
   */
  public static Map<Long, UserMessage> of(Path folder, Set<Long> rows) {
    var reasons = new HashMap<Long, UserMessage>();
    Path file = folder.resolve(NAME);
    if (rows.isEmpty() || !Files.exists(file)) {
      return reasons;
    }
    try (var lines = Files.lines(file)) {
      var all = lines.iterator();
      while (reasons.size() < rows.size() && all.hasNext()) {
        read(all.next(), rows, reasons);
      }
      return reasons;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void read(String line, Set<Long> rows, Map<Long, UserMessage> reasons) {
    try {
      var node = JSON.readTree(line);
      long row = node.path("row").asLong();
      if (rows.contains(row)) {
        reasons.put(row, MessageJson.read(node.path("reason").toString()));
      }
    } catch (JsonProcessingException | IllegalArgumentException e) {
      // half written, or of a newer program: the rejects file has its words
    }
  }

  /**
   * Returns when everything added is in the file. Closing twice does nothing.
   *
   * @throws UserErrorException if it cannot be written
   */
  @Override
  public synchronized void close() {
    try (var written = lines) {
      lines = null;
    } catch (IOException e) {
      throw UserErrorException.unwritable(file, e);
    }
  }
}
