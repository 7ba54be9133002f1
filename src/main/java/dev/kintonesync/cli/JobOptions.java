package dev.kintonesync.cli;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Job;
import dev.kintonesync.sync.Guard;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that make a job of one file, or change one of the properties for it. */
final class JobOptions {
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(names = "--update-key", paramLabel = "FIELD")
  private @Nullable String updateKey;

  @Option(names = "--map", paramLabel = "COLUMN=FIELD,...")
  private @Nullable String map;

  @Option(names = "--fields", hidden = true, split = ",")
  private List<String> fields = none();

  @Option(names = "--mode", paramLabel = "MODE")
  private @Nullable String mode;

  @Option(names = "--encoding", paramLabel = "NAME")
  private @Nullable String encoding;

  // What few files need stands at the foot of the help, which has to fit on a screen.
  @Option(names = "--header", hidden = true)
  private @Nullable String header;

  @Option(names = "--skip-rows", hidden = true)
  private @Nullable String skipRows;

  @Option(names = "--skip-when", hidden = true)
  private @Nullable String skipWhen;

  @Option(names = "--delimiter", hidden = true)
  private @Nullable String delimiter;

  @Option(names = "--sheet", hidden = true)
  private @Nullable String sheet;

  @Option(names = "--pointer", hidden = true)
  private @Nullable String pointer;

  @Option(names = "--group-by", hidden = true)
  private @Nullable String groupBy;

  @Option(names = "--row-key", hidden = true)
  private @Nullable String rowKey;

  @Option(names = "--table-rows", hidden = true)
  private @Nullable String tableRows;

  @Option(names = "--attachments-dir", hidden = true)
  private @Nullable String attachmentsDir;

  @Option(names = "--attachments", hidden = true)
  private @Nullable String attachments;

  @Option(names = "--job", paramLabel = "NAME")
  private String job = Job.IMPORT;

  /** The job that the options belong to. */
  String job() {
    return job;
  }

  /** What was said, by the keys of the properties. */
  Map<String, String> overrides() {
    return overrides(job);
  }

  /** Returns what was said as properties of another job. */
  Map<String, String> overrides(String named) {
    var said = connection.overrides(named);
    ConnectionOptions.put(said, "job." + named + ".update-key", updateKey);
    ConnectionOptions.put(said, "job." + named + ".map", mapOrFields());
    ConnectionOptions.put(said, "job." + named + ".mode", mode);
    ConnectionOptions.put(said, "job." + named + ".encoding", encoding);
    ConnectionOptions.put(said, "job." + named + ".header", header);
    ConnectionOptions.put(said, "job." + named + ".skip-rows", skipRows);
    ConnectionOptions.put(said, "job." + named + ".skip-when", skipWhen);
    ConnectionOptions.put(said, "job." + named + ".delimiter", delimiter);
    ConnectionOptions.put(said, "job." + named + ".sheet", sheet);
    ConnectionOptions.put(said, "job." + named + ".pointer", pointer);
    ConnectionOptions.put(said, "job." + named + ".group-by", groupBy);
    ConnectionOptions.put(said, "job." + named + ".row-key", rowKey);
    ConnectionOptions.put(said, "job." + named + ".table-rows", tableRows);
    ConnectionOptions.put(
        said, "job." + named + ".attachments-dir", ConnectionOptions.absolute(attachmentsDir));
    ConnectionOptions.put(said, "job." + named + ".attachments", attachments);
    return said;
  }

  /**
   * The columns that are imported, each called by the code of its field; the key is one of them.
   */
  private @Nullable String mapOrFields() {
    if (fields.isEmpty()) {
      return map;
    }
    if (map != null) {
      throw new UserErrorException(MessageCode.MAP_AND_FIELDS.with());
    }
    var codes = new LinkedHashSet<String>();
    if (updateKey != null) {
      codes.add(updateKey);
    }
    fields.forEach(field -> codes.add(field.strip()));
    return Configuration.mapOf(codes);
  }

  /** The guards that a run may pass. */
  static Set<Guard> accepted(List<String> words) {
    var guards = EnumSet.noneOf(Guard.class);
    for (String word : words) {
      guards.add(
          Arrays.stream(Guard.values())
              .filter(guard -> guard.word().equals(word))
              .findFirst()
              .orElseThrow(
                  () -> new UserErrorException(MessageCode.NO_SUCH_GUARD.with(word, names()))));
    }
    return guards;
  }

  private static String names() {
    return Arrays.stream(Guard.values()).map(Guard::word).collect(Collectors.joining(", "));
  }

  /** How many rows are read. */
  static long limit(@Nullable Long said) {
    if (said != null && said < 1) {
      throw new UserErrorException(MessageCode.LIMIT_TOO_SMALL.with(said));
    }
    return said == null ? Long.MAX_VALUE : said;
  }

  /** No option was given. */
  static List<String> none() {
    return new ArrayList<>();
  }
}
