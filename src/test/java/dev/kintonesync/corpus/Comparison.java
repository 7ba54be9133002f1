package dev.kintonesync.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.source.file.SourceFile;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Reads one sample by our readers and by another library, and notes what is not alike. */
final class Comparison {

  /** How wide a row may be is the header's to say, and without one nobody's. */
  private static final Set<String> OF_WIDTH =
      Set.of(MessageCode.ROW_RAGGED.code(), MessageCode.ROW_BEYOND_HEADER.code());

  private final Path sample;
  private final String name;
  private final Map<String, Difference> differences = new LinkedHashMap<>();

  private interface Other<T> {
    T read() throws IOException;
  }

  Comparison(Path folder, Path sample) {
    this.sample = sample;
    this.name = folder.relativize(sample).toString().replace('\\', '/');
  }

  /** The differences of the sample. */
  Collection<Difference> differences() {
    if (name.matches("(?i).*\\.(xls|xlsx|xlsm)")) {
      Map<String, OtherRows> sheets = other(() -> OtherWorkbook.read(sample), Map.of());
      sheets.forEach(
          (sheet, rows) -> {
            compare(sheet, rows, SourceOptions.DEFAULT.withSheet(sheet).withHeader(0));
            underItsHeader(sheet, rows, SourceOptions.DEFAULT.withSheet(sheet));
          });
    } else if (name.matches("(?i).*\\.(csv|tsv)")) {
      delimited();
    } else {
      Map<String, OtherRows> lists = other(() -> OtherText.json(sample), Map.of());
      lists.forEach(
          (pointer, rows) ->
              compare(
                  pointer,
                  rows,
                  SourceOptions.DEFAULT.withPointer(pointer.isEmpty() ? null : pointer)));
      if (lists.isEmpty()) {
        compare("", new OtherRows(false), SourceOptions.DEFAULT);
      }
    }
    return differences.values();
  }

  private void delimited() {
    SourceOptions options = SourceOptions.DEFAULT.withHeader(0);
    try (SourceReader reader = SourceFile.open(sample, options)) {
      char delimiter = reader.format().delimiter();
      if (delimiter != (name.endsWith(".tsv") ? '\t' : ',')) {
        note("", "delimiter", String.valueOf(delimiter));
      }
      OtherRows rows = other(() -> OtherText.delimited(sample, reader.format()), null);
      if (rows != null) {
        compare("", rows, options);
        underItsHeader("", rows, SourceOptions.DEFAULT);
      }
    } catch (UserErrorException e) {
      note("", "refused", said(e));
    }
  }

  private <T> T other(Other<T> other, T nothing) {
    try {
      return other.read();
    } catch (IOException | RuntimeException e) {
      try (SourceReader reader = SourceFile.open(sample, SourceOptions.DEFAULT)) {
        note("", "other refuses", e.getClass().getSimpleName() + ", rows here: " + count(reader));
      } catch (UserErrorException refused) {
        said(refused);
      }
      return nothing;
    }
  }

  private static int count(SourceReader reader) {
    int count = 0;
    for (; reader.hasNext(); count++) {
      reader.next();
    }
    return count;
  }

  private static String said(UserErrorException e) {
    // A reader that stumbled says so, too; but it is a fault.
    assertThat(e.reason().text()).isNotEqualTo(MessageCode.FILE_NOT_UNDERSTOOD);
    return e.reason().code();
  }

  private void compare(String part, OtherRows other, SourceOptions options) {
    Map<Long, OtherRows.Row> left = new LinkedHashMap<>(other.rows());
    try (SourceReader reader = SourceFile.open(sample, options)) {
      for (long count = 1; reader.hasNext(); count++) {
        SourceRecord record = reader.next();
        long at = other.byLine() ? record.position().line() : count;
        compare(part, at, record, left.remove(at));
      }
      left.forEach((at, row) -> note(part, "row not read", at + ": " + row.cells()));
    } catch (UserErrorException e) {
      if (!other.rows().isEmpty()) {
        note(part, "refused", said(e));
      }
    }
  }

  private void compare(String part, long at, SourceRecord record, OtherRows.Row other) {
    boolean table = record.rows().get(0).size() > 1 || !isJson();
    List<?> ours = isJson() ? List.of(record.values()) : record.rows().get(0);
    ours = table ? OtherRows.trimmed(ours) : ours;
    if (other == null) {
      if (!ours.isEmpty()) {
        note(part, "row that the other does not read", at + ": " + ours);
      }
      return;
    }
    String problem = record.problem() == null ? "" : record.problem().code();
    if (other.faulty() != !problem.isEmpty() && !OF_WIDTH.contains(problem)) {
      note(part, "rejected " + problem, "row " + at);
    }
    if (isJson() && !problem.isEmpty()) {
      return;
    }
    for (int i = 0; i < Math.max(ours.size(), other.cells().size()); i++) {
      Object here = i < ours.size() ? ours.get(i) : "";
      Object there = i < other.cells().size() ? other.cells().get(i) : "";
      if (!alike(here, there)) {
        note(part, "value " + at + "/" + (i + 1), here + " | " + there);
      }
    }
  }

  private boolean isJson() {
    return name.matches("(?i).*\\.(json|jsonl|ndjson)");
  }

  /** What a person meets who says nothing about the file: a header in its first row. */
  private void underItsHeader(String part, OtherRows other, SourceOptions options) {
    Map<String, Integer> problems = new HashMap<>();
    int count = 0;
    try (SourceReader reader = SourceFile.open(sample, options)) {
      for (; reader.hasNext(); count++) {
        SourceRecord record = reader.next();
        if (record.problem() != null) {
          problems.merge(record.problem().code(), 1, Integer::sum);
        }
      }
      int rows = other.rows().size() - 1;
      if (count != rows) {
        note(part, "rows under the header", count + " | " + rows);
      }
      new TreeSet<>(problems.keySet())
          .forEach(code -> note(part, "under the header " + code, "rows: " + problems.get(code)));
    } catch (UserErrorException e) {
      if (!other.rows().isEmpty()) {
        note(part, "header refused", said(e));
      }
    }
  }

  private void note(String part, String kind, String first) {
    differences.merge(
        part + '\t' + kind,
        new Difference(name, part, kind.strip(), 1, first),
        (before, one) -> before.again());
  }

  private static boolean alike(Object here, Object there) {
    if (here instanceof Map<?, ?> mine && there instanceof Map<?, ?> theirs) {
      return mine.keySet().equals(theirs.keySet())
          && mine.keySet().stream().allMatch(key -> alike(mine.get(key), theirs.get(key)));
    }
    if (here instanceof List<?> mine && there instanceof List<?> theirs) {
      return mine.size() == theirs.size()
          && IntStream.range(0, mine.size()).allMatch(i -> alike(mine.get(i), theirs.get(i)));
    }
    if (Objects.equals(here, there)) {
      return true;
    }
    BigDecimal mine = number(here);
    BigDecimal theirs = number(there);
    return mine != null && theirs != null && mine.compareTo(theirs) == 0;
  }

  /** A number without what adorns it; null of what is none. */
  private static BigDecimal number(Object value) {
    if (value == null) {
      return null;
    }
    String digits = value.toString().replaceAll("[,%\\s\\p{Sc}]", "");
    String plain =
        digits.matches("\\(.*\\)") ? "-" + digits.substring(1, digits.length() - 1) : digits;
    try {
      return new BigDecimal(plain);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
