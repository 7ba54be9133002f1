package dev.kintonesync.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The folder in which properties, the user's routes, runs and journal lie; never the working
 * directory: the start script names it, or {@code --home}. Unpacked from an archive it is the
 * folder of the program as well. Where the two are apart, as in a package of the system, what was
 * shipped is taken from the program unless the home has its own.
 *
 * @param path absolute
 * @param program the folder of the distribution, absolute
 */
record Home(Path path, Path program) {
  /** Set by {@code bin/kintone-sync}: the folder above {@code bin}, unless it is told another. */
  private static final String PROPERTY = "kintone-sync.home";

  /** Set by {@code bin/kintone-sync} to the folder above {@code bin}. */
  static final String PROGRAM = "kintone-sync.program";

  static Home of(@Nullable Path option) {
    Path path = option != null ? option : Path.of(System.getProperty(PROPERTY, "."));
    String program = System.getProperty(PROGRAM);
    return new Home(absolute(path), absolute(program == null ? path : Path.of(program)));
  }

  private static Path absolute(Path folder) {
    return folder.toAbsolutePath().normalize();
  }

  /** The routes that were shipped. */
  Path routes() {
    return shipped("routes", "core");
  }

  /** The user's own routes; the folder may be missing. */
  Path customRoutes() {
    return path.resolve("routes").resolve("custom");
  }

  /** Where the demo works. */
  Path demo() {
    return path.resolve("demo");
  }

  /** The files that the demo copies. */
  Path sample() {
    return shipped("demo", "app.json");
  }

  Path logs() {
    return path.resolve("logs");
  }

  /** Where the documents are: beside the program, or where a package of the system puts them. */
  Path guide() {
    Path beside = program.resolve("README.md");
    Path ofSystem = Path.of("/usr/share/doc/kintone-sync/README.md");
    return !Files.exists(beside) && Files.exists(ofSystem) ? ofSystem : beside;
  }

  /** A folder of the home if it has a part that was shipped, otherwise that of the program. */
  private Path shipped(String folder, String part) {
    Path own = path.resolve(folder);
    Path programs = program.resolve(folder);
    // a folder that is not there is a slip of the pen
    boolean apart = Files.isDirectory(path) && Files.exists(programs.resolve(part));
    return apart && !Files.exists(own.resolve(part)) ? programs : own;
  }
}
