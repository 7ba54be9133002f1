package dev.kintonesync.settings;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The block of a job in {@code application.properties}, as it is being written. */
public final class NewJob {
  private static final int WIDTH = 24;

  private final String name;
  private final List<String> lines = new ArrayList<>();

  /**
   * A block without lines.
   *
   * @param word what the job is to be called; what a name may not have is replaced by hyphens
   * @throws UserErrorException when nothing of it may stand in a name
   */
  public NewJob(String word) {
    this.name = JobKey.allowed(word);
    if (name.isEmpty()) {
      throw new UserErrorException(MessageCode.INIT_NAME.with(word));
    }
  }

  /** The name of the job. */
  public String name() {
    return name;
  }

  /** Appends a line of comment. */
  public NewJob comment(String sentence) {
    lines.add("# " + sentence);
    return this;
  }

  /**
   * Adds a property of the job.
   *
   * @param property such as {@code update-key}
   * @param value as it is meant; it is escaped as far as needed
   */
  public NewJob with(String property, String value) {
    return withKey("job." + name + "." + property, value);
  }

  /** Adds columns and the codes of their fields. */
  public NewJob withMap(Map<String, String> pairs) {
    return with("map", MapReader.written(pairs));
  }

  /** Appends the line of a map, as a comment from which a person makes a line of it. */
  public NewJob mapAsComment(Map<String, String> pairs) {
    return comment("job." + name + ".map = " + PropertiesFile.written(MapReader.written(pairs)));
  }

  /** Adds a property that holds for all jobs. */
  public NewJob withKey(String key, String value) {
    lines.add(
        key + " ".repeat(Math.max(1, WIDTH - key.length())) + "= " + PropertiesFile.written(value));
    return this;
  }

  /** The lines of the block. */
  public String text() {
    return String.join("\n", lines);
  }

  /**
   * Adds the block at the end of {@code application.properties}, which need not be there yet.
   *
   * @throws UserErrorException when that cannot be written
   */
  public void addTo(Path home) {
    Path file = home.resolve("application.properties");
    try {
      if (Files.exists(file)) {
        file = file.toRealPath(); // where a package keeps it, the home has a link to it
      }
      Path whole = file.resolveSibling("application.properties.new");
      String before = Files.exists(file) ? Files.readString(file).stripTrailing() + "\n\n" : "";
      Files.deleteIfExists(whole);
      Files.createFile(whole, PropertiesText.rights(file, "rw-r--r--"));
      Files.writeString(whole, before + text() + "\n", StandardCharsets.UTF_8);
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE); // the other way removes it first
    } catch (IOException e) {
      throw new UserErrorException(MessageCode.OUTPUT_NOT_WRITABLE.with(file), e);
    }
  }
}
