package dev.kintonesync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kintonesync.form.Attachments;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A batch and Kintone, turn by turn, as the route {@code sync-batch} lets them talk. Everything is
 * written as a person would say it: {@code "insert, existing = reject"} are rules in the words of
 * properties, {@code "K1 name=A"} is a row of the source, {@code "PUT #1 r3 name=A"} a request that
 * changes one field of record 1 at revision 3, {@code "K1 rejected name: too long"} an outcome.
 */
final class Talk {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final int MOST_TURNS = 2_000;

  private final Given given;
  private final PlayedKintone kintone;
  private final Map<String, UserMessage> objections = new LinkedHashMap<>();
  private final Map<String, String> contents = new LinkedHashMap<>();
  private final Map<String, String> elsewhere = new LinkedHashMap<>();
  private final List<Object> events = new ArrayList<>(); // requests are written out when shown

  private @Nullable Plan plan;

  private int turns;
  private Turn turn = Turn.NONE;
  private List<KintoneRequest> asked = List.of();

  /** What a plan is at. */
  enum Turn {
    NONE,
    LOOK_UP,
    DOWNLOAD,
    SOURCES,
    HOOK,
    UPLOAD,
    WRITE
  }

  private Talk(Given given) {
    this.given = given;
    this.kintone = new PlayedKintone(given.form(), given.key());
  }

  /** A batch of these rows, by these rules. */
  static Talk of(String rules, String... source) {
    return new Talk(new Given(rules, List.of(source)));
  }

  Talk guardedBy(Guards guards) {
    given.guards = guards;
    return this;
  }

  Talk mayIsolateWith(Isolation.Budget budget) {
    given.budget = budget;
    return this;
  }

  /** Paths in {@code docs} mean files below this folder. */
  Talk withFiles(Path folder, Attachments.Policy policy, FileHashes hashes) {
    given.attachments = new Attachments(folder, policy);
    given.hashes = hashes;
    return this;
  }

  Talk remembering(RichTexts richTexts) {
    given.richTexts = richTexts;
    return this;
  }

  /** What Kintone gives when this file is downloaded. */
  Talk hasFile(String fileKey, String content) {
    contents.put(fileKey, content);
    return this;
  }

  /** The app that lookup fields look into holds this. */
  Talk hasElsewhere(String key, String name) {
    elsewhere.put(key, name);
    return this;
  }

  /** Somebody objects to the write of a key when asked. */
  Talk objectsTo(String key) {
    objections.put(key, MessageCode.KINTONE_SAYS.with("no"));
    return this;
  }

  /** From now on Kintone holds these, whoever wrote them. */
  Talk holds(String... records) {
    kintone.holds(records);
    return this;
  }

  Talk loses(String key) {
    kintone.loses(key);
    return this;
  }

  PlayedKintone kintone() {
    return kintone;
  }

  /** All that is left is played as Kintone's state has it; at most so many turns. */
  Talk playsOn(int turns) {
    int left = turns;
    while (plan().isOpen()) {
      assertThat(left--).as("turns left: %s", this).isPositive();
      take();
      hears();
    }
    return this;
  }

  /**
   * The next write is this, one string for each request; what is to be asked before is answered.
   */
  Talk sends(String... requests) {
    assertThat(Notation.written(nextWrites())).as("%s", this).containsExactly(requests);
    return this;
  }

  /** The write requests of the next turn. */
  List<KintoneRequest> nextWrites() {
    while (plan().isOpen() && take() != Turn.WRITE) {
      hears();
    }
    assertThat(turn).as("nothing is written: %s", this).isEqualTo(Turn.WRITE);
    return asked;
  }

  /** The next turn is this: a key lookup, a download, an upload. */
  Talk asks(String... requests) {
    while (take() == Turn.HOOK) {
      hears();
    }
    assertThat(Notation.written(asked)).as("%s", this).containsExactly(requests);
    return this;
  }

