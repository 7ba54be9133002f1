package dev.kintonesync.settings;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.PropertiesFile.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text of a file of properties, of which single entries are set and removed. All other lines,
 * comments among them, stay as they are, byte for byte. Immutable.
 */
public final class PropertiesText {
  private static final String APPLICATION = "application.properties";
  private static final String SECRETS = "secrets.properties";
  private static final int WIDTH = 24;

  /** Behind each end of a line. */
  private static final Pattern LINES = Pattern.compile("(?<=\n)|(?<=\r)(?!\n)");

  private final Path file;
  private final String text;
  private final List<Entry> entries;

  private PropertiesText(Path file, String text) {
    this.file = file;
    this.text = text;
    this.entries = PropertiesFile.of(file, text.getBytes(StandardCharsets.UTF_8)).entries();
  }

  /**
   * What all jobs of a home are like; no entries where there is no file yet.
   *
   * @throws UserErrorException when the file cannot be understood: where
   */
  public static PropertiesText ofJobs(Path home) {
    return read(home.resolve(APPLICATION));
  }

  /**
   * The secrets of a home; no entries where there is no file yet.
   *
   * @throws UserErrorException when the file cannot be understood, or others may read it
   */
  public static PropertiesText ofSecrets(Path home) {
    Path file = home.resolve(SECRETS);
    if (Files.exists(file)) {
      Configuration.refuseWhenOthersCanRead(file);
    }
    return read(file);
  }

  private static PropertiesText read(Path file) {
    try {
      Path real = Files.exists(file) ? file.toRealPath() : file; // a package keeps it elsewhere
      if (!Files.exists(real)) {
        return new PropertiesText(real, "");
      }
      PropertiesFile.read(real); // refuses what is not UTF-8
      return new PropertiesText(real, Files.readString(real));
    } catch (IOException e) {
      throw new UserErrorException(MessageCode.FILE_UNREADABLE.with(file, e), e);
    }
  }

  /** The whole text. */
  public String text() {
    return text;
  }

  /** The value of a key; null when nothing is said of it. */
  public @Nullable String value(String key) {
    return entries.stream()
        .filter(entry -> entry.key().equals(key))
        .findFirst()
        .map(Entry::value)
        .orElse(null);
  }

  /** What is said of a job, by its properties without its name. */
  public Map<String, String> ofJob(String job) {
    var found = new LinkedHashMap<String, String>();
    for (Entry entry : entries) {
      var key = JobKey.of(entry.key());
      if (key != null && key.job().equals(job)) {
        found.put(key.property(), entry.value());
      }
    }
    return found;
  }

  /** The lines that say something of a job, each with its end. */
  public String linesOfJob(String job) {
    var lines = new StringBuilder();
    entries.stream().filter(of(job)).forEach(entry -> lines.append(lines(entry)));
    return lines.toString();
  }

  /** The names of the jobs that something is said of, in the order of the file. */
  public List<String> jobs() {
    var jobs = new LinkedHashSet<String>();
    for (Entry entry : entries) {
      var key = JobKey.of(entry.key());
      if (key != null) {
        jobs.add(key.job());
      }
    }
    return List.copyOf(jobs);
  }

  /** Returns a text with the block of a new job behind all others. */
  public PropertiesText withBlock(NewJob block) {
    String lines = block.text().replace("\n", lineEnd()) + lineEnd();
    boolean first = text.isEmpty() || text.equals("\uFEFF");
    return new PropertiesText(file, ended(text) + (first ? "" : lineEnd()) + lines);
  }

  private static Predicate<Entry> of(String job) {
    return entry -> {
      var key = JobKey.of(entry.key());
      return key != null && key.job().equals(job);
    };
  }

  private String lines(Entry entry) {
    return String.join("", List.of(LINES.split(text)).subList(entry.line() - 1, entry.last()));
  }

