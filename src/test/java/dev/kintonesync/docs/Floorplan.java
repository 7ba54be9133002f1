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
 * @param ids of routes and route templates, each the name of its file as well
 * @param calls such as {@code sync-source --> read-app}
 */
record Floorplan(Set<String> ids, Set<String> calls) {
  private static final Pattern ID = Pattern.compile("(?m)^- route(?:Template)?:\\s+id: (\\S+)$");
  private static final Pattern DIRECT = Pattern.compile("direct:([a-z-]+)");

  static Floorplan ofTheShippedRoutes() throws IOException {
    var plan = new Floorplan(new TreeSet<>(), new TreeSet<>());
    for (Path folder : List.of(Path.of("routes"), Path.of("routes", "core"))) {
      try (var files = Files.newDirectoryStream(folder, "*.camel.yaml")) {
        for (Path file : files) {
          plan.add(file.getFileName().toString(), Files.readString(file));
        }
      }
    }
    return plan;
  }

  private void add(String file, String yaml) {
    String id = file.replace(".camel.yaml", "");
    if (!Document.groups(ID, yaml).equals(List.of(id))) {
      throw new AssertionError(file + " is to hold the route " + id + " and no other");
    }
    ids.add(id);
    Document.groups(DIRECT, yaml).stream()
        .filter(called -> !called.equals(id))
        .forEach(called -> calls.add(id + " --> " + called));
  }
}
