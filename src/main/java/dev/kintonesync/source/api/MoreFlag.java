package dev.kintonesync.source.api;

import com.fasterxml.jackson.core.JsonToken;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The member by which an API says whether there is another page. Where nobody names it, the usual
 * names are known, beside the rows, beside the next page and at the top; of them only a plain false
 * is believed.
 */
final class MoreFlag {
  private static final Set<String> USUAL =
      Set.of("hasmore", "hasnext", "hasnextpage", "hasmorepages", "hasmoreitems");

  private final @Nullable List<String> pointer;
  private final Set<List<String>> places;

  /**
   * The member of an API.
   *
   * @param pointer where it stands; null: nobody says it
   * @param list the way to the rows
   * @param next the way to the next page; null for none
   */
  MoreFlag(@Nullable String pointer, List<String> list, @Nullable List<String> next) {
    this.pointer = pointer == null ? null : AnswerLayout.steps(pointer);
    this.places = new HashSet<>(List.of(parent(list), parent(next)));
  }

  private static List<String> parent(@Nullable List<String> path) {
    return path == null || path.isEmpty() ? List.of() : path.subList(0, path.size() - 1);
  }

  /** Whether a value on this way is the member. */
  boolean standsAt(List<String> path) {
    if (pointer != null || path.isEmpty()) {
      return path.equals(pointer);
    }
    String name = path.get(path.size() - 1).replace("_", "").replace("-", "");
    return USUAL.contains(name.toLowerCase(Locale.ROOT))
        && (path.size() == 1 || places.contains(parent(path)));
  }

  /** What the member says; null for nothing that can be relied on. */
  @Nullable Boolean read(JsonToken token, String text) {
    if (pointer == null) {
      return token == JsonToken.VALUE_FALSE ? Boolean.FALSE : null;
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "false", "0", "null", "" -> Boolean.FALSE;
      case "true", "1" -> Boolean.TRUE;
      default -> null;
    };
  }
}
