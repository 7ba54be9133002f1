package dev.kintonesync.journal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.Reconciliation;
import dev.kintonesync.sync.Report;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reports as JSON: fields in the order of {@link Report}, counts at the top level, times as
 * ISO-8601 in UTC. A report whose counts do not add up is never written.
 */
public final class ReportJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          // a report of a newer program has fields that this one does not know
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .addModule(
              new SimpleModule()
                  .addSerializer(Instant.class, new InstantWriter())
                  .addDeserializer(Instant.class, new InstantReader()))
          .build();

  private ReportJson() {}

  /** Writes a report as one line of JSON. */
  public static String line(Report report) {
    return written(report, false);
  }

  /** For people: indented, with a line break at the end. */
  public static String pretty(Report report) {
    return written(report, true) + "\n";
  }

  /** Converts a report to nested maps and lists of Java's own types. */
  public static Map<String, Object> map(Report report) {
    return MAPPER.convertValue(report, new TypeReference<LinkedHashMap<String, Object>>() {});
  }

  static Report read(String json) throws JsonProcessingException {
    return MAPPER.readValue(json, Report.class);
  }

  /** Writes what a comparison found as one line of JSON. */
  static String line(Reconciliation found) throws JsonProcessingException {
    return MAPPER.writeValueAsString(found);
  }

  static Reconciliation reconciliation(String json) throws JsonProcessingException {
    return MAPPER.readValue(json, Reconciliation.class);
  }

  /**
   * @throws IllegalStateException when read is not the sum of the outcomes: a record was lost from
   *     sight, which is our error and nobody's to mend but ours
   */
  static void mustAddUp(String run, Counts counts) {
    if (!counts.addUp()) {
      throw new IllegalStateException("The counts of run " + run + " do not add up: " + counts);
    }
  }

  /** Learns what a report is made of, which takes a moment the first time. */
  public static void prepare() {
    line(Report.refused("", "", Instant.EPOCH, ""));
  }

  private static String written(Report report, boolean pretty) {
    mustAddUp(report.run(), report.counts());
    try {
      return (pretty ? MAPPER.writerWithDefaultPrettyPrinter() : MAPPER.writer())
          .writeValueAsString(report);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The report of run " + report.run() + " is no JSON", e);
    }
  }

  private static final class InstantWriter extends StdScalarSerializer<Instant> {
    private static final long serialVersionUID = 1L;

    InstantWriter() {
      super(Instant.class);
    }

    @Override
    public void serialize(Instant instant, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString(instant.toString());
    }
  }

  private static final class InstantReader extends StdScalarDeserializer<Instant> {
    private static final long serialVersionUID = 1L;

    InstantReader() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser json, DeserializationContext context) throws IOException {
      try {
        return Instant.parse(json.getText());
      } catch (DateTimeParseException e) {
        return (Instant)
            context.handleWeirdStringValue(
                Instant.class, json.getText(), "not a time such as 2026-11-22T02:31:14Z");
      }
    }
  }
}
