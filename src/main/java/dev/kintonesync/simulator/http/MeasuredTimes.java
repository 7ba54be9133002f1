package dev.kintonesync.simulator.http;

import dev.kintonesync.simulator.state.AppForm;
import dev.kintonesync.simulator.state.FieldType;
import dev.kintonesync.simulator.state.FormField;
import java.util.List;
import java.util.stream.Stream;

/**
 * How long calls took on a real Kintone, in milliseconds. One developer measured one domain in
 * August 2026; the constants are chosen so that these figures of theirs come out:
 *
 * <ul>
 *   <li>100 records written: 0.62 s in an app of 3 fields, 2.5 to 2.7 s in one of 20 fields and
 *       more with lookups
 *   <li>one bulkRequest of 20 times 100 records: 96 % of the time of its parts one by one
 *   <li>100 records deleted: 1/5.6 of the time of writing them
 *   <li>500 records read: 0.3 to 0.4 s; 50 looked up by a unique field: 15 ms
 * </ul>
 *
 * <p>What was varied was the app, so a write takes its time by the fields of the form and not by
 * those that are sent.
 */
final class MeasuredTimes {
  private static final double WRITE_REQUEST = 115;
  private static final double RECORD_WRITTEN = 1.75;
  private static final double FIELD_WRITTEN = 1.1;
  private static final double LOOKUP_FOLLOWED = 0.3;
  private static final double FASTER_DELETE = 5.6;
  private static final double MOST_RECORDS = 100;
  private static final double READ_REQUEST = 10;
  private static final double RECORD_READ = 0.07;
  private static final double FIELD_READ = 0.03;

  private MeasuredTimes() {}

  /** A request that writes, without its records; a bulkRequest is one. */
  static double writeRequest() {
    return WRITE_REQUEST;
  }

  /** One record added or updated in an app of this form. */
  static double recordWritten(AppForm form) {
    List<FormField> written =
        form.fields().stream()
            .flatMap(field -> Stream.concat(Stream.of(field), field.inner().values().stream()))
            .filter(field -> field.type().isInput() || field.type() == FieldType.CALC)
            .toList();
    long lookups = written.stream().filter(field -> field.lookup() != null).count();
    return RECORD_WRITTEN + FIELD_WRITTEN * written.size() + LOOKUP_FOLLOWED * lookups;
  }

  /** One record deleted, such that a request of a hundred takes its measured share. */
  static double recordDeleted(AppForm form) {
    double request = WRITE_REQUEST / MOST_RECORDS;
    return Math.max(0, (recordWritten(form) + request) / FASTER_DELETE - request);
  }

  /** A request that reads. */
  static double read(Answered answered) {
    return READ_REQUEST + RECORD_READ * answered.records() + FIELD_READ * answered.fields();
  }
}
