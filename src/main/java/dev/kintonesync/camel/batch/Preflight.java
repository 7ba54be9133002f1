package dev.kintonesync.camel.batch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.camel.kintone.RequestContext;
import dev.kintonesync.form.Expressions;
import dev.kintonesync.form.Field;
import dev.kintonesync.form.FieldType;
import dev.kintonesync.form.Form;
import dev.kintonesync.form.FormChange;
import dev.kintonesync.form.FormerForm;
import dev.kintonesync.form.KeyCheck;
import dev.kintonesync.form.NumberPrecision;
import dev.kintonesync.journal.AppNames;
import dev.kintonesync.journal.Forms;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.ErrorCode;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.sync.SimilarKeys;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the route {@code read-app} asks before a run begins, and what follows from the answers. */
public final class Preflight {
  private static final Logger log = LoggerFactory.getLogger(Preflight.class);

  /** So many keys are enough to know how keys look. */
  private static final int SAMPLE = 500;

  /** After so long, the same refusal may tell of another change of the form. */
  private static final Duration FORM_HOLDS = Duration.ofMinutes(1);

  private static final String SIGNS = "kintoneFormSigns";

  private static final Pattern POSITION = Pattern.compile("\\[\\d+]");

  private final Clock clock;
  private final @Nullable Forms forms;
  private final @Nullable AppNames names;
  private final Expressions expressions;

  /**
   * Tells by the clock when to doubt a form again.
   *
   * @param forms the forms that jobs ran well with; null: nobody remembers
   * @param names where the names of apps are kept; null: nowhere
   * @param expressions the language of expressions in maps
   */
  public Preflight(
      Clock clock, @Nullable Forms forms, @Nullable AppNames names, Expressions expressions) {
    this.clock = clock;
    this.forms = forms;
    this.names = names;
    this.expressions = expressions;
  }

  /**
   * The form, the settings, and some records: a token without the right to view sees nothing, and
   * their keys show how the keys of the app look. The scope of a mirror is tried as well.
   */
  public List<KintoneRequest> questions(Exchange exchange) {
    var job = BatchContext.of(exchange).job();
    var questions = new ArrayList<KintoneRequest>();
    questions.add(KintoneRequest.formFields(job.connection(), job.app()));
    questions.add(
        KintoneRequest.getRecords(
            job.connection(),
            job.app(),
            "limit " + SAMPLE,
            List.of("$id", String.valueOf(job.updateKey()))));
    questions.add(KintoneRequest.appSettings(job.connection(), job.app()));
    String scope = job.rules().scope();
    if (scope != null) {
      questions.add(
          KintoneRequest.getRecords(
              job.connection(), job.app(), "(" + scope + ") limit 1", List.of("$id")));
    }
    return questions;
  }

  /**
   * Keeps what was learned with the run.
   *
   * @throws UserErrorException when the app, its key field or the caller's rights do not suit the
   *     job, or when Kintone does not answer
   */
  public void answered(Exchange exchange) {
    BatchContext run = BatchContext.of(exchange);
    var answers = AggregationStrategies.answers(exchange);
    var questions = questions(exchange);
    var form = needed(run, questions.get(0), answers.get(0));
    run.formFound(form.body().path("revision").asLong());
    String updateKey = run.job().updateKey();
    if (updateKey == null) {
      throw new UserErrorException(MessageCode.NO_UPDATE_KEY.with());
    }
    var records = needed(run, questions.get(1), answers.get(1));
    var precision =
        answers.get(2) instanceof Answer.Done settings
            ? NumberPrecision.of(settings.body())
            : defaultPrecision(run, answers.get(2));
    keepName(run.job(), answers.get(2));
    Form read = Form.of(run.job().app(), form.body(), precision);
    Field key = read.requireKey(updateKey);
    if (answers.size() > 3
        && answers.get(3) instanceof Answer.Refused refused
        && !ErrorCode.isBusy(refused.code())) {
      throw new UserErrorException(
          MessageCode.SCOPE_REFUSED.with(
              String.valueOf(run.job().rules().scope()), refused.words()));
    }
    var similar = new SimilarKeys();
    JsonNode sample = records.body().path("records");
    for (JsonNode record : sample) {
      String held = key.canonicalKey(record.path(updateKey).get("value"));
      if (held != null && key.type() == FieldType.SINGLE_LINE_TEXT) {
        similar.met(record.path(updateKey).path("value").asText());
      }
    }
    String appCode =
        key.type() == FieldType.RECORD_NUMBER && !sample.isEmpty()
            ? KeyCheck.appCode(sample.path(0).path(updateKey).path("value").asText())
            : null;
    var app =
        new AppSnapshot(
            read, key, precision, similar, appCode, sample.isEmpty(), Map.of(), former(run.job()));
    MappingFactory.check(run.job(), app, expressions);
    run.app(app);
  }

