package dev.kintonesync.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.console.web.PageActions.CorrectedRow;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.OpenReject;
import dev.kintonesync.journal.OwnerOnly;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.source.HeaderColumns;
import dev.kintonesync.sync.RejectRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes a rejects file of the rows that a person has corrected on the page: an object in each line,
 * which keeps every value as it was, whatever the format of the source. Rows that make one record
 * stand together.
 */
final class CorrectedRows {
  private static final ObjectMapper JSON = new ObjectMapper();

  private CorrectedRows() {}

  /**
   * A file of corrected rows.
   *
   * @param file where it is
   * @param ids the open rejects that stand in it
   * @param run the run that rejected the first of them
   * @param overtaken how many rows are left out, since they changed or were settled meanwhile
   */
  record Written(Path file, List<String> ids, String run, int overtaken) {

    UserMessage message() {
      return overtaken == 0
          ? MessageCode.CORRECTIONS_SENT.with(ids.size())
          : MessageCode.CORRECTIONS_PARTLY_SENT.with(ids.size(), overtaken);
    }
  }

  /**
   * Writes the file.
   *
   * @param folder where it is made
   * @throws UserErrorException when there is no row to correct
   */
  static Written write(Journal journal, Job job, List<CorrectedRow> rows, Path folder)
      throws IOException {
    if (rows.isEmpty()) {
      throw new UserErrorException(MessageCode.CORRECTIONS_NONE.with());
    }
    var ids = new ArrayList<String>();
    var lines = new ArrayList<String>();
    String run = null;
    for (CorrectedRow row : rows) {
      Optional<OpenReject> open =
          journal
              .openRejects()
              .find(job.name(), row.id())
              .filter(reject -> reject.version().equals(row.version()));
      if (open.isPresent()) {
        var record = lines(job, open.get(), row);
        refuseTheSameGroup(job.reading().groupBy(), lines, record);
        lines.addAll(record);
        ids.add(row.id());
        run = run == null ? open.get().run() : run;
      }
    }
    if (run == null) {
      throw new UserErrorException(MessageCode.CORRECTIONS_OVERTAKEN.with());
    }
    OwnerOnly.folders(folder);
    Path file = Files.write(Files.createTempFile(folder, "upload-", ".jsonl"), lines);
    return new Written(file, ids, run, rows.size() - ids.size());
  }

  /** The rows of a record, the first one of several with what holds for the whole record. */
  private static List<String> lines(Job job, OpenReject open, CorrectedRow row)
      throws JsonProcessingException {
    if (open.isPart(job.reading().groupBy())) {
      throw new UserErrorException(MessageCode.CORRECTIONS_OF_GROUPS.with());
    }
    if (!row.members().keySet().stream().allMatch(at -> at >= 0 && at < open.members().size())) {
      throw new UserErrorException(MessageCode.CORRECTIONS_UNREADABLE.with("members"));
    }
    var lines = new ArrayList<String>();
    for (int at = 0; at < open.rows().size(); at++) {
      var corrected =
          open.members().isEmpty() ? row.values() : row.members().getOrDefault(at, Map.of());
      lines.add(JSON.writeValueAsString(line(open, open.rows().get(at), corrected)));
    }
    return lines;
  }

  private static Map<String, @Nullable Object> line(
      OpenReject open, Map<String, @Nullable Object> values, Map<String, String> corrected) {
    var line = new LinkedHashMap<String, @Nullable Object>();
    line.put(HeaderColumns.REF, ref(open)); // first: by it one sees at once what the file is
    line.put(HeaderColumns.ERROR, "");
    line.putAll(values);
    for (var value : corrected.entrySet()) {
      if (!values.containsKey(value.getKey())) {
        throw new UserErrorException(MessageCode.CORRECTIONS_NO_SUCH_COLUMN.with(value.getKey()));
      }
      line.put(value.getKey(), value.getValue());
    }
    return line;
  }

  /**
   * Two records that stand one behind the other would become one if they had the same value in the
   * column that tells the rows of a record.
   */
  private static void refuseTheSameGroup(
      @Nullable String groupBy, List<String> before, List<String> lines)
      throws JsonProcessingException {
    if (groupBy == null || before.isEmpty()) {
      return;
    }
    String last = JSON.readTree(before.get(before.size() - 1)).path(groupBy).asText().strip();
    String next = JSON.readTree(lines.get(0)).path(groupBy).asText().strip();
    if (!last.isEmpty() && last.equals(next)) {
      throw new UserErrorException(MessageCode.CORRECTIONS_OF_ONE_GROUP.with(groupBy, next));
    }
  }

  /**
   * A row of a file is known by its run and number, so that its key may be corrected as well. A row
   * of another source is known by its key alone.
   */
  private static String ref(OpenReject open) {
    return open.row() > 0 ? new RejectRef(open.run(), open.row(), null).toString() : open.ref();
  }
}
