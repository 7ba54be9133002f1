package dev.kintonesync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.kintone.KintoneRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Whatever the batch, whatever Kintone holds and whatever it answers, in whichever order: a plan
 * ends, each record has one outcome, the counts add up, and what is said to be there is there.
 */
class PlanEndsTest {
  private static final int MOST_RECORDS = 12;
  private static final int PER_REQUEST = 4;

  /** What happens when a write arrives. */
  private enum Event {
    /** Kintone does it, or refuses it for what it holds. */
    DONE,
    /** It does it, and nobody hears of it. */
    DONE_UNHEARD,
    /** It never gets there. */
    LOST,
    /** Somebody else saves, adds or deletes records of the batch just before. */
    OTHERS_WRITE,
    /** It is refused without a word about which record is at fault. */
    REFUSED,
    /** The connection is gone, or Kintone has too much to do: the run ends. */
    GONE
  }

  private static final Set<Event> SILENT = Set.of(Event.LOST, Event.DONE_UNHEARD);

  private enum Row {
    INSERTED,
    THERE,
    DIFFERENT,
    BAD,
    FLAGGED
  }

  /**
   * A batch and what comes over it.
   *
   * @param named whether Kintone names the positions of bad records
   */
  private record Story(
      String rules, List<Row> rows, List<Event> events, boolean named, long seed) {}

  @Provide
  Arbitrary<Story> stories() {
    var rules =
        Arbitraries.of("upsert", "insert", "insert, existing = reject", "update", "mirror")
            .flatMap(
                mode ->
                    Arbitraries.of("report", "delete", "set state=gone")
                        .map(missing -> mode + ", missing = " + missing))
            .flatMap(
                said ->
                    Arbitraries.of("", ", hand-edits = reject", ", if-empty = name", ", asks")
                        .map(more -> said + more));
    var events =
        Arbitraries.frequencyOf(
                Tuple.of(8, Arbitraries.just(Event.DONE)),
                Tuple.of(3, Arbitraries.just(Event.DONE_UNHEARD)),
                Tuple.of(3, Arbitraries.just(Event.LOST)),
                Tuple.of(6, Arbitraries.just(Event.OTHERS_WRITE)),
                Tuple.of(2, Arbitraries.just(Event.REFUSED)),
                Tuple.of(1, Arbitraries.just(Event.GONE)))
            .list()
            .ofMaxSize(40);
    return Combinators.combine(
            rules,
            Arbitraries.of(Row.class).list().ofMinSize(1).ofMaxSize(MOST_RECORDS),
            events,
            Arbitraries.of(true, false),
            Arbitraries.longs())
        .as(Story::new);
  }

  /** The events come again and again; that nothing is ever answered is for the run to end. */
  @Property(tries = 200)
  void everyRecordEndsOnceAndTheCountsAddUp(@ForAll("stories") Story story) {
    var talk = talk(story);
    var events = new ArrayList<>(story.events());
    if (events.stream().allMatch(SILENT::contains)) {
      events.add(Event.DONE);
    }
    int writes = 0;
    int turns = 0;
    var random = new Random(story.seed());
    while (talk.plan().isOpen()) {
      // a record is planned anew five times because of others, five times for want of an answer,
      // and alone at last; a write takes a turn, and one or two go before it
      assertThat(turns++).as("turns").isLessThan(3 * (11 * MOST_RECORDS + events.size()));
      if (talk.take() == Talk.Turn.WRITE) {
        answer(talk, events.get(writes++ % events.size()), story, random);
      } else {
        talk.hears();
      }
    }

    talk.assertAddsUp();
    var counts = talk.result().counts();
    boolean stopped = !talk.stopReason().isEmpty();
    if (!stopped) {
      assertThat(counts.unprocessed()).isZero();
    }
    if (!story.events().contains(Event.GONE)) {
      assertThat(talk.stopReason()).isEmpty();
    }
  }

  /** Where nobody else writes, what is said to be inserted, updated or unchanged is so. */
  @Property(tries = 100)
  void whatIsSaidToBeThereIsThere(@ForAll("stories") Story story) {
    var talk = talk(story);
    var random = new Random(story.seed());
    for (var event : story.events()) {
      while (talk.plan().isOpen() && talk.take() != Talk.Turn.WRITE) {
        talk.hears();
      }
      if (talk.plan().isOpen()) {
        answer(talk, event == Event.OTHERS_WRITE ? Event.DONE : event, story, random);
      }
    }
    while (talk.plan().isOpen()) {
      if (talk.take() == Talk.Turn.WRITE) {
        answer(talk, Event.DONE, story, random);
      } else {
        talk.hears();
      }
    }

    for (Change change : talk.result().changes()) {
      var values = new HashMap<String, JsonNode>();
      change.fields().forEach((code, value) -> values.put(code, value.after()));
      values.remove("code");
      switch (change.outcome()) {
        case DELETED -> assertThat(talk.kintone().has(change.key())).isFalse();
        default ->
            assertThat(talk.kintone().has(change.key(), values))
                .as("%s in %s", change, talk)
                .isTrue();
      }
    }
  }

