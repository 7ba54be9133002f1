package dev.kintonesync.camel.source;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.camel.kintone.RequestContext;
import dev.kintonesync.form.Field;
import dev.kintonesync.form.FieldType;
import dev.kintonesync.form.Form;
import dev.kintonesync.form.NumberPrecision;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Source;
import dev.kintonesync.source.Checkpoint;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.json.ObjectReader;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Another app of Kintone that is polled.
 *
 * <p>Kintone cuts the updated time off at the minute, and a record shows up when the request that
 * saved it is through, with the time at which that began. So a poll begins at the checkpoint less
 * the overlap, that minute included, and the checkpoint is the latest time there was when the poll
 * began: what is saved while it reads has that time or a later one.
 */
public final class AppPoll implements PollableSource {
  private static final Set<FieldType> TIMES =
      Set.of(FieldType.UPDATED_TIME, FieldType.CREATED_TIME);
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'");

  private final Job job;
  private final Source.KintoneApp source;
  private final AppSourceClient apps;
  private final Clock clock;
  private List<String> columns = List.of();

  public AppPoll(Job job, Source.KintoneApp source, AppSourceClient apps, Clock clock) {
    this.job = job;
    this.source = source;
    this.apps = apps;
    this.clock = clock;
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public List<@Nullable Object> question() {
    return Arrays.asList(source.name(), source.condition(), source.checkpoint());
  }

  @Override
  public boolean remembers() {
    return source.hasCheckpoint();
  }

  @Override
  public Opened open(@Nullable String since, RequestContext run) {
    var question = KintoneRequest.formFields(source.connection(), source.app());
    var form = Form.of(source.app(), apps.ask(question, run), NumberPrecision.KINTONE_DEFAULT);
    var found = AppColumns.of(form, job);
    columns = found.names();
    var remarks = new ArrayList<>(found.remarks());
    String checkpoint = source.checkpoint();
    if (checkpoint == null) {
      return new Opened(reader(condition(), run), null, remarks);
    }
    requireTime(form, checkpoint);
    var latest = latest(checkpoint, "", run);
    if (latest != null && latest.isInTheFuture(clock.instant(), ZoneOffset.UTC)) {
      remarks.add(MessageCode.CHECKPOINT_IN_THE_FUTURE.with(checkpoint, latest.value()));
      latest = latest(checkpoint, checkpoint + " <= " + quoted(clock.instant()) + " ", run);
    }
    if (latest != null) {
      source.overlap().before(latest, checkpoint); // refused now rather than by the second poll
    }
    var from = since == null ? null : source.overlap().before(Checkpoint.parse(since), checkpoint);
    String rows = from == null ? condition() : and(checkpoint + " >= " + quoted(from));
    return new Opened(reader(rows, run), latest == null ? since : latest.toString(), remarks);
  }

  private void requireTime(Form form, String checkpoint) {
    Field field = form.field(checkpoint);
    if (field == null || !TIMES.contains(field.type())) {
      throw new UserErrorException(
          MessageCode.SOURCE_APP_CHECKPOINT.with(
              checkpoint,
              source.app(),
              form.fields().stream()
                  .filter(other -> TIMES.contains(other.type()))
                  .map(Field::name)
                  .collect(Collectors.joining(", "))));
    }
  }

  /** The latest time that a record has now, of all that fulfil a condition; null when none does. */
  private @Nullable Checkpoint latest(String checkpoint, String condition, RequestContext run) {
    var question =
        KintoneRequest.getRecords(
            source.connection(),
            source.app(),
            condition + "order by " + checkpoint + " desc limit 1",
            List.of(checkpoint));
    JsonNode record = apps.ask(question, run).path("records").path(0);
    return record.isMissingNode()
        ? null
        : new Checkpoint(
            Checkpoint.Kind.MOMENT,
            OffsetDateTime.parse(record.path(checkpoint).path("value").asText()));
  }

  private String condition() {
    return source.condition() == null ? "" : "(" + source.condition() + ")";
  }

  private String and(String other) {
    return condition().isEmpty() ? other : condition() + " and " + other;
  }

  private SourceReader reader(String rows, RequestContext run) {
    return new ObjectReader(
        columns, new AppRows(source, columns, rows, question -> apps.ask(question, run)));
  }

  @Override
  public @Nullable SourceReader preview(RequestContext run) {
    return source.hasCheckpoint() ? null : reader(condition(), run);
  }

  private static String quoted(Checkpoint from) {
    return quoted(((OffsetDateTime) from.value()).toInstant());
  }

  private static String quoted(Instant moment) {
    return '"'
        + MINUTE.format(moment.truncatedTo(ChronoUnit.MINUTES).atOffset(ZoneOffset.UTC))
        + '"';
  }
}
