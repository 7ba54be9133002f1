package dev.kintonesync.camel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The files that a run can come to from the route it begins with. To make models of all routes and
 * routes of all models takes a good part of a start; jobs that run by themselves, databases, APIs
 * and Kamelets are nothing to one file.
 *
 * <p>The files are the user's to edit, so where one holds anything but routes and templates as they
 * were shipped, or calls what none of them serves, none of them is left out.
 */
final class ReachableRoutes {
  private static final Pattern ENTRY = Pattern.compile("(?m)^- *(\\w+)");
  private static final Set<String> ROUTES = Set.of("route", "routeTemplate");
  private static final Set<String> SHARED = Set.of("routeConfiguration");

  /** Which name a route reads from, as it was shipped. */
  private static final Pattern FROM =
      Pattern.compile("(?m)^ +from:\\R +uri: \"?direct:([\\w-]+)\"?$");

  /** Calls by name; what a Kamelet calls stands elsewhere. */
  private static final Pattern CALL = Pattern.compile("\\b(?:direct|seda|kamelet):([^\\s\"'?,}]*)");

  private ReachableRoutes() {}

  /**
   * Leaves out what cannot be reached.
   *
   * @param first the name of the first route
   * @param files all files of routes
   * @return in the order in which they were given
   */
  static List<Path> from(String first, List<Path> files) throws IOException {
    var texts = new HashMap<Path, String>();
    var serving = new HashMap<String, Path>();
    var reached = new LinkedHashSet<Path>();
    for (Path file : files) {
      String text = Files.readString(file);
      texts.put(file, text);
      var entries = Set.copyOf(found(ENTRY, text));
      if (entries.equals(SHARED)) {
        reached.add(file);
      } else if (!ROUTES.containsAll(entries)) {
        return files;
      }
      found(FROM, text).forEach(name -> serving.put(name, file));
    }
    return follow(first, texts, serving, reached)
        ? files.stream().filter(reached::contains).toList()
        : files;
  }

  /** Adds what can be reached; returns whether all of it is there. */
  private static boolean follow(
      String first, Map<Path, String> texts, Map<String, Path> serving, Set<Path> reached) {
    var open = new ArrayDeque<>(List.of(first));
    while (!open.isEmpty()) {
      Path file = serving.get(open.remove());
      if (file == null) {
        return false;
      }
      if (reached.add(file)) {
        open.addAll(found(CALL, texts.getOrDefault(file, "")));
      }
    }
    return true;
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(found -> found.group(1)).toList();
  }
}