  /** k bad records among r: found within 2 k log2(r) + k more requests, and no good one is lost. */
  @Property(tries = 100)
  void badRecordsCostALimitedNumberOfRequests(
      @ForAll("someOfSixtyFour") Set<Integer> bad, @ForAll boolean named) {
    int size = 64;
    var rows = new String[size];
    for (int i = 0; i < size; i++) {
      rows[i] = "K" + (100 + i) + (bad.contains(i) ? " name=bad" : " name=good");
    }
    var talk = Talk.of("upsert, app-is-empty", rows);
    while (talk.plan().isOpen()) {
      talk.nextWrites();
      answerByBadness(talk, named);
    }

    int k = bad.size();
    assertThat(talk.result().counts().inserted()).isEqualTo(size - k);
    assertThat(talk.result().counts().rejected()).isEqualTo(k);
    assertThat(talk.kintone().held()).hasSize(size - k);
    assertThat((double) talk.result().isolation())
        .isLessThanOrEqualTo(2 * k * Math.log(size) / Math.log(2) + k);
  }

  @Provide
  Arbitrary<Set<Integer>> someOfSixtyFour() {
    return Arbitraries.integers().between(0, 63).set().ofMaxSize(12);
  }

  private static Talk talk(Story story) {
    var rows = new ArrayList<String>();
    var held = new ArrayList<String>();
    for (int i = 0; i < story.rows().size(); i++) {
      String key = "K" + (10 + i);
      switch (story.rows().get(i)) {
        case INSERTED -> rows.add(key + " name=A amount=1");
        case BAD -> rows.add(key + " name=bad amount=1");
        case FLAGGED -> rows.add(key + " flagged");
        default -> rows.add(key + " name=A amount=1");
      }
      switch (story.rows().get(i)) {
        case THERE -> held.add(key + " r2 name=A amount=1");
        case DIFFERENT -> held.add(key + " r3 by=sato name=X amount=2");
        case FLAGGED -> held.add(key + " r4 name=Y amount=3");
        default -> {}
      }
    }
    return Talk.of(
            story.rules() + ", records-per-request = " + PER_REQUEST, rows.toArray(String[]::new))
        .holds(held.toArray(String[]::new));
  }

  private static void answer(Talk talk, Event event, Story story, Random random) {
    var requests = talk.asked();
    switch (event) {
      case DONE -> answerByBadness(talk, story.named());
      case DONE_UNHEARD -> {
        if (isBad(requests) < 0) {
          talk.kintone().write(requests);
        }
        talk.hears("lost");
      }
      case LOST -> talk.hears("lost");
      case OTHERS_WRITE -> {
        othersWrite(talk, random);
        answerByBadness(talk, story.named());
      }
      case REFUSED -> talk.hears("GAIA_XX99@" + random.nextInt(requests.size()));
      case GONE -> talk.hears(random.nextBoolean() ? "unsent" : "GAIA_TM12");
    }
  }

  private static void othersWrite(Talk talk, Random random) {
    for (SyncRecord record : talk.plan().batch().records()) {
      switch (random.nextInt(6)) {
        case 0 -> talk.kintone().touch(record.key(), "amount", "9");
        case 1 -> talk.kintone().touch(record.key(), "state", "s");
        case 2 -> talk.loses(record.key());
        case 3 -> {
          if (!talk.kintone().has(record.key())) {
            talk.holds(record.key() + " r1 by=sato name=Z");
          }
        }
        default -> {}
      }
    }
  }

  /** Kintone refuses all that hold a bad record; else it does as its records have it. */
  private static void answerByBadness(Talk talk, boolean named) {
    int part = isBad(talk.asked());
    if (part < 0) {
      talk.hears();
      return;
    }
    var places = new StringBuilder();
    var records = Notation.payload(talk.asked().get(part)).path("records");
    for (int i = 0; named && i < records.size(); i++) {
      if (isBad(records.get(i))) {
        places.append(" records[").append(i).append("].name.value");
      }
    }
    talk.hears((named ? "CB_VA01@" : "GAIA_XX99@") + part + places);
  }

  private static int isBad(List<KintoneRequest> requests) {
    for (int part = 0; part < requests.size(); part++) {
      for (JsonNode record : Notation.payload(requests.get(part)).path("records")) {
        if (isBad(record)) {
          return part;
        }
      }
    }
    return -1;
  }

  private static boolean isBad(JsonNode record) {
    JsonNode cells = record.has("record") ? record.path("record") : record;
    return cells.path("name").path("value").asText().equals("bad");
  }
}
