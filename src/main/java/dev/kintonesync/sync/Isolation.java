package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.form.Field;
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
import org.jspecify.annotations.Nullable;

/**
 * Finds the bad records of a refused write request, so that the good ones are applied.
 *
 * <p>Where Kintone names positions, those are taken; where it names a record id, that record; where
 * it quotes a value, the records that carry it go apart from the others; where it names nothing,
 * the request is halved. A record is rejected only when Kintone named its position, refused it
 * alone, or refused another one alone for the same key of a lookup field.
 */
public final class Isolation {
  // "records[3].name.value", "records[3][price].value", "records[3].record[code]",
  // and of a cell of a table "records[3].lines.value[0].value.price.value"
  private static final Pattern PLACE =
      Pattern.compile(
          "^records\\[(\\d{1,4})](?:\\.record(?=\\[))?[.\\[]?([^.\\[\\]]*)"
              + "(?:]?\\.value\\[(\\d{1,5})]\\.value[.\\[]([^.\\[\\]]+))?");

  private static final int TABLE_ROW = 3;
  private static final int TABLE_FIELD = 4;

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
  private record Fault(String field, String words, @Nullable Cell cell) {

    /**
     * Of a cell of a table.
     *
     * @param row the index of the row in the request
     */
    private record Cell(int row, String field) {}

    static Fault of(Matcher place, String words) {
      String row = place.group(TABLE_ROW);
      return new Fault(
          place.group(2),
          words,
          row == null ? null : new Cell(Integer.parseInt(row), place.group(TABLE_FIELD)));
    }
  }

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
    if (request.upserts()) {
      return new Verdict(request.records(), List.of(), true); // what is there tells more
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
        rejectAlone(record, refused);
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

  /** Kintone names no position of a code that it does not know, but it quotes the code. */
  private void rejectAlone(PlannedRecord record, Answer.Refused refused) {
    var why = MessageCode.KINTONE_SAYS.with(refused.words());
    for (Field field : target.form().fields()) {
      for (Field inner : field.inner().values()) {
        var unknown = record.wanted(field, inner, value -> quotesCode(refused.message(), value));
        if (unknown != null) {
          record.rejectAt(unknown, field.name(), why);
          return;
        }
      }
      if (quotesCode(refused.message(), record.wanted(field))) {
        record.reject(field.code(), why);
        return;
      }
    }
    record.reject(null, why);
  }

  private static boolean quotesCode(String message, JsonNode entities) {
    for (JsonNode entity : entities) {
      String code = entity.path("code").asText();
      if (!code.isEmpty()
          && (message.contains("：" + code + ")") || message.contains("：" + code + "）"))) {
        return true;
      }
    }
    return false;
  }

  private Verdict byPosition(
      WriteRequest request, Answer.Refused refused, Map<Integer, List<Fault>> faults) {
    var raced = new ArrayList<PlannedRecord>();
    var named = new ArrayList<PlannedRecord>();
    faults.forEach(
        (position, found) -> {
          var record = request.records().get(position);
          named.add(record);
          if (isAboutKeys(request, found)) {
            if (!record.isUnseen()) {
              record.tries().lostRace(MessageCode.KINTONE_SAYS.with(words(found, refused)));
            }
            raced.add(record);
          } else {
            var first = found.get(0);
            var why = MessageCode.KINTONE_SAYS.with(words(found, refused));
            var cell = first.cell();
            var place = cell == null ? null : place(record, first.field(), cell);
            if (place == null) {
              record.reject(first.field().isEmpty() ? null : first.field(), why);
            } else {
              record.rejectAt(place, name(first.field()), why);
            }
          }
        });
    return verdict(raced, rest(request, named));
  }

  /** Whether a record was refused for its key alone, which somebody else may have added. */
  private boolean isAboutKeys(WriteRequest request, List<Fault> faults) {
    String key = target.key().code();
    return request.upserts()
        ? faults.stream().allMatch(f -> f.field().equals(key) || f.field().equals("updateKey"))
        : request.verb() == Verb.POST && faults.stream().allMatch(f -> f.field().equals(key));
  }

  /** The cell of the source that was sent in this one of the request. */
  private @Nullable TableCell place(PlannedRecord record, String code, Fault.Cell cell) {
    Field table = target.form().field(code);
    Field inner = table == null ? null : table.inner().get(cell.field());
    var sent = record.sent().at(code, cell.row(), cell.field());
    return table == null || inner == null ? null : record.wanted(table, inner, sent::equals);
  }

  private String name(String table) {
    Field field = target.form().field(table);
    return field == null ? table : field.name();
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
                    .add(Fault.of(matcher, String.join(" ", words)));
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
                    .sent()
                    .all()
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
