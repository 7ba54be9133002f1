package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.form.FieldType;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.KintoneRecord;
import dev.kintonesync.kintone.KintoneRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The key lookups of a plan: which records are to be looked up, how they are asked for, and what
 * the answers say. First by their own keys; then, where they are to be inserted, by the keys that a
 * person could take for theirs.
 */
final class LookUps {
  private static final int FEW = 4;

  private final Target target;
  private final boolean whole;
  private final String andOnly;

  private final List<PlannedRecord> unsure = new ArrayList<>();
  private final List<PlannedRecord> newcomers = new ArrayList<>();

  private List<List<PlannedRecord>> asked = List.of();
  private List<KintoneRequest> requests = List.of();
  private boolean probing;

  /**
   * What the answers to the requests say.
   *
   * @param looked the records whose lookup was answered
   * @param there the records that Kintone holds under the keys asked for
   * @param similar whether it was not their own keys that were asked for
   * @param failure an answer that is none; null when all is well
   */
  record Found(
      Set<PlannedRecord> looked,
      Map<String, KintoneRecord> there,
      boolean similar,
      @Nullable Answer failure) {}

  LookUps(Target target, Batch batch) {
    String scope = batch.kind() == Batch.Kind.MISSING ? target.rules().scope() : null;
    this.target = target;
    this.whole = batch.removes(); // what is removed is kept whole
    this.andOnly = scope == null ? "" : " and (" + scope + ")";
  }

  /** Records that are to be looked up by their keys. */
  void add(Collection<PlannedRecord> records) {
    unsure.addAll(records);
  }

  /** Whether a record about to be inserted has a key that a person could take for another one. */
  boolean isDoubtful(PlannedRecord record) {
    return !record.settled()
        && record.toInsert()
        && target.rules().similarKeys() == Rules.SimilarKeys.REJECT
        && target.key().type() == FieldType.SINGLE_LINE_TEXT
        && !target.similar().of(record.key()).isEmpty();
  }

  /** Whether the app may hold the key written otherwise, or one that a person could take for it. */
  boolean hasOtherWays(PlannedRecord record) {
    return target.key().type() == FieldType.SINGLE_LINE_TEXT
        && !(target.similar().writtenOtherwise(record.key()).isEmpty()
            && (target.rules().similarKeys() == Rules.SimilarKeys.ALLOW
                || target.similar().of(record.key()).isEmpty()));
  }

  /** Records that are to be looked up by keys like theirs. */
  void addDoubtful(Collection<PlannedRecord> records) {
    newcomers.addAll(records);
  }

  /** Whether there is anything to look up. */
  boolean isOpen() {
    return !unsure.isEmpty() || !newcomers.isEmpty();
  }

  /**
   * The next requests, {@code keysPerLookup} keys in each. After one was too much for one answer, a
   * single one of half its keys goes first: it may as well be that Kintone is away.
   */
  List<KintoneRequest> requests() {
    asked = unsure.isEmpty() ? parts(newcomers) : parts(unsure);
    requests = asked.stream().map(this::request).toList();
    return requests;
  }

  private List<List<PlannedRecord>> parts(List<PlannedRecord> records) {
    int size = target.limiter().keys(target.sizes().keysPerLookup());
    var parts = new ArrayList<List<PlannedRecord>>();
    var part = new ArrayList<PlannedRecord>();
    int keys = 0;
    for (var record : records) {
      int more = keys(record).size();
      if (keys + more > size && !part.isEmpty()) {
        parts.add(List.copyOf(part));
        part.clear();
        keys = 0;
        if (probing) {
          return parts;
        }
      }
      part.add(record);
      keys += more;
    }
    parts.add(List.copyOf(part));
    // where answers are large, what few of them say is used before others come
    return size < target.sizes().keysPerLookup() && parts.size() > FEW
        ? parts.subList(0, FEW)
        : parts;
  }

  private Collection<String> keys(PlannedRecord record) {
    if (unsure.isEmpty()) {
      return target.similar().of(record.key());
    }
    var ways = new LinkedHashSet<String>();
    ways.add(record.key());
    if (target.key().type() == FieldType.SINGLE_LINE_TEXT) {
      ways.addAll(target.similar().writtenOtherwise(record.key()));
    }
    return ways;
  }

  private KintoneRequest request(List<PlannedRecord> part) {
    var keys = new LinkedHashSet<String>();
    part.forEach(record -> keys.addAll(keys(record)));
    List<String> fields = whole ? List.of() : target.lookedUpFields();
    return KintoneRequest.lookUp(
        target.connection(),
        target.app(),
        target.key().code(),
        List.copyOf(keys),
        andOnly,
        target.sizes().keysPerLookup(),
        unsure.isEmpty() ? List.of(target.key().code()) : fields);
  }

  /** The answers to the requests, in their order. What was too much for one answer stays open. */
  Found found(List<Answer> answers) {
    boolean similar = unsure.isEmpty();
    var there = new HashMap<String, KintoneRecord>();
    var looked = new LinkedHashSet<PlannedRecord>();
    Answer failure = null;
    probing = false;
    for (int i = 0; i < answers.size(); i++) {
      var answer = answers.get(i);
      if (answer instanceof Answer.Done done) {
        looked.addAll(asked.get(i));
        collect(done.body(), there);
        target.limiter().keysAnswered(asked.get(i).size());
      } else if (answer.isTooLargeFor(requests.get(i))) {
        probing = true;
        target.limiter().tooManyKeys(asked.get(i).size());
      } else {
        failure = answer;
      }
    }
    (similar ? newcomers : unsure).removeIf(looked::contains);
    return new Found(looked, there, similar, failure);
  }

  private void collect(JsonNode answer, Map<String, KintoneRecord> there) {
    for (JsonNode cells : answer.path("records")) {
      var stored = KintoneRecord.of(cells);
      JsonNode written = stored.value(target.key().code());
      String key = target.key().canonicalKey(written);
      if (key != null && written != null) {
        // of two records that only what nobody sees tells apart, the one whose key has none of it
        there.merge(key, stored, (one, other) -> key.equals(written.asText()) ? other : one);
        if (target.key().type() == FieldType.SINGLE_LINE_TEXT) {
          target.similar().met(written.asText());
        }
      }
    }
  }
}
