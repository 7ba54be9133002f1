package dev.kintonesync.source.api;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.source.PolledRows;
import dev.kintonesync.source.SourceFormat;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.source.json.JsonValues;
import dev.kintonesync.source.text.CharWindow;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The rows of an API that were gathered, as source records. */
final class ApiReader extends PolledRows {
  private final ApiAnswers answers;
  private final Runnable release;
  private final BufferedReader lines;
  private long bytes;

  /**
   * A reader from the first row on.
   *
   * @param release what is to be done when it is closed; may be done twice
   */
  ApiReader(ApiAnswers answers, List<String> columns, Runnable release) {
    super(columns, SourceFormat.JSON);
    this.answers = answers;
    this.release = release;
    try {
      this.lines = Files.newBufferedReader(answers.file(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public long bytesRead() {
    return bytes;
  }

  @Override
  public long totalBytes() {
    return answers.size();
  }

  @Override
  public boolean hasNext() {
    return position().row() < answers.rows();
  }

  @Override
  public SourceRecord next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    var position = turn();
    long row = position.row();
    String text = line();
    if (answers.isTooLong(row - 1)) {
      var tooLong = MessageCode.ROW_TOO_LONG.with(row, CharWindow.LONGEST);
      return new SourceRecord(position, Map.of(), List.of(List.of(text)), tooLong);
    }
    var read = JsonValues.read(text, row, 1, StandardCharsets.UTF_8.name());
    return new SourceRecord(position, read.members(), List.of(List.of(text)), read.problem());
  }

  private String line() {
    try {
      @Nullable String line = lines.readLine();
      if (line == null) {
        throw new IOException("the temporary file was cut off");
      }
      bytes += line.length() + 1;
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    release.run();
  }
}
