package dev.kintonesync.simulator.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.simulator.query.CompiledQuery;
import dev.kintonesync.simulator.query.Query;
import dev.kintonesync.simulator.query.QueryException;
import dev.kintonesync.simulator.query.Viewer;
import dev.kintonesync.simulator.state.App;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.Domain;
import dev.kintonesync.simulator.state.FieldType;
import dev.kintonesync.simulator.state.FormField;
import dev.kintonesync.simulator.state.StoredRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a related-records field shows: the records of an app whose field has the value that a field
 * here has. They are no part of a record; only queries look into them.
 *
 * @param field the code of the field here
 * @param relatedField the code of the field there
 * @param condition a query that they must satisfy as well; may be empty
 */
record Related(App app, Design design, String field, String relatedField, String condition) {

  /** What a field shows; null when it is of another type, or its app is not there. */
  static @Nullable Related of(Domain domain, @Nullable FormField field) {
    if (field == null || field.type() != FieldType.REFERENCE_TABLE) {
      return null;
    }
    JsonNode table = field.properties().path("referenceTable");
    App app = domain.app(table.path("relatedApp").path("app").asLong());
    Design design = app == null ? null : app.live();
    return app == null || design == null
        ? null
        : new Related(
            app,
            design,
            table.path("condition").path("field").asText(),
            table.path("condition").path("relatedField").asText(),
            table.path("filterCond").asText(""));
  }

  /** The records shown where the field here has that value; none where it is empty. */
  List<StoredRecord> records(@Nullable Object value, QueryView there, Viewer viewer) {
    if (value == null) {
      return List.of();
    }
    CompiledQuery filter;
    try {
      filter = Query.parse(condition).compile(there, viewer);
    } catch (QueryException e) {
      return List.of();
    }
    return app.records().values().stream()
        .filter(record -> value.equals(there.record(record).value(relatedField)))
        .filter(record -> filter.matches(there.record(record)))
        .toList();
  }
}
