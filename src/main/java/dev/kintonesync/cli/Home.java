package dev.kintonesync.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The folder of the distribution, in which properties, routes, runs and journal lie. Never the
 * working directory: the start script names it, or {@code --home}.
 *
 * @param path absolute
 */
record Home(Path path) {
  /** Set by {@code bin/kintone-sync} to the folder above {@code bin}. */
  private static final String PROPERTY = "kintone-sync.home";

  static Home of(@Nullable Path option) {
    Path named = option != null ? option : Path.of(System.getProperty(PROPERTY, "."));
    return new Home(named.toAbsolutePath().normalize());
  }

  Path routes() {
    return path.resolve("routes");
  }

  Path demo() {
    return path.resolve("demo");
  }

  Path logs() {
    return path.resolve("logs");
  }
}
