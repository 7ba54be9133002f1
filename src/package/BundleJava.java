import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Gives a folder of the distribution a Java of its own, and the classes that a start loads as Java
 * has them in memory. Run by the profile {@code runtime} with the JDK whose parts are taken: a file
 * without dependencies, for Linux, macOS and Windows alike.
 *
 * <p>Arguments: the folder; the time of its files, in ISO 8601.
 */
class BundleJava {
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
          "java.xml.crypto",
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

  /** What needs a screen or a loudspeaker, and the signatures of earlier versions for javac. */
  private static final String LEFT_OUT =
      "**/ct.sym,**/libsplashscreen.*,**/libawt_xawt.*,**/libjawt.*,**/libjsound.*";

  /** The first Java whose kept classes are accepted in whatever folder they are unpacked to. */
  private static final int KEEPS_CLASSES_ANYWHERE = 25;

  /** The first Java that would tell users that Netty's way of using memory is out of date. */
  private static final int TELLS_OF_UNSAFE = 23;

  private final Path folder;
  private final FileTime time;

  private BundleJava(Path folder, FileTime time) {
    this.folder = folder;
    this.time = time;
  }

  public static void main(String[] args) throws Exception {
    var packaged =
        new BundleJava(Path.of(args[0]).toAbsolutePath(), FileTime.from(Instant.parse(args[1])));
    packaged.requireAnswers();
    packaged.link();
    packaged.storeJars();
    packaged.orderJars();
    packaged.setTimes();
    if (Runtime.version().feature() >= KEEPS_CLASSES_ANYWHERE) {
      packaged.keepClasses();
      packaged.setTimes();
    }
  }

  /** Without them the program would work as well, only slowly, and nobody would see it. */
  private void requireAnswers() {
    Path answers = folder.resolve("bin/help/versions.txt");
    if (!Files.isRegularFile(answers)) {
      throw new IllegalStateException("the package lacks " + answers);
    }
  }

  private void link() throws IOException {
    Path runtime = folder.resolve("runtime");
    delete(runtime);
    int version = Runtime.version().feature();
    var words = new ArrayList<String>();
    words.addAll(List.of("--add-modules", String.join(",", MODULES), "--include-locales=en,ja"));
    words.addAll(List.of("--strip-debug", "--no-header-files", "--no-man-pages"));
    // the archive compresses it better
    words.add(version < 21 ? "--compress=0" : "--compress=zip-0");
    words.add("--exclude-files=" + LEFT_OUT);
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
  }

  /**
   * Writes the jars anew without compression and without libraries for other systems.
   *
   * <p>The archive compresses all classes together, which takes a third less than each by itself,
   * and Java reads them without unpacking them once more.
   */
  private void storeJars() throws IOException {
    List<Path> jars;
    try (var files = Files.list(folder.resolve("lib"))) {
      jars = files.filter(file -> file.toString().endsWith(".jar")).toList();
    }
    for (Path jar : jars) {
      Path stored = jar.resolveSibling(jar.getFileName() + ".stored");
      try (var from = new ZipFile(jar.toFile());
          var to = new ZipOutputStream(Files.newOutputStream(stored))) {
        to.setMethod(ZipOutputStream.STORED);
        for (ZipEntry entry : Collections.list(from.entries())) {
          if (isOfAnotherSystem(entry.getName())) {
            continue;
          }
          byte[] content = from.getInputStream(entry).readAllBytes();
          var checksum = new CRC32();
          checksum.update(content);
          var written = new ZipEntry(entry.getName());
          written.setLastModifiedTime(time);
          written.setSize(content.length);
          written.setCrc(checksum.getValue());
          to.putNextEntry(written);
          to.write(content);
          to.closeEntry();
        }
      }
      Files.move(stored, jar, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Whether it is a library in machine code whose path names another system than this one. */
  private static boolean isOfAnotherSystem(String entry) {
    String path = entry.toLowerCase(Locale.ROOT);
    if (!path.matches(".*\\.(so|a|dll|dylib|jnilib)")) {
      return false;
    }
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String names =
        system.startsWith("win")
            ? "win|windows"
            : system.startsWith("mac") ? "darwin|mac|osx|macosx" : "linux";
    String processor =
        System.getProperty("os.arch").matches("amd64|x86_64") ? "amd64|x86_64" : "aarch64|arm64";
    return !path.matches(".*\\b(" + names + ")[/-](" + processor + ")\\b.*");
  }

  /**
   * Java compares the jars with those of the kept classes one by one, and folders have no order.
   */
  private void orderJars() throws IOException {
    Path lib = folder.resolve("lib");
    Path ordered = lib.resolve("classpath.jar");
    Files.deleteIfExists(ordered);
    String names;
    try (var files = Files.list(lib)) {
      names =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".jar"))
              // its own first: what needs no other opens no other
              .sorted(
                  Comparator.comparing((String name) -> !name.startsWith("kintone-sync-"))
                      .thenComparing(Comparator.naturalOrder()))
              .collect(Collectors.joining(" "));
    }
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, names);
    try (var jar = new JarOutputStream(Files.newOutputStream(ordered))) {
      var entry = new ZipEntry("META-INF/MANIFEST.MF");
      entry.setLastModifiedTime(time);
      jar.putNextEntry(entry);
      manifest.write(jar);
      jar.closeEntry();
    }
  }

  /** The archive keeps them as they are, and kept classes are for files of exactly this time. */
  private void setTimes() throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(found -> !Files.isSymbolicLink(found)).toList()) {
        Files.setLastModifiedTime(file, time);
      }
    }
  }

  /** The demo leads a start through all that an import needs. */
  private void keepClasses() throws Exception {
    Path home = Files.createTempDirectory("kintone-sync-home");
    Path classes = folder.resolve("lib").resolve("classes.aot");
    Files.deleteIfExists(classes);
    // as it has rows to reject, it ends with 1
    run(1, List.of("-XX:AOTCacheOutput=" + classes), home, "demo", "--once", "--lang", "en");
    run(
        0,
        List.of("-XX:AOTMode=on", "-XX:AOTCache=" + classes, "-Xlog:aot=error"),
        home,
        "--version");
    delete(home);
  }

  private void run(int expected, List<String> options, Path home, String... arguments)
      throws Exception {
    String java = File.separatorChar == '\\' ? "bin/java.exe" : "bin/java";
    var words = new ArrayList<String>();
    words.add(folder.resolve("runtime").resolve(java).toString());
    words.addAll(options);
    // as the start script has them
    words.addAll(
        List.of(
            "-Xms32m",
            "-Xmn16m",
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dfile.encoding=UTF-8",
            "-Dkintone-sync.home=" + home,
            "-Dkintone-sync.program=" + folder,
            "-cp",
            folder.resolve("lib").resolve("classpath.jar").toString(),
            "dev.kintonesync.cli.Start"));
    words.addAll(List.of(arguments));
    Path said = Files.createTempFile("kintone-sync", ".txt");
    var builder = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(said.toFile());
    builder.environment().keySet().removeIf(name -> name.matches("JAVA_TOOL_OPTIONS|KINTONE_.*"));
    int ended = builder.start().waitFor();
    if (ended != expected) {
      throw new IllegalStateException(
          words + " ended with " + ended + ": " + Files.readString(said));
    }
    Files.delete(said);
  }

  private static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (var files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
