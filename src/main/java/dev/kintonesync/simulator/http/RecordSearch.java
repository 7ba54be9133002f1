package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.simulator.query.CompiledQuery;
import dev.kintonesync.simulator.rules.Caller;
import dev.kintonesync.simulator.rules.CellWriter;
import dev.kintonesync.simulator.rules.RecordReads;
import dev.kintonesync.simulator.rules.Refusal;
import dev.kintonesync.simulator.state.App;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.Directory;
import dev.kintonesync.simulator.state.Domain;
import dev.kintonesync.simulator.state.StoredRecord;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Finds what a person looks for: a text in any value, or what a query of Kintone's finds. */
final class RecordSearch {
  private final Domain domain;
  private final App app;
  private final Design design;

  RecordSearch(Domain domain, App app, Design design) {
    this.domain = domain;
    this.app = app;
    this.design = design;
  }

  /**
   * The records that are meant, by their ids.
   *
   * @throws Refusal when it is a query and cannot be run
   */
  List<StoredRecord> find(String sought) {
    CompiledQuery query;
    RecordReads reads =
        new RecordReads(domain, Caller.person(Directory.ADMINISTRATOR, null), app, design);
    try {
      query = reads.compile(sought);
    } catch (Refusal notAQuery) {
      if (sought.contains("\"")) {
        throw notAQuery;
      }
      return containing(sought.strip().toLowerCase(Locale.ROOT));
    }
    return reads.all(query).records().stream()
        .sorted(Comparator.comparingLong(StoredRecord::id))
        .toList();
  }

  private List<StoredRecord> containing(String text) {
    CellWriter writer = new CellWriter(domain, app, design);
    return app.records().values().stream()
        .filter(record -> anyValue(writer.record(record, Set.of()), text))
        .toList();
  }

  private static boolean anyValue(JsonNode record, String text) {
    for (JsonNode cell : record) {
      if (says(cell.path("value"), text)) {
        return true;
      }
    }
    return false;
  }

  private static boolean says(JsonNode value, String text) {
    for (JsonNode part : value) {
      if (says(part, text)) {
        return true;
      }
    }
    return value.isValueNode() && value.asText().toLowerCase(Locale.ROOT).contains(text);
  }
}
