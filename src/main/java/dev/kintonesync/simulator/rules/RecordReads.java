package dev.kintonesync.simulator.rules;

import dev.kintonesync.simulator.query.CompiledQuery;
import dev.kintonesync.simulator.query.IdRange;
import dev.kintonesync.simulator.query.KeyLookup;
import dev.kintonesync.simulator.query.Query;
import dev.kintonesync.simulator.query.QueryException;
import dev.kintonesync.simulator.query.Viewer;
import dev.kintonesync.simulator.state.App;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.Domain;
import dev.kintonesync.simulator.state.FormField;
import dev.kintonesync.simulator.state.Permission;
import dev.kintonesync.simulator.state.StoredRecord;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs queries over an app, through the indexes where they can answer. */
public final class RecordReads {
  private final App app;
  private final Design design;
  private final QueryView view;
  private final Viewer viewer;
  private final int searchLimit;
  private final PermissionView permissionView;

  /**
   * What a query found.
   *
   * @param records in order, within limit and offset
   * @param total all that match; only counted when asked for, otherwise -1
   * @param cut whether a text search found more than Kintone looks at, and the rest is missing
   */
  public record Found(List<StoredRecord> records, long total, boolean cut) {}

  /** All records that match, in order; {@code cut} as in {@link Found}. */
  public record Matching(List<StoredRecord> records, boolean cut) {}

  public RecordReads(Domain domain, Caller caller, App app, Design design) {
    this.app = app;
    this.design = design;
    this.searchLimit = domain.settings().searchLimit();
    this.viewer =
        new Viewer(
            domain.clock().instant(), ZoneId.of(domain.settings().timeZone()), caller.user(), null);
    this.view = new QueryView(domain, app, design, viewer);
    this.permissionView = new PermissionView(domain, caller, app, design);
  }

  /** Checks a query against the form. */
  public CompiledQuery compile(String text) {
    try {
      return Query.parse(text).compile(view, viewer);
    } catch (QueryException e) {
      ErrorCode code = ErrorCode.valueOf(e.code());
      throw code == ErrorCode.CB_VA01
          ? Problems.refuse("query", FieldError.BAD_QUERY)
          : code.refuse(e.arguments().toArray(new String[0]));
    }
  }

  /** The records that match, in order, within the query's limit and offset. */
  public Found find(CompiledQuery query, boolean count) {
    if (query.searchesText()) {
      Matching all = all(query);
      return new Found(page(query, all.records()), count ? all.records().size() : -1, all.cut());
    }
    return query.idOrder() == CompiledQuery.IdOrder.OTHER
        ? findSorted(query, count)
        : findById(query, count);
  }

  private Found findById(CompiledQuery query, boolean count) {
    long matches = 0;
    long end = (long) query.offset() + query.limit();
    List<StoredRecord> found = new ArrayList<>();
    for (StoredRecord record : candidates(query)) {
      if (!isFound(query, record)) {
        continue;
      }
      if (matches >= query.offset() && matches < end) {
        found.add(record);
      }
      matches++;
      if (matches >= end && !count) {
        break;
      }
    }
    return new Found(found, count ? matches : -1, false);
  }

  /** Keeps no more than offset and limit ask for while it goes through all that match. */
  private Found findSorted(CompiledQuery query, boolean count) {
    long matches = 0;
    int most = query.offset() + query.limit();
    Comparator<StoredRecord> order = order(query);
    PriorityQueue<StoredRecord> first = new PriorityQueue<>(order.reversed());
    for (StoredRecord record : candidates(query)) {
      if (!isFound(query, record)) {
        continue;
      }
      matches++;
      if (first.size() < most) {
        first.add(record);
      } else if (most > 0 && order.compare(record, first.element()) < 0) {
        first.remove();
        first.add(record);
      }
    }
    List<StoredRecord> sorted = new ArrayList<>(first);
    sorted.sort(order);
    return new Found(page(query, sorted), count ? matches : -1, false);
  }

  private Comparator<StoredRecord> order(CompiledQuery query) {
    return (a, b) -> query.order().compare(view.record(a), view.record(b));
  }

  private boolean isFound(CompiledQuery query, StoredRecord record) {
    return query.matches(view.record(record)) && permissionView.may(record, Permission.VIEW);
  }

  private static List<StoredRecord> page(CompiledQuery query, List<StoredRecord> all) {
    int from = Math.min(query.offset(), all.size());
    return List.copyOf(all.subList(from, Math.min(from + query.limit(), all.size())));
  }

  /** Whether a record satisfies a query's condition. */
  boolean matches(CompiledQuery query, StoredRecord record) {
    return query.matches(view.record(record));
  }

  /** All records that match, in order; a text search ends at the limit of the settings. */
  public Matching all(CompiledQuery query) {
    List<StoredRecord> matching = new ArrayList<>();
    boolean cut = false;
    for (StoredRecord record : candidates(query)) {
      if (isFound(query, record)) {
        cut = query.searchesText() && matching.size() >= searchLimit;
        if (cut) {
          break;
        }
        matching.add(record);
      }
    }
    if (query.idOrder() == CompiledQuery.IdOrder.OTHER) {
      matching.sort(order(query));
    }
    return new Matching(matching, cut);
  }

  /** The records among which all matches lie; by id, falling unless the query wants it rising. */
  private Collection<StoredRecord> candidates(CompiledQuery query) {
    boolean rising = query.idOrder() == CompiledQuery.IdOrder.ASCENDING;
    for (KeyLookup lookup : query.lookups()) {
      List<StoredRecord> held = held(lookup);
      if (held != null) {
        Comparator<StoredRecord> byId = Comparator.comparingLong(StoredRecord::id);
        held.sort(rising ? byId : byId.reversed());
        return held;
      }
    }
    IdRange ids = query.ids();
    if (ids.first() > ids.last()) {
      return List.of();
    }
    NavigableMap<Long, StoredRecord> range =
        app.records().subMap(ids.first(), true, ids.last(), true);
    return rising ? range.values() : range.descendingMap().values();
  }

  /** The records an index knows for a lookup, or null when there is no such index. */
  private @Nullable List<StoredRecord> held(KeyLookup lookup) {
    FormField field = design.form().field(lookup.field());
    if (lookup.field().equals("$id")) {
      return records(lookup.values(), id -> app.record((Long) id));
    }
    if (field == null || !field.unique()) {
      return null;
    }
    return records(lookup.values(), value -> app.holderOf(field, value));
  }

  private static List<StoredRecord> records(
      Set<?> values, Function<Object, @Nullable StoredRecord> holder) {
    List<StoredRecord> records = new ArrayList<>(values.size());
    for (Object value : values) {
      StoredRecord record = holder.apply(value);
      if (record != null) {
        records.add(record);
      }
    }
    return records;
  }
}
