import java.io.File;
import java.io.IOException;
import java.net.URI;
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
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Gives a folder of the distribution a Java of its own, and the classes that a start loads as Java
 * has them in memory. Run by the profile {@code runtime} with the JDK whose parts are taken: files
 * without dependencies, for Linux, macOS and Windows alike.
 *
 * <p>Arguments: the folder; the time of its files, in ISO 8601.
 */
class BundleJava {
  /** The first Java whose kept classes are accepted in whatever folder they are unpacked to. */
  private static final int KEEPS_CLASSES_ANYWHERE = 25;

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
    Path runtime = packaged.folder.resolve("runtime");
    delete(runtime);
    runBeside("LinkRuntime.java", runtime);
    if (Runtime.version().feature() >= KEEPS_CLASSES_ANYWHERE) {
      // of classes in older formats Java keeps none; older Javas do not know how to renew them
      runBeside("RenewClasses.java", packaged.folder.resolve("lib"));
    }
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

  /** Has a program beside this one do its part. */
  private static void runBeside(String program, Path argument) throws Exception {
    URI here = BundleJava.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    int ended =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                Path.of(here).resolveSibling(program).toString(),
                argument.toString())
            .inheritIO()
            .start()
            .waitFor();
    if (ended != 0) {
      throw new IllegalStateException(program + " ended with " + ended);
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

  /**
   * Keeps what an import of a small file loads: it is started most often, and most of its time is
   * the start. All other commands share most of these classes with it.
   */
  private void keepClasses() throws Exception {
    Path home = Files.createTempDirectory("kintone-sync-home");
    Path before = Files.createTempDirectory("kintone-sync-home");
    Path classes = folder.resolve("lib").resolve("classes.aot");
    Files.deleteIfExists(classes);
    Path said = home.resolve("simulator.txt");
    Process simulator =
        start(said, List.of(), home, "simulate", "--app-file=" + folder.resolve("demo/app.json"));
    try {
      String url = url(simulator, said);
      importDemo(0, List.of(), before, url, "postal-codes-last-month.csv");
      // adds, changes and leaves alone; as the file has rows to reject, it ends with 1
      importDemo(
          1, List.of("-XX:AOTCacheOutput=" + classes), home, url, "postal-codes-this-month.csv");
    } finally {
      simulator.destroy();
      simulator.waitFor();
    }
    run(
        0,
        List.of("-XX:AOTMode=on", "-XX:AOTCache=" + classes, "-Xlog:aot=error"),
        home,
        "--version");
    delete(home);
    delete(before);
  }

  private void importDemo(int expected, List<String> options, Path home, String url, String file)
      throws Exception {
    run(
        expected,
        options,
        home,
        "import",
        "--base-url=" + url,
        "--app=1",
        "--api-token=training",
        "--update-key=postal_code",
        "--file-path=" + folder.resolve("demo").resolve(file));
  }

  /** Waits until the simulator has said where it answers. */
  private static String url(Process simulator, Path said) throws Exception {
    while (!simulator.waitFor(100, TimeUnit.MILLISECONDS)) {
      var found = Pattern.compile("http://127\\.0\\.0\\.1:\\d+").matcher(Files.readString(said));
      if (found.find()) {
        return found.group();
      }
    }
    throw new IllegalStateException("the simulator has ended: " + Files.readString(said));
  }

  private void run(int expected, List<String> options, Path home, String... arguments)
      throws Exception {
    Path said = Files.createTempFile("kintone-sync", ".txt");
    int ended = start(said, options, home, arguments).waitFor();
    if (ended != expected) {
      throw new IllegalStateException(
          List.of(arguments) + " ended with " + ended + ": " + Files.readString(said));
    }
    Files.delete(said);
  }

  private Process start(Path said, List<String> options, Path home, String... arguments)
      throws IOException {
    String java = File.separatorChar == '\\' ? "bin/java.exe" : "bin/java";
    var words = new ArrayList<String>();
    words.add(folder.resolve("runtime").resolve(java).toString());
    words.addAll(options);
    // as the start script has them
    words.addAll(
        List.of(
            "-Xms32m",
            "-Xmn16m",
            "-Xmx192m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dfile.encoding=UTF-8",
            "-Dkintone-sync.home=" + home,
            "-Dkintone-sync.program=" + folder,
            "-cp",
            folder.resolve("lib").resolve("classpath.jar").toString(),
            "dev.kintonesync.cli.Start"));
    words.addAll(List.of(arguments));
    words.add("--lang=en");
    var builder = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(said.toFile());
    builder.environment().keySet().removeIf(name -> name.matches("JAVA_TOOL_OPTIONS|KINTONE_.*"));
    return builder.start();
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
