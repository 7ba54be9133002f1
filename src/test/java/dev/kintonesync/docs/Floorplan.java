package dev.kintonesync.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The files of the shipped routes, and which of them calls which. A file holds the one route whose
 * id is its name, but for the places where the user's routes take part, which stand together.
 *
 * @param ids the names of the files
 * @param calls such as {@code sync-source --> read-app}
 */
record Floorplan(Set<String> ids, Set<String> calls) {
  private static final String OF_USERS = "hooks";
  private static final Pattern ID = Pattern.compile("(?m)^- route(?:Template)?:\\s+id: (\\S+)$");
  private static final Pattern DIRECT = Pattern.compile("direct:([a-z-]+)");
  private static final Pattern HOOK = Pattern.compile("ref: kintoneHooks, method");

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

  /** What the user's own routes may serve or call: the hooks and the Kamelets. */
  static Set<String> ofUsers() throws IOException {
    var names =
        new TreeSet<>(
            Document.groups(
                DIRECT, Files.readString(Path.of("routes", "core", OF_USERS + ".camel.yaml"))));
    try (var files = Files.newDirectoryStream(Path.of("kamelets"), "*.kamelet.yaml")) {
      files.forEach(file -> names.add(file.getFileName().toString().replace(".kamelet.yaml", "")));
    }
    return names;
  }

  private void add(String file, String yaml) {
    if (yaml.startsWith("- routeConfiguration:")) {
      return; // no route, but what several of them have in common
    }
    String id = file.replace(".camel.yaml", "");
    ids.add(id);
    if (id.equals(OF_USERS)) {
      return; // whom it calls is up to them
    }
    if (!Document.groups(ID, yaml).equals(List.of(id))) {
      throw new AssertionError(file + " is to hold the route " + id + " and no other");
    }
    Document.groups(DIRECT, yaml).stream()
        .filter(called -> !called.equals(id))
        .forEach(called -> calls.add(id + " --> " + called));
    if (HOOK.matcher(yaml).find()) {
      calls.add(id + " --> " + OF_USERS);
    }
  }
}