  /** Kintone answers by what it holds. */
  Talk hears() {
    return answered(
        switch (turn) {
          case NONE, HOOK -> List.of();
          case LOOK_UP -> asked.stream().map(kintone::found).toList();
          case DOWNLOAD -> asked.stream().map(this::download).toList();
          case SOURCES -> asked.stream().map(this::foundElsewhere).toList();
          case UPLOAD -> asked.stream().map(this::upload).toList();
          case WRITE -> List.of(kintone.write(asked));
        });
  }

  /** Kintone answers this, in the notation of {@link PlayedKintone#answer}. */
  Talk hears(String answer) {
    events.add(answer);
    var all = asked.stream().map(any -> Notation.answer(answer)).toList();
    return answered(turn == Turn.WRITE ? all.subList(0, 1) : all);
  }

  /** Kintone gives these answers to the requests of the turn, one to each. */
  Talk hearsEach(String... answers) {
    var all = new ArrayList<Answer>();
    for (int i = 0; i < answers.length; i++) {
      all.add(
          answers[i].equals("done") ? kintone.found(asked.get(i)) : Notation.answer(answers[i]));
    }
    return answered(all);
  }

  /** Kintone does it, and the answer is lost. */
  Talk hearsNothingOfIt() {
    assertThat(kintone.write(asked)).isInstanceOf(Answer.Done.class);
    return hears("lost");
  }

  Talk hears(Answer answer) {
    return answered(List.of(answer));
  }

  private Talk answered(List<Answer> answers) {
    var at = turn;
    turn = Turn.NONE;
    switch (at) {
      case NONE -> throw new AssertionError("nothing was asked");
      case LOOK_UP -> plan().found(answers);
      case DOWNLOAD -> plan().read(answers);
      case SOURCES -> plan().foundSources(answers);
      case HOOK -> plan().asked(objections);
      case UPLOAD -> plan().uploaded(answers);
      case WRITE -> plan().settle(answers.get(0));
    }
    return this;
  }

  /** The next turn, as the route takes it. */
  Turn take() {
    assertThat(plan().isOpen()).as("nothing is open: %s", this).isTrue();
    assertThat(turns++).as("turns").isLessThan(MOST_TURNS);
    switch (plan().getStep()) {
      case LOOK_UP -> {
        asked = plan().lookUps();
        turn = Turn.LOOK_UP;
      }
      case READ_FILES -> {
        asked = plan().downloads();
        turn = Turn.DOWNLOAD;
      }
      case LOOK_UP_SOURCES -> {
        asked = plan().sourceLookUps();
        turn = Turn.SOURCES;
      }
      case ASK -> {
        asked = List.of();
        plan().intents().forEach(intent -> events.add(intent.verb() + " " + intent.key() + "?"));
        turn = Turn.HOOK;
      }
      case UPLOAD -> {
        asked = plan().uploads().stream().map(Upload::request).toList();
        turn = Turn.UPLOAD;
      }
      case WRITE -> {
        asked = plan().next().stream().map(Talk::request).toList();
        turn = Turn.WRITE;
      }
      case NONE -> throw new AssertionError("nothing is open");
    }
    events.add(asked);
    return turn;
  }

  List<KintoneRequest> asked() {
    return asked;
  }

  /** Everything that was asked and answered. */
  @SuppressWarnings("unchecked")
  List<String> events() {
    return events.stream()
        .map(
            event ->
                event instanceof List<?> requests
                    ? String.join(" | ", Notation.written((List<KintoneRequest>) requests))
                    : event.toString())
        .toList();
  }

  @Override
  public String toString() {
    return events().toString();
  }

  /** Nothing is left to write, and these are the outcomes, in the order of the source. */
  Talk ends(String... outcomes) {
    while (plan().isOpen()) {
      assertThat(take()).as("still open: %s", this).isNotEqualTo(Turn.WRITE);
      hears();
    }
    assertThat(outcomes()).as("%s", this).containsExactly(outcomes);
    assertAddsUp();
    return this;
  }