  /** Returns a text in which a job has these properties and no others. */
  public PropertiesText withJob(String job, Map<String, String> properties) {
    var before = ofJob(job);
    var changes = new LinkedHashMap<String, @Nullable String>();
    before.keySet().stream()
        .filter(property -> !properties.containsKey(property))
        .forEach(property -> changes.put(key(job, property), null));
    properties.forEach(
        (property, value) -> {
          if (!value.equals(before.get(property))) {
            changes.put(key(job, property), value);
          }
        });
    return with(changes);
  }

  private static String key(String job, String property) {
    return "job." + job + "." + property;
  }

  /**
   * Returns a text with other values: a line that is there is replaced, a new one stands behind the
   * last of its job, or at the end.
   *
   * @param values by their keys; null removes
   */
  public PropertiesText with(Map<String, @Nullable String> values) {
    var result = this;
    for (var change : values.entrySet()) {
      result = result.with(change.getKey(), change.getValue());
    }
    return result;
  }

  private PropertiesText with(String key, @Nullable String value) {
    var lines = new ArrayList<>(List.of(LINES.split(text)));
    String written = value == null ? "" : line(key, value);
    var there = entries.stream().filter(entry -> entry.key().equals(key)).findFirst();
    if (there.isPresent()) {
      var old = lines.subList(there.get().line() - 1, there.get().last());
      String start = old.get(0).startsWith("\uFEFF") ? "\uFEFF" : "";
      boolean ends = old.get(old.size() - 1).matches("(?s).*[\r\n]");
      old.clear();
      String end = ends && value != null ? lineEnd() : "";
      if (value != null || !start.isEmpty()) {
        lines.add(there.get().line() - 1, start + written + end);
      }
      return new PropertiesText(file, String.join("", lines));
    }
    if (value == null) {
      return this;
    }
    var jobKey = JobKey.of(key);
    var neighbours =
        entries.stream().filter(entry -> jobKey != null && of(jobKey.job()).test(entry)).toList();
    if (neighbours.isEmpty()) {
      String gap = text.isEmpty() || text.equals("\uFEFF") || jobKey == null ? "" : lineEnd();
      return new PropertiesText(file, ended(text) + gap + written + lineEnd());
    }
    int at = neighbours.get(neighbours.size() - 1).last();
    lines.set(at - 1, ended(lines.get(at - 1)));
    lines.add(at, written + lineEnd());
    return new PropertiesText(file, String.join("", lines));
  }

  private String ended(String piece) {
    return piece.isEmpty() || piece.equals("\uFEFF") || piece.matches("(?s).*[\r\n]")
        ? piece
        : piece + lineEnd();
  }

  private String lineEnd() {
    return text.contains("\r\n") ? "\r\n" : "\n";
  }

  private static String line(String key, String value) {
    return key
        + " ".repeat(Math.max(1, WIDTH - key.length()))
        + "= "
        + PropertiesFile.written(value);
  }

  /**
   * Puts the text in the place of the file, whole or not at all.
   *
   * @param backup whether what was there before is kept beside it, as {@code .bak}
   * @throws UserErrorException when that cannot be done
   */
  public void write(boolean backup) {
    try {
      String name = String.valueOf(file.getFileName());
      if (backup && Files.exists(file)) {
        Files.copy(
            file,
            file.resolveSibling(name + ".bak"),
            StandardCopyOption.REPLACE_EXISTING,
            StandardCopyOption.COPY_ATTRIBUTES);
      }
      Path whole = file.resolveSibling(name + ".new");
      Files.deleteIfExists(whole);
      Files.createFile(whole, rights(file, name.equals(SECRETS) ? "rw-------" : "rw-r--r--"));
      Files.writeString(whole, text);
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE); // the other way removes it first
    } catch (IOException e) {
      throw new UserErrorException(MessageCode.OUTPUT_NOT_WRITABLE.with(file), e);
    }
  }

  /** Those of the earlier file; never for others to write, as a umask might have it. */
  static FileAttribute<?>[] rights(Path file, String ofNew) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[0];
    }
    var rights =
        Files.exists(file)
            ? Files.getPosixFilePermissions(file)
            : PosixFilePermissions.fromString(ofNew);
    return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(rights)};
  }
}
