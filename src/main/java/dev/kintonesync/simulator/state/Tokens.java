package dev.kintonesync.simulator.state;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The API tokens that were registered. As long as there are none, every token may do everything.
 */
public final class Tokens {
  /** What is allowed at one app. */
  public record Grant(long app, Set<Permission> permissions) {}

  private final Map<String, Grant> grants = new ConcurrentHashMap<>();
  private volatile boolean anyWillDo = true;

  /** Registers a token of an app; from then on only registered tokens are accepted. */
  public void register(String token, long app, Set<Permission> permissions) {
    anyWillDo = false;
    grants.put(token, new Grant(app, Set.copyOf(permissions)));
  }

  /** Revokes a token; it is refused from now on, and so is any that was never registered. */
  public void revoke(String token) {
    anyWillDo = false;
    grants.remove(token);
  }

  /** Whether none was registered or revoked yet, so that any will do. */
  public boolean acceptAny() {
    return anyWillDo;
  }

  /** How many are registered. */
  public int count() {
    return grants.size();
  }

  /** How many of an app are registered. */
  public long count(long app) {
    return grants.values().stream().filter(grant -> grant.app() == app).count();
  }

  /** What a token allows; null when it is not registered. */
  public @Nullable Grant grant(String token) {
    return grants.get(token);
  }

  /** Forgets all; then any token is accepted again. */
  public void clear() {
    grants.clear();
    anyWillDo = true;
  }
}
