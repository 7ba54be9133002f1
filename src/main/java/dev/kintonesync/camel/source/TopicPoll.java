package dev.kintonesync.camel.source;

import dev.kintonesync.camel.kintone.RequestContext;
import dev.kintonesync.form.Field;
import dev.kintonesync.form.FieldMap;
import dev.kintonesync.form.FieldType;
import dev.kintonesync.form.Form;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Source;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.kafka.Membership;
import dev.kintonesync.source.kafka.RowColumns;
import dev.kintonesync.source.kafka.RowColumns.Others;
import dev.kintonesync.source.kafka.TopicConsumer;
import dev.kintonesync.source.kafka.TopicReader;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A topic of Kafka: a run of a job that follows it takes the messages that come while it lasts; any
 * other run those that are there when it begins. How far was read is known to the consumer group.
 */
public final class TopicPoll implements PollableSource {
  private final Job job;
  private final Source.Topic source;
  private final Topics topics;
  private final Apis apis;
  private final boolean takesAll;

  /**
   * A poll of a topic.
   *
   * @param takesAll whether members that go to no field are columns as well, for a person who looks
   *     for what there is
   */
  public TopicPoll(Job job, Source.Topic source, Topics topics, Apis apis, boolean takesAll) {
    this.job = job;
    this.source = source;
    this.topics = topics;
    this.apis = apis;
    this.takesAll = takesAll;
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public List<@Nullable Object> question() {
    return List.of(source.name(), source.query().group());
  }

  @Override
  public boolean remembers() {
    return false;
  }

  @Override
  public boolean isBounded() {
    return false;
  }

  @Override
  public Opened open(@Nullable String since, RequestContext run) {
    var columns = columns(Objects.requireNonNull(run.form(), "the app is read first"));
    boolean settles = job.options().writes() && !job.options().isPartial();
    var lasting = settles ? topics.consumer(job.name()) : null;
    boolean follows = lasting != null && topics.follows(job.name());
    var consumer =
        lasting != null
            ? lasting
            : new TopicConsumer(source.query(), settles ? Membership.BRIEF : Membership.NONE);
    try {
      var reader =
          new TopicReader(
              consumer,
              source.query(),
              columns,
              !follows,
              lasting == null,
              run::isStopped,
              run::abandon,
              job.name(),
              schemas(run));
      run.onlyWhile(reader::isOurs, MessageCode.TOPIC_MAY_BE_LOST.with(source.query().topic()));
      return new Opened(reader, null, remarks());
    } catch (RuntimeException e) {
      if (lasting == null) {
        consumer.close();
      } else {
        topics.startAgain(job.name());
      }
      throw e;
    }
  }

  private TopicReader.@Nullable Schemas schemas(RequestContext run) {
    var registry = source.registry();
    return registry == null
        ? null
        : new TopicReader.Schemas(topics.registry(registry.url()), apis.schemas(registry, run));
  }

  private List<UserMessage> remarks() {
    var registry = source.registry();
    return registry != null && ApiPoll.isInTheOpen(registry.url(), registry.access())
        ? List.of(MessageCode.REGISTRY_SECRET_IN_CLEAR.with())
        : List.of();
  }

  @Override
  public @Nullable SourceReader preview(RequestContext run) {
    return null;
  }

  /** The columns that the map names; without one, those of the fields that can be written. */
  private RowColumns columns(Form form) {
    var flag = job.rules().deleteWhen();
    var names = new LinkedHashSet<String>();
    Map<String, String> renamed = new HashMap<>();
    String key = Objects.requireNonNull(job.updateKey(), "a topic has an update key");
    List<String> keys = List.of(key);
    if (job.map().isByName()) {
      form.fields().stream()
          .filter(field -> field.code().equals(key) || takesValues(field))
          .forEach(field -> names.add(field.code()));
      names.add(key);
      for (String code : names) {
        Field field = form.field(code);
        String label = field == null ? code : field.label();
        if (form.field(label) == null && form.byLabel(label).size() == 1) {
          renamed.put(label, code);
        }
      }
    } else {
      for (var assignment : job.map().assignments()) {
        names.addAll(assignment.columns());
        if (assignment.field().equals(key) && !assignment.columns().isEmpty()) {
          keys = assignment.columns();
        }
      }
    }
    if (flag != null) {
      names.add(flag.column());
    }
    String revision = job.map().revisionColumn();
    if (revision != null) {
      names.add(revision);
    }
    return new RowColumns(Set.copyOf(names), renamed, keys, others(job.map()));
  }

  private static boolean takesValues(Field field) {
    return field.type().input() && !field.calculated() && field.type() != FieldType.FILE;
  }

  private Others others(FieldMap map) {
    if (takesAll) {
      return Others.TAKEN;
    }
    boolean refused =
        map.unknown() == null ? map.isByName() : map.unknown() == FieldMap.Unknown.ERROR;
    return refused ? Others.REFUSED : Others.IGNORED;
  }
}
