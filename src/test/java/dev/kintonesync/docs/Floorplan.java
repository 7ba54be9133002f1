package dev.kintonesync.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The shipped routes by their ids, and which of them calls which.
 *
 * @param ids of routes and route templates
 * @param calls such as {@code sync-source --> read-app}
 */
record Floorplan(Set<String> ids, Set<String> calls) {
  private static final Pattern ROUTE =
      Pattern.compile("(?ms)^- route(?:Template)?:\\s+id: (\\S+)$(.*?)(?=^- |\\z)");
  private static final Pattern DIRECT = Pattern.compile("direct:([a-z-]+)");

  static Floorplan ofTheShippedRoutes() throws IOException {
    var plan = new Floorplan(new TreeSet<>(), new TreeSet<>());
    for (Path folder : List.of(Path.of("routes"), Path.of("routes", "core"))) {
      try (var files = Files.newDirectoryStream(folder, "*.camel.yaml")) {
        for (Path file : files) {
          ROUTE
              .matcher(Files.readString(file))
              .results()
              .forEach(route -> plan.add(route.group(1), route.group(2)));
        }
      }
    }
    return plan;
  }

  private void add(String id, String steps) {
    ids.add(id);
    Document.groups(DIRECT, steps).stream()
        .filter(called -> !called.equals(id))
        .forEach(called -> calls.add(id + " --> " + called));
  }
}