  /**
   * One record of each app that lookup fields copy from which the job refreshes, or all where
   * nothing is written and lookups are only tried: whether it can be read.
   */
  public List<KintoneRequest> sourceQuestions(Exchange exchange) {
    BatchContext run = BatchContext.of(exchange);
    var questions = new LinkedHashMap<String, KintoneRequest>();
    run.app()
        .form()
        .lookups()
        .filter(field -> !run.job().options().writes() || run.job().rules().refresh().covers(field))
        .map(Field::lookup)
        .filter(Objects::nonNull)
        .forEach(
            lookup ->
                questions.put(
                    lookup.app(),
                    KintoneRequest.getRecords(
                        run.job().connection(), lookup.app(), "limit 1", lookup.fieldsThere())));
    return List.copyOf(questions.values());
  }

  /**
   * Keeps what was learned of other apps with the run: whether one that cannot be read is needed is
   * known only when the source is.
   */
  public void sourcesAnswered(Exchange exchange) {
    var questions = sourceQuestions(exchange);
    if (questions.isEmpty()) {
      return;
    }
    BatchContext run = BatchContext.of(exchange);
    var answers = AggregationStrategies.answers(exchange);
    var unseen = new HashMap<String, UserMessage>();
    for (int i = 0; i < questions.size(); i++) {
      String app = questions.get(i).app();
      if (answers.get(i) instanceof Answer.Refused refused && !ErrorCode.isBusy(refused.code())) {
        unseen.put(app, refused.whyUnreadable(app, run.job().connection()));
      } else {
        needed(run, questions.get(i), answers.get(i));
      }
    }
    run.app(run.app().without(unseen));
  }

  /**
   * Whether the answers in the body look as if the form is not as it was when the run began: a
   * refusal that may come of it, records whose fields are others than those we asked for, or two
   * records of one key. The same sign counts once a minute, since most refusals are about the
   * values.
   */
  public boolean isFormInDoubt(Exchange exchange) {
    BatchContext run = BatchContext.of(exchange);
    var signs = new LinkedHashSet<String>();
    if (exchange.getMessage().getBody() instanceof Answer answer) {
      refusal(run, answer, signs);
    } else {
      for (var answer : AggregationStrategies.answers(exchange)) {
        refusal(run, answer, signs);
        if (answer instanceof Answer.Done done) {
          missing(run, done.body().path("records"), signs);
        }
      }
    }
    exchange.setProperty(SIGNS, signs);
    return run.doubtsForm(signs, clock.instant());
  }

  private static void refusal(BatchContext run, Answer answer, Set<String> signs) {
    if (answer instanceof Answer.Refused refused && ErrorCode.mayTellOfTheForm(refused.code())) {
      String key = run.app().key().code();
      refused.errors().keySet().stream()
          .map(place -> POSITION.matcher(place).replaceAll(""))
          // a key that is taken is a lost race
          .filter(place -> !place.contains("." + key + ".") && !place.contains("[" + key + "]"))
          .forEach(signs::add);
      if (refused.errors().isEmpty()) {
        signs.add(refused.code());
      }
    }
  }

