package dev.kintonesync.simulator.state;

import dev.kintonesync.simulator.state.Tokens.Grant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The users, organisations and groups by code, with their names. As long as none of a kind was
 * registered, every code of that kind exists and is its own name.
 */
public final class Directory {
  /** The login name of what is done with an API token. */
  public static final String ADMINISTRATOR = "Administrator";

  /** The three kinds of entities, named as Kintone names them. */
  public enum Kind {
    USER,
    ORGANIZATION,
    GROUP
  }

  private record Code(Kind kind, String code) {}

  private final Map<Code, String> names = new ConcurrentHashMap<>();
  private final Map<String, String> passwords = new ConcurrentHashMap<>();
  private final Map<String, List<Grant>> grants = new ConcurrentHashMap<>();
  private final Map<Code, Set<String>> members = new ConcurrentHashMap<>();

  /** Registers a code; from then on only registered codes of its kind exist. */
  public void register(Kind kind, String code, String name) {
    names.put(new Code(kind, code), name);
  }

  /** Registers a user who has to give this password. */
  public void registerUser(String code, String name, String password) {
    register(Kind.USER, code, name);
    passwords.put(code, password);
  }

  /** Says who is in a group or organisation, besides those who are in it already. */
  public void join(Kind kind, String code, Collection<String> users) {
    members.computeIfAbsent(new Code(kind, code), c -> ConcurrentHashMap.newKeySet()).addAll(users);
  }

  /** How limits name a user, group or organisation. */
  public static String principal(Kind kind, String code) {
    return kind == Kind.USER ? code : kind + ":" + code;
  }

  /** Whether a {@link #principal} is a user, a group or an organisation. */
  public static Kind kindOf(String principal) {
    for (Kind kind : List.of(Kind.GROUP, Kind.ORGANIZATION)) {
      if (principal.startsWith(kind + ":")) {
        return kind;
      }
    }
    return Kind.USER;
  }

  /** The code of a {@link #principal}. */
  public static String codeOf(String principal) {
    Kind kind = kindOf(principal);
    return kind == Kind.USER ? principal : principal.substring(kind.name().length() + 1);
  }

  /** Everything a user is for limits: the user, and the groups and organisations they are in. */
  public List<String> principals(String user) {
    return Stream.concat(
            Stream.of(user),
            members.entrySet().stream()
                .filter(entry -> entry.getValue().contains(user))
                .map(entry -> principal(entry.getKey().kind(), entry.getKey().code())))
        .toList();
  }

  /** Limits a {@link #principal} to an app, besides those it was limited to before. */
  public void permit(String principal, long app, Set<Permission> permissions) {
    grants
        .computeIfAbsent(principal, p -> new CopyOnWriteArrayList<>())
        .add(new Grant(app, Set.copyOf(permissions)));
  }

  /** What a user may do, by themselves and in groups; null when none of them was ever limited. */
  public @Nullable List<Grant> grants(String user) {
    List<Grant> all = new ArrayList<>();
    boolean limited = false;
    for (String principal : principals(user)) {
      List<Grant> some = grants.get(principal);
      limited |= some != null;
      all.addAll(some == null ? List.of() : some);
    }
    return limited ? List.copyOf(all) : null;
  }

  /** The name of a code, or null when it does not exist. */
  public @Nullable String name(Kind kind, String code) {
    String name = names.get(new Code(kind, code));
    if (name != null) {
      return name;
    }
    boolean acceptAny = names.keySet().stream().noneMatch(known -> known.kind() == kind);
    return acceptAny || (kind == Kind.USER && code.equals(ADMINISTRATOR)) ? code : null;
  }

  /** The registered codes of a kind; empty as long as every code exists. */
  public List<String> codes(Kind kind) {
    return names.keySet().stream()
        .filter(known -> known.kind() == kind)
        .map(Code::code)
        .sorted()
        .toList();
  }

  /**
   * Whether a password is right. Any is as long as no user has one; then a user who has none may
   * give any, and a user who does not exist none.
   */
  public boolean accepts(String user, String password) {
    if (passwords.isEmpty()) {
      return true;
    }
    String expected = passwords.get(user);
    return expected == null ? name(Kind.USER, user) != null : expected.equals(password);
  }

  /** Forgets everyone; then every code exists again. */
  public void clear() {
    names.clear();
    passwords.clear();
    grants.clear();
    members.clear();
  }
}
