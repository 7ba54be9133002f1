package dev.kintonesync.camel.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.source.file.FileRights;
import dev.kintonesync.source.file.OwnFolder;
import dev.kintonesync.source.file.SourceFile;
import dev.kintonesync.source.file.WaitingFiles;
import dev.kintonesync.sync.RejectRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The file {@code NAME.result.txt} in a watched folder: it says to whoever has dropped the file
 * {@code NAME} what became of it. It takes the place of an earlier one.
 */
final class ResultFile {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
  private static final int ROWS = 20;
  private static final String ENDING = ".result.txt";

  /** By it editors of Windows know the encoding. */
  private static final String MARK = "\uFEFF";

  private ResultFile() {}

  /**
   * Writes the file. Rows that were corrected on the page have none: they are answered there.
   *
   * @param file the file that was dropped, which may be gone by now
   * @param rights those of the file
   * @param bundle the language of people
   */
  static void write(Path file, FileRights rights, RunResult finished, MessageBundle bundle)
      throws IOException {
    String name = String.valueOf(file.getFileName());
    if (name.startsWith(WaitingFiles.CORRECTED)) {
      return;
    }
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a folder");
    String text =
        lines(name, folder, finished).stream()
            .map(bundle::say)
            .collect(Collectors.joining(System.lineSeparator(), MARK, System.lineSeparator()));
    try (var own = OwnFolder.in(folder, OwnFolder.DONE)) {
      String made = "." + UUID.randomUUID() + ".part";
      try {
        try (var out = own.create(made, rights)) {
          out.write(text.getBytes(UTF_8));
        }
        own.show(made, nameFor(name));
      } finally {
        Files.deleteIfExists(own.path(made));
      }
    }
  }

  /** A name that is never read as an input; that of a file without an ending would be. */
  private static String nameFor(String file) {
    String name = file + ENDING;
    return WaitingFiles.isInput(name) ? file + ".file" + ENDING : name;
  }

  private static List<UserMessage> lines(String name, Path folder, RunResult finished) {
    var report = finished.report();
    var lines = new ArrayList<UserMessage>();
    Instant ended = Objects.requireNonNullElse(report.finishedAt(), report.startedAt());
    lines.add(
        MessageCode.RESULT_HEAD.with(
            name, TIME.format(ended.atZone(ZoneId.systemDefault())), report.run()));
    lines.add(report.answer());
    if (finished.reason() != null) {
      lines.add(finished.reason());
    }
    lines.add(report.inWords());
    String rejects = report.rejectsFile();
    if (rejects != null) {
      Path shown = Path.of(rejects);
      lines.add(
          MessageCode.REJECTS_ARE_IN.with(
              shown.startsWith(folder) ? folder.relativize(shown) : shown));
      lines.addAll(rows(shown));
    }
    return lines;
  }

  /** The first rejected rows with their reasons, in the words of the rejects file. */
  private static List<UserMessage> rows(Path rejects) {
    var rows = new ArrayList<UserMessage>();
    try (var reader = SourceFile.open(rejects, SourceOptions.DEFAULT)) {
      while (reader.hasNext() && rows.size() < ROWS) {
        var row = reader.next();
        String reason = row.earlierError();
        if (reason != null && !reason.isEmpty()) {
          String ref = row.ref();
          rows.add(MessageCode.RESULT_ROW.with(ref == null ? 0 : RejectRef.rowOf(ref), reason));
        }
      }
    } catch (UserErrorException | UncheckedIOException e) {
      return List.of(); // a person has it open already
    }
    return rows;
  }
}
