import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes a Java that has what the program needs and nothing else, of the JDK that runs this. A file
 * without dependencies.
 *
 * <p>Argument: the folder of that Java, which must not exist.
 */
class LinkRuntime {
  /**
   * What {@code jdeps} names for the jars in {@code lib/}, and what they ask for at run time only:
   * character sets (Shift_JIS), Japanese dates, TLS with elliptic curves and client certificates on
   * tokens, names of mail servers, Kerberos of database drivers, and the compiler for routes in
   * Java.
   */
  private static final List<String> MODULES =
      List.of(
          "java.compiler",
          "java.desktop",
          "java.instrument",
          "java.logging",
          "java.management",
          "java.naming",
          "java.net.http",
          "java.prefs",
          "java.rmi",
          "java.scripting",
          "java.security.jgss",
          "java.security.sasl",
          "java.sql",
          "java.sql.rowset",
          "java.transaction.xa",
          "java.xml",
          "jdk.charsets",
          "jdk.compiler",
          "jdk.crypto.cryptoki",
          "jdk.crypto.ec",
          "jdk.httpserver",
          "jdk.jfr",
          "jdk.localedata",
          "jdk.management",
          "jdk.naming.dns",
          "jdk.net",
          "jdk.security.jgss",
          "jdk.unsupported",
          "jdk.zipfs");

  /**
   * Packages of {@code java.desktop} that need a screen, a printer or a loudspeaker, with those in
   * them. Libraries need {@code java.beans} of the same module, and name classes of {@code
   * java.awt}.
   */
  private static final List<String> PACKAGES_LEFT_OUT =
      List.of(
          "com/sun/imageio",
          "com/sun/java",
          "com/sun/media",
          "com/sun/swing",
          "javax/imageio",
          "javax/print",
          "javax/sound",
          "javax/swing",
          "sun/awt",
          "sun/font",
          "sun/java2d",
          "sun/print",
          "sun/swing");

  /** Libraries in machine code of what is left out of {@code java.desktop}. */
  private static final List<String> LIBRARIES_LEFT_OUT =
      List.of(
          "awt",
          "awt_headless",
          "awt_lwawt",
          "awt_xawt",
          "fontmanager",
          "freetype",
          "javajpeg",
          "jawt",
          "jsound",
          "lcms",
          "mlib_image",
          "osxapp",
          "osxui",
          "splashscreen");

  /** The first Java that would tell users that Netty's way of using memory is out of date. */
  private static final int TELLS_OF_UNSAFE = 23;

  private LinkRuntime() {}

  public static void main(String[] args) throws Exception {
    link(Path.of(args[0]));
  }

  private static void link(Path runtime) throws IOException, InterruptedException {
    int version = Runtime.version().feature();
    var words = new ArrayList<String>();
    words.addAll(List.of("--add-modules", String.join(",", MODULES), "--include-locales=en,ja"));
    words.addAll(List.of("--strip-debug", "--no-header-files", "--no-man-pages"));
    // the archive compresses it better
    words.add(version < 21 ? "--compress=0" : "--compress=zip-0");
    Path leftOut = Files.createTempFile("left-out", ".txt");
    Files.write(leftOut, leftOut());
    words.add("--exclude-resources=@" + leftOut);
    words.add(
        "--exclude-files=**/ct.sym,"
            + LIBRARIES_LEFT_OUT.stream()
                .map(name -> "**/lib" + name + ".*,**/" + name + ".dll")
                .collect(Collectors.joining(",")));
    if (version >= TELLS_OF_UNSAFE) {
      words.add("--add-options=--sun-misc-unsafe-memory-access=allow");
    }
    words.addAll(List.of("--output", runtime.toString()));
    var jlink =
        ToolProvider.findFirst("jlink")
            .orElseThrow(() -> new IllegalStateException("this Java has no jlink; take a JDK"));
    int ended = jlink.run(System.out, System.err, words.toArray(String[]::new));
    if (ended != 0) {
      throw new IllegalStateException("jlink ended with " + ended);
    }
    Files.delete(leftOut);
    stripLibraries(runtime);
  }

  /** Takes the names of internal functions out of the libraries of Linux, where there is a tool. */
  private static void stripLibraries(Path runtime) throws IOException, InterruptedException {
    boolean hasTool =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "strip")));
    if (!hasTool || !System.getProperty("os.name").equals("Linux")) {
      return;
    }
    var words = new ArrayList<>(List.of("strip", "--strip-unneeded"));
    try (var files = Files.walk(runtime.resolve("lib"))) {
      files.map(Path::toString).filter(name -> name.endsWith(".so")).forEach(words::add);
    }
    int ended = new ProcessBuilder(words).inheritIO().start().waitFor();
    if (ended != 0) {
      throw new IllegalStateException("strip ended with " + ended);
    }
  }

  /**
   * The classes of the packages that are left out. A module must have what it exports, so each
   * package keeps the smallest of its classes.
   */
  private static List<String> leftOut() throws IOException {
    Path desktop = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules/java.desktop");
    var leftOut = new ArrayList<String>();
    for (String name : PACKAGES_LEFT_OUT) {
      try (var files = Files.walk(desktop.resolve(name))) {
        var byPackage =
            files.filter(Files::isRegularFile).collect(Collectors.groupingBy(Path::getParent));
        for (List<Path> classes : byPackage.values()) {
          classes.stream()
              .sorted(Comparator.comparing(LinkRuntime::size).thenComparing(Path::toString))
              .skip(1)
              .map(file -> "/java.desktop/" + desktop.relativize(file))
              .forEach(leftOut::add);
        }
      }
    }
    return leftOut;
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