  /** The same where all of them have this outcome. */
  Talk allEnd(String outcome) {
    return ends(keys().stream().map(key -> key + " " + outcome).toArray(String[]::new));
  }

  private List<String> keys() {
    return plan().batch().records().stream().map(SyncRecord::key).toList();
  }

  /** Why the plan has stopped, in a code. */
  String stopReason() {
    var reason = plan().stopReason();
    return reason == null ? "" : reason.code();
  }

  /** Each record has one outcome, and the counts are those of the outcomes. */
  Talk assertAddsUp() {
    var result = plan().result();
    assertThat(result.counts().addUp()).as(result.counts().toString()).isTrue();
    var keys = new ArrayList<String>();
    result.changes().forEach(change -> keys.add(change.key()));
    result.rejects().forEach(reject -> keys.add(String.valueOf(reject.key())));
    keys.addAll(result.unprocessed());
    assertThat(keys).as("one outcome each").doesNotHaveDuplicates();
    assertThat(plan().decisions()).hasSize(given.source.size());
    if (result.batch().kind() == Batch.Kind.SOURCE) {
      assertThat(result.counts().read()).isEqualTo(given.source.size());
      var counts = result.counts();
      assertThat(counts.inserted() + counts.updated() + counts.removed())
          .isEqualTo(result.changes().size());
    }
    return this;
  }

  /** One line for each row: its key and what became of it. */
  List<String> outcomes() {
    var result = plan().result();
    var outcomes = new LinkedHashMap<String, String>();
    keys().forEach(key -> outcomes.put(key, "unchanged"));
    for (Change change : result.changes()) {
      String who = change.overEdit() == null ? "" : " over " + change.overEdit();
      outcomes.put(change.key(), change.outcome().name().toLowerCase(Locale.ROOT) + who);
    }
    result.unprocessed().forEach(key -> outcomes.put(key, "unprocessed"));
    for (Reject reject : result.rejects()) {
      String field = reject.field() == null ? "" : " " + reject.field();
      outcomes.put(String.valueOf(reject.key()), "rejected" + field + ": " + said(reject.reason()));
    }
    return outcomes.entrySet().stream().map(o -> o.getKey() + " " + o.getValue()).toList();
  }

  private static String said(UserMessage reason) {
    return reason.text() == MessageCode.KINTONE_SAYS ? reason.toString() : reason.code();
  }

  BatchResult result() {
    return plan().result();
  }

  Plan plan() {
    if (plan == null) {
      plan = given.plan();
    }
    return plan;
  }

  private static KintoneRequest request(WriteRequest write) {
    return switch (write.method()) {
      case "POST" -> write.addRecords();
      case "PUT" -> write.updateRecords();
      default -> write.deleteRecords();
    };
  }

  private Answer download(KintoneRequest request) {
    String content = contents.get(request.payload().path("fileKey").asText());
    return content == null
        ? Notation.answer("GAIA_BL01")
        : new Answer.Done(JSON.objectNode().put("sha256", sha256(content)));
  }

  private Answer upload(KintoneRequest request) {
    try {
      String content = Files.readString(Objects.requireNonNull(request.file()));
      String key = "new-" + content;
      return new Answer.Done(JSON.objectNode().put("fileKey", key).put("sha256", sha256(content)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static String sha256(String content) {
    return HexFormat.of()
        .formatHex(Attachments.sha256().digest(content.getBytes(StandardCharsets.UTF_8)));
  }

  private Answer foundElsewhere(KintoneRequest request) {
    var body = JSON.objectNode();
    var records = body.putArray("records");
    for (String key : Notation.keys(request)) {
      if (elsewhere.containsKey(key)) {
        var record = records.addObject();
        record.putObject("bc").put("type", "SINGLE_LINE_TEXT").put("value", key);
        record.putObject("bn").put("type", "SINGLE_LINE_TEXT").put("value", elsewhere.get(key));
      }
    }
    return new Answer.Done(body);
  }
}