  private static void missing(BatchContext run, JsonNode records, Set<String> signs) {
    var keys = new HashSet<JsonNode>();
    String key = run.app().key().code();
    for (JsonNode record : records) {
      if (!keys.add(record.path(key).path("value"))) {
        signs.add("two records of a key");
      }
    }
    if (records.path(0).size() == 1) {
      return; // a lookup of similar keys, which asks for nothing else
    }
    for (var field : run.writing().target().mapping().fields()) {
      String type = records.path(0).path(field.code()).path("type").asText();
      if (!records.isEmpty() && !type.equals(field.type().name())) {
        signs.add(field.code() + " is " + type);
      }
    }
  }

  /** Asks for the form as it is now. */
  public KintoneRequest formQuestion(Exchange exchange) {
    var job = BatchContext.of(exchange).job();
    return KintoneRequest.formFields(job.connection(), job.app());
  }

  /** The form was read again: the run goes on with it, or stops. */
  public void formAnswered(Exchange exchange) {
    BatchContext run = BatchContext.of(exchange);
    if (!(exchange.getMessage().getBody() instanceof Answer.Done done)) {
      return; // what stands in the way of this question is found out by the run's own requests
    }
    for (Object sign : exchange.getProperty(SIGNS, Set.class)) {
      run.formHolds(String.valueOf(sign), clock.instant().plus(FORM_HOLDS));
    }
    AppSnapshot before = run.app();
    var now = Form.of(run.job().app(), done.body(), before.precision());
    if (now.revision() == before.form().revision()) {
      return;
    }
    run.formFound(now.revision());
    var obstacle = FormChange.obstacle(run.writing().target().mapping(), now);
    if (obstacle != null) {
      run.unfit(obstacle);
      return;
    }
    try {
      run.app(
          new AppSnapshot(
              now,
              now.requireKey(before.key().code()),
              before.precision(),
              before.similar(),
              before.appCode(),
              before.empty(),
              before.unseen(),
              before.former()));
      run.writing().goOnWith(run.app());
      log.info("{}: the form of app {} has changed; going on with it", run.name(), now.app());
    } catch (UserErrorException e) {
      run.unfit(MessageCode.KEY_UNFIT_MEANWHILE.with(e.reason()));
    }
  }

  /** The settings say what the app is called; where they cannot be read, people see its number. */
  private void keepName(Job job, Answer settings) {
    if (names != null && settings instanceof Answer.Done done) {
      String name = done.body().path("name").asText();
      if (!name.isBlank()) {
        names.keep(String.valueOf(job.connection().baseUrl()), job.app(), name);
      }
    }
  }

  private @Nullable FormerForm former(Job job) {
    if (forms == null) {
      return null;
    }
    var form = forms.of(job.name(), String.valueOf(job.connection().baseUrl()), job.app());
    return form == null ? null : FormerForm.read(job.name(), form.revision(), form.fields());
  }

  private static NumberPrecision defaultPrecision(BatchContext run, Answer answer) {
    log.warn(
        "{}: the settings of app {} cannot be read ({}); taking Kintone's defaults for numbers",
        run.job().name(),
        run.job().app(),
        answer.words());
    return NumberPrecision.KINTONE_DEFAULT;
  }

  /** What cannot be done without; says in words why it was not to be had. */
  public static Answer.Done needed(RequestContext run, KintoneRequest request, Answer answer) {
    if (answer instanceof Answer.Done done) {
      return done;
    }
    if (answer instanceof Answer.Refused refused && !ErrorCode.isBusy(refused.code())) {
      throw new UserErrorException(refused.whyUnreadable(run.job().app(), request));
    }
    var reason = answer.whyAway(run.job().connection().baseUrl());
    run.stop(reason);
    throw new UserErrorException(reason);
  }
}
