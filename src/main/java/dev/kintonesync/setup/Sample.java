package dev.kintonesync.setup;

import dev.kintonesync.form.Form;
import dev.kintonesync.form.Proposal;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.ExpectedContent;
import dev.kintonesync.source.SourceFileReader;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.source.file.SourceFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file as a job will get them: where its header stands, and how its columns may become fields.
 *
 * @param reading how the file is read
 * @param proposal how its columns may become fields
 */
public record Sample(SourceOptions reading, Proposal proposal) {
  /** A title and remarks above the header need no more rows. */
  private static final int HEADER_WITHIN = 10;

  /** So many rows tell what stands in a column. */
  private static final int ROWS = 1000;

  /** What one row as the header would make of the file. */
  private record Candidate(SourceOptions reading, Proposal proposal, int columns) {
    int named() {
      return proposal.map().size() - proposal.guessed().size() + proposal.readOnly().size();
    }
  }

  /**
   * Reads a sample.
   *
   * @param job how the job reads files
   * @throws UserErrorException if it is no file of rows
   */
  public static Sample of(Path file, SourceOptions job, Form form) {
    SourceOptions reading = job.withExpected(ExpectedContent.of(form));
    UserErrorException refusal = null;
    Candidate first = null;
    try {
      first = candidate(file, reading, form);
    } catch (UserErrorException e) {
      refusal = e;
    }
    Candidate best = first;
    boolean doubtful = first == null || first.named() == 0 || first.columns() == 1;
    for (int row = 2; doubtful && row <= HEADER_WITHIN; row++) {
      var other = below(file, reading.withHeader(row), form);
      if (other != null && isBetter(other, best)) {
        best = other;
      }
    }
    if (best == null) {
      throw Objects.requireNonNull(refusal);
    }
    String column = best.proposal().groupBy();
    return new Sample(
        column == null ? best.reading() : best.reading().withGroupBy(column), best.proposal());
  }

  private static @Nullable Candidate below(Path file, SourceOptions reading, Form form) {
    try {
      return candidate(file, reading, form);
    } catch (UserErrorException e) {
      return null; // this row is no header
    }
  }

  /**
   * More columns are called as fields. Where none is, a title alone in its row is no header: what
   * stands below it and has several columns is one.
   */
  private static boolean isBetter(Candidate other, @Nullable Candidate best) {
    int named = best == null ? 0 : best.named();
    return other.named() > named
        || (named == 0 && best != null && best.columns() == 1 && other.columns() > 1);
  }

  private static Candidate candidate(Path file, SourceOptions reading, Form form) {
    try (var reader = SourceFile.open(file, reading)) {
      var values = values(reader);
      var proposal = Proposal.of(form, values, reader.isGrouped());
      var read = reader.understanding();
      int header = read == null ? 0 : (int) read.header();
      boolean moved = header > reading.header() && reading.header() > 1;
      return new Candidate(moved ? reading.withHeader(header) : reading, proposal, values.size());
    }
  }

  private static Map<String, List<String>> values(SourceFileReader reader) {
    var values = new LinkedHashMap<String, List<String>>();
    reader.columns().forEach(column -> values.put(column, new ArrayList<>()));
    for (int rows = 0; rows < ROWS && reader.hasNext(); rows++) {
      SourceRecord row = reader.next();
      if (row.problem() == null) {
        values.forEach(
            (column, seen) -> seen.add(Objects.toString(row.values().get(column), "").strip()));
      }
    }
    return values;
  }
}
