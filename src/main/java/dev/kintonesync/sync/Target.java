package dev.kintonesync.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.form.Field;
import dev.kintonesync.form.FieldType;
import dev.kintonesync.form.Form;
import dev.kintonesync.form.Mapping;
import dev.kintonesync.form.RememberedLookups;
import dev.kintonesync.kintone.KintoneConnection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the plans of a run write, and by which rules.
 *
 * @param connection domain and caller
 * @param app the app's id
 * @param form the app's form, as read when the run began
 * @param mapping how the source's columns become fields
 * @param rules by which rules the job writes
 * @param marks what {@link Rules#removal} sets, in Kintone's value shapes; empty when it sets
 *     nothing
 * @param stamps field code to what is written along with whatever is written to a record; nothing
 *     compares it
 * @param similar the shapes of the keys that the app holds
 * @param writes whether anything is sent; otherwise the plan is all
 * @param empty whether the app held no record when the run began: then no key lookup is needed, and
 *     Kintone itself refuses a key that appeared since
 * @param sizes the sizes of requests
 * @param limiter how many write requests the app bears in one bulkRequest now
 * @param richTexts what is remembered of rich texts that were sent
 * @param fileHashes what is remembered of files that were sent
 * @param lookups what is remembered of the apps that lookup fields copy from
 * @param confirmed what the app is known to hold, so that rows with these values need no key
 *     lookup; null: nothing is known
 * @param planned what is planned by now, where nothing is sent and the source may have a key again;
 *     null: nobody keeps it
 */
public record Target(
    KintoneConnection connection,
    String app,
    Form form,
    Mapping mapping,
    Rules rules,
    Map<String, JsonNode> marks,
    Map<String, JsonNode> stamps,
    SimilarKeys similar,
    boolean writes,
    boolean empty,
    Sizes sizes,
    AdaptiveLimiter limiter,
    RichTexts richTexts,
    FileHashes fileHashes,
    RememberedLookups lookups,
    @Nullable RecordSnapshot confirmed,
    @Nullable PlannedStates planned) {

  /**
   * The sizes of requests.
   *
   * @param recordsPerRequest records in one write request, 1 to 100
   * @param requestsPerBulk write requests in one bulkRequest, 1 to 20
   * @param keysPerLookup keys in one key lookup, 1 to 500
   */
  public record Sizes(int recordsPerRequest, int requestsPerBulk, int keysPerLookup) {

    /** How many source records are planned together. */
    public int batchSize() {
      return recordsPerRequest * requestsPerBulk;
    }
  }

  /** Returns this target for an app that is no longer empty: records are looked up. */
  public Target lookedUp() {
    return copy(form, mapping, marks, stamps, false, confirmed);
  }

  /** Returns this target with other values that are written along. */
  public Target stamping(Map<String, JsonNode> changed) {
    return copy(form, mapping, marks, Map.copyOf(changed), empty, confirmed);
  }

  /**
   * Returns this target with another form and the mapping and marks that belong to it. What was
   * confirmed was so by the form before.
   */
  public Target in(Form changed, Mapping changedMapping, Map<String, JsonNode> changedMarks) {
    return copy(changed, changedMapping, changedMarks, stamps, empty, null);
  }

  private Target copy(
      Form itsForm,
      Mapping itsMapping,
      Map<String, JsonNode> itsMarks,
      Map<String, JsonNode> itsStamps,
      boolean isEmpty,
      @Nullable RecordSnapshot known) {
    return new Target(
        connection,
        app,
        itsForm,
        itsMapping,
        rules,
        itsMarks,
        itsStamps,
        similar,
        writes,
        isEmpty,
        sizes,
        limiter,
        richTexts,
        fileHashes,
        lookups,
        known,
        planned);
  }

  /**
   * A record is known to hold these files of a field. One whose name and size another one has is
   * not remembered, unless both are the same.
   */
  void remember(String id, List<FileCell> files) {
    var hashes = new LinkedHashMap<FileHashes.Attached, Set<String>>();
    for (var file : files) {
      hashes.computeIfAbsent(file.attached(), any -> new HashSet<>()).add(file.text("sha256"));
    }
    hashes.forEach(
        (file, found) -> {
          String hash = found.iterator().next();
          if (found.size() > 1) {
            fileHashes.forget(id, file);
          } else if (!hash.isEmpty()) {
            fileHashes.keep(id, file, hash);
          }
        });
  }

  /** A change was confirmed: its rich texts and the contents of its files are known from now on. */
  public void remember(Change change) {
    String id = change.id();
    if (id == null || !writes) {
      return;
    }
    change.richTexts().forEach((code, text) -> richTexts.sent(id, code, text));
    change
        .fields()
        .forEach(
            (code, values) -> {
              Field field = form.field(code);
              if (field != null && field.holdsFiles()) {
                var files = new ArrayList<>(FileCell.in(field, values.after()));
                if (field.type() == FieldType.SUBTABLE) { // rows that stay are not listed in full
                  files.addAll(FileCell.in(field, values.before()));
                }
                remember(id, files);
              }
            });
  }

  /** Returns the field that is the update key. */
  Field key() {
    return mapping.key();
  }

  /**
   * The fields that a key lookup reads: id, revision, key, who saved last, the mapped ones, and
   * what lookup fields have copied where that is to be refreshed.
   */
  List<String> lookedUpFields() {
    var codes = new LinkedHashSet<>(List.of("$id", "$revision", key().code()));
    form.fields().stream()
        .filter(field -> field.type() == FieldType.MODIFIER)
        .forEach(field -> codes.add(field.code()));
    mapping.fields().forEach(field -> codes.add(field.code()));
    mapping.fields().stream()
        .filter(rules.refresh()::covers)
        .forEach(field -> codes.addAll(copies(field).keySet()));
    return List.copyOf(codes);
  }

  private static Map<String, String> copies(Field field) {
    var lookup = field.lookup();
    return lookup == null ? Map.of() : lookup.copies();
  }

  /** The login name under which our own writes appear as MODIFIER. */
  String caller() {
    var login = connection.credentials().login();
    // actions of an API token are logged as this user (Kintone's API overview, "Authentication")
    return login == null ? "Administrator" : login.name();
  }
}
