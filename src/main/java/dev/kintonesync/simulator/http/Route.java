package dev.kintonesync.simulator.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a call goes.
 *
 * @param path as it was asked for, without its query string
 * @param space the guest space in the path, or null
 * @param resource the part between the version and {@code .json}: {@code records}, {@code
 *     preview/app/form/fields}
 */
record Route(String method, String path, @Nullable Long space, String resource) {
  private static final Pattern PATH =
      Pattern.compile("/k/(?:guest/([0-9]+)/)?v1/([A-Za-z/]+)\\.json");

  /** The route of a path of the REST API, or null for any other path. */
  static @Nullable Route of(String method, String path) {
    Matcher matcher = PATH.matcher(path);
    if (!matcher.matches()) {
      return null;
    }
    return new Route(method, path, space(matcher.group(1)), matcher.group(2));
  }

  /** The number of a space; one that no space has where it is larger than any. */
  private static @Nullable Long space(@Nullable String digits) {
    try {
      return digits == null ? null : Long.valueOf(digits);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }

  Route withMethod(String other) {
    return new Route(other, path, space, resource);
  }
}
