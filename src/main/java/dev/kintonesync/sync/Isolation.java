package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.ErrorCode;
import dev.kintonesync.kintone.Verb;
import dev.kintonesync.message.MessageCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the bad records of a refused write request, so that the good ones are applied.
 *
 * <p>Where Kintone names positions, those are taken; where it names a record id, that record; where
 * it quotes a value, the records that carry it go apart from the others; where it names nothing,
 * the request is halved. A record is rejected only when Kintone named its position, refused it
 * alone, or refused another one alone for the same key of a lookup field.
 */
public final class Isolation {
  // "records[3].name.value", "records[3][price].value", "records[3].record[code]"
  private static final Pattern PLACE =
      Pattern.compile("^records\\[(\\d{1,4})](?:\\.record(?=\\[))?[.\\[]?([^.\\[\\]]*)");

  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private final Target target;
  private final Budget budget;
  private final MissingSources missingSources;
  private int calls;

  /** How many requests a run may still send only to find bad records. Shared by its batches. */
  public static final class Budget {
    private final int calls;
    private final AtomicInteger left;

    public Budget(int calls) {
      this.calls = calls;
      this.left = new AtomicInteger(calls);
    }

    /** How many requests it held when the run began. */
    int size() {
      return calls;
    }

    private boolean take(int wanted) {
      return left.addAndGet(-wanted) >= 0;
    }
  }

  /**
   * What follows from a refusal. Rejected records carry their reject themselves.
   *
   * @param unsure records to be looked up and planned anew
   * @param again requests to be sent again, in order
   * @param affordable false when the run's budget does not cover sending them
   */
  record Verdict(List<PlannedRecord> unsure, List<WriteRequest> again, boolean affordable) {}

  /** What Kintone says about one position of a request. */
  private record Fault(String field, String words) {}

  Isolation(Target target, Budget budget) {
    this.target = target;
    this.budget = budget;
    this.missingSources = new MissingSources(target.form());
  }

  /** How many requests are sent only to find bad records. */
  int calls() {
    return calls;
  }

  /** Takes a refused request apart. */
  Verdict judge(WriteRequest request, Answer.Refused refused) {
    if (refused.code().equals(ErrorCode.CONFLICT)) {
      // names no position: all are looked up, and those that moved are planned anew
      request.records().forEach(record -> record.tries().inConflict());
      return new Verdict(request.records(), List.of(), true);
    }
    var faults = faults(request, refused);
    if (!faults.isEmpty()) {
      return byPosition(request, refused, faults);
    }
    if (refused.code().equals(ErrorCode.RECORD_GONE)) {
      var gone = byId(request, refused.message());
      if (!gone.isEmpty()) {
        gone.forEach(record -> record.tries().inConflict());
        return verdict(gone, rest(request, gone));
      }
    }
    boolean sourceMissing = refused.code().equals(ErrorCode.NO_LOOKUP_SOURCE);
    if (request.size() == 1) {
      var record = request.records().get(0);
      if (!sourceMissing || !missingSources.refused(record, refused)) {
        record.reject(null, MessageCode.KINTONE_SAYS.with(refused.words()));
      }
      return verdict(List.of());
    }
    if (sourceMissing) {
      var known = missingSources.rejectKnown(request.records());
      if (!known.isEmpty()) {
        return verdict(List.of(), rest(request, known));
      }
    }
    var suspects = byValue(request, refused.message());
    if (sourceMissing && suspects.size() > 1) {
      suspects = suspects.subList(0, 1); // whatever it shows holds for those with the same value
    }
    if (suspects.isEmpty() || suspects.size() == request.size()) {
      suspects = request.records().subList(0, request.size() / 2);
    }
    return verdict(
        List.of(), new WriteRequest(target, request.verb(), suspects), rest(request, suspects));
  }

  private Verdict byPosition(
      WriteRequest request, Answer.Refused refused, Map<Integer, List<Fault>> faults) {
    var raced = new ArrayList<PlannedRecord>();
    var named = new ArrayList<PlannedRecord>();
    faults.forEach(
        (position, found) -> {
          var record = request.records().get(position);
          named.add(record);
          String key = target.key().code();
          if (request.verb() == Verb.POST && found.stream().allMatch(f -> f.field().equals(key))) {
            record.tries().lostRace(MessageCode.KINTONE_SAYS.with(words(found, refused)));
            raced.add(record);
          } else {
            var first = found.get(0);
            record.reject(
                first.field().isEmpty() ? null : first.field(),
                MessageCode.KINTONE_SAYS.with(words(found, refused)));
          }
        });
    return verdict(raced, rest(request, named));
  }

  private static String words(List<Fault> faults, Answer.Refused refused) {
    var text = new StringBuilder();
    for (var fault : faults) {
      text.append(text.isEmpty() ? "" : "; ");
      text.append(fault.field().isEmpty() ? "" : fault.field() + ": ").append(fault.words());
    }
    return text.append(" [").append(refused.code()).append(']').toString();
  }

  private static Map<Integer, List<Fault>> faults(WriteRequest request, Answer.Refused refused) {
    var faults = new TreeMap<Integer, List<Fault>>();
    refused
        .errors()
        .forEach(
            (place, words) -> {
              Matcher matcher = PLACE.matcher(place);
              if (matcher.find() && Integer.parseInt(matcher.group(1)) < request.size()) {
                faults
                    .computeIfAbsent(Integer.valueOf(matcher.group(1)), i -> new ArrayList<>())
                    .add(new Fault(matcher.group(2), String.join(" ", words)));
              }
            });
    return faults;
  }

  private static List<PlannedRecord> byId(WriteRequest request, String message) {
    if (request.verb() == Verb.POST) {
      return List.of();
    }
    var ids = NUMBER.matcher(message).results().map(found -> found.group()).toList();
    return request.records().stream().filter(r -> ids.contains(r.stored().id())).toList();
  }

  /**
   * The records with a value that the message quotes, as GAIA_LO04 does: "A value V in the ...".
   */
  private static List<PlannedRecord> byValue(WriteRequest request, String message) {
    return request.records().stream()
        .filter(
            record ->
                record
                    .cells()
                    .anyMatch(
                        cell ->
                            message.contains(cell.getKey()) && quotes(message, cell.getValue())))
        .toList();
  }

  private static boolean quotes(String message, JsonNode value) {
    return value.isValueNode() && !value.asText().isBlank() && message.contains(value.asText());
  }

  private WriteRequest rest(WriteRequest request, List<PlannedRecord> without) {
    return new WriteRequest(
        target,
        request.verb(),
        request.records().stream().filter(record -> !without.contains(record)).toList());
  }

  private Verdict verdict(List<PlannedRecord> unsure, WriteRequest... again) {
    var requests = new ArrayList<WriteRequest>();
    for (var request : again) {
      if (request.size() > 0) {
        requests.add(request);
      }
    }
    calls += requests.size();
    return new Verdict(unsure, requests, budget.take(requests.size()));
  }
}
