package dev.kintonesync.simulator.rules;

import dev.kintonesync.simulator.query.CompiledQuery;
import dev.kintonesync.simulator.query.Query;
import dev.kintonesync.simulator.query.QueryException;
import dev.kintonesync.simulator.query.Viewer;
import dev.kintonesync.simulator.state.App;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.Domain;
import dev.kintonesync.simulator.state.Permission;
import dev.kintonesync.simulator.state.Rights;
import dev.kintonesync.simulator.state.StoredRecord;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The permissions of a caller on the fields and records of an app, beyond those of the app itself.
 * Unique values are checked among all records, also those that the caller does not see.
 */
public final class PermissionView {
  private final Map<String, Set<Permission>> fields = new HashMap<>();
  private final List<Found> found = new ArrayList<>();
  private final QueryView view;

  private record Found(CompiledQuery query, Set<Permission> permissions) {}

  public PermissionView(Domain domain, Caller caller, App app, Design design) {
    Viewer viewer =
        new Viewer(
            domain.clock().instant(), ZoneId.of(domain.settings().timeZone()), caller.user(), null);
    view = new QueryView(domain, app, design, viewer);
    for (String principal : domain.directory().principals(caller.user())) {
      domain
          .rights()
          .fields(principal, app.id())
          .forEach((code, left) -> fields.merge(code, left, PermissionView::either));
      for (Rights.OfRecords limit : domain.rights().records(principal, app.id())) {
        found.add(new Found(compiled(limit.query(), viewer), limit.permissions()));
      }
    }
  }

  private static Set<Permission> either(Set<Permission> some, Set<Permission> others) {
    Set<Permission> all = new HashSet<>(some);
    all.addAll(others);
    return all;
  }

  /** A query that the form has outgrown finds nothing. */
  private CompiledQuery compiled(String query, Viewer viewer) {
    try {
      return Query.parse(query).compile(view, viewer);
    } catch (QueryException e) {
      return nothing(viewer);
    }
  }

  private CompiledQuery nothing(Viewer viewer) {
    try {
      return Query.parse("$id < 0").compile(view, viewer);
    } catch (QueryException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether something may be done with a record. */
  public boolean may(StoredRecord record, Permission permission) {
    return found.isEmpty()
        || found.stream()
            .filter(limit -> limit.permissions().contains(permission))
            .anyMatch(limit -> limit.query().matches(view.record(record)));
  }

  /** Refuses what may not be done with a record. */
  public void require(StoredRecord record, Permission permission) {
    if (!may(record, permission)) {
      throw ErrorCode.CB_NO02.refuse();
    }
  }

  /** Whether something may be done with a field. */
  public boolean may(String code, Permission permission) {
    Set<Permission> left = fields.get(code);
    return left == null || left.contains(permission);
  }

  /** The codes of the fields that are not shown. */
  public Set<String> hidden() {
    Set<String> hidden = new HashSet<>();
    for (String code : fields.keySet()) {
      if (!may(code, Permission.VIEW)) {
        hidden.add(code);
      }
    }
    return hidden;
  }
}
