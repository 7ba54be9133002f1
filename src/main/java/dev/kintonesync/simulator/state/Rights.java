package dev.kintonesync.simulator.state;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What users and groups, each as a {@link Directory#principal}, may do with single fields and
 * records of an app. Who was limited nowhere may do there what the app allows. What is done with an
 * API token is done by the user Administrator.
 */
public final class Rights {
  private record PrincipalInApp(String principal, long app) {}

  /** What is allowed with the records that a query finds. */
  public record OfRecords(String query, Set<Permission> permissions) {}

  private final Map<PrincipalInApp, Map<String, Set<Permission>>> fields =
      new ConcurrentHashMap<>();
  private final Map<PrincipalInApp, List<OfRecords>> records = new ConcurrentHashMap<>();

  /**
   * Limits a user or group at one field of an app, to viewing it, to that and editing it, or to
   * nothing.
   */
  public void limitField(String principal, long app, String code, Set<Permission> permissions) {
    fields
        .computeIfAbsent(new PrincipalInApp(principal, app), place -> new ConcurrentHashMap<>())
        .put(code, Set.copyOf(permissions));
  }

  /**
   * Limits a user or group to the records of an app that a query finds, and to some of what can be
   * done with them. More calls add more of them.
   */
  public void limitRecords(String principal, long app, String query, Set<Permission> permissions) {
    records
        .computeIfAbsent(new PrincipalInApp(principal, app), place -> new CopyOnWriteArrayList<>())
        .add(new OfRecords(query, Set.copyOf(permissions)));
  }

  /** The fields a user is limited at, with what is left. */
  public Map<String, Set<Permission>> fields(String principal, long app) {
    return fields.getOrDefault(new PrincipalInApp(principal, app), Map.of());
  }

  /** The records a user is limited to; empty when to none. */
  public List<OfRecords> records(String principal, long app) {
    return records.getOrDefault(new PrincipalInApp(principal, app), List.of());
  }

  /** Everybody who is limited at fields of an app, with what is left of them. */
  public SortedMap<String, Map<String, Set<Permission>>> fields(long app) {
    return at(fields, app);
  }

  /** Everybody who is limited to records of an app. */
  public SortedMap<String, List<OfRecords>> records(long app) {
    return at(records, app);
  }

  private static <T> SortedMap<String, T> at(Map<PrincipalInApp, T> limits, long app) {
    SortedMap<String, T> there = new TreeMap<>();
    limits.forEach(
        (place, limit) -> {
          if (place.app() == app) {
            there.put(place.principal(), limit);
          }
        });
    return there;
  }

  /** Forgets all limits. */
  public void clear() {
    fields.clear();
    records.clear();
  }
}
