package dev.kintonesync.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.journal.ChangesFile;
import dev.kintonesync.journal.RejectReasons;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.source.file.SourceFile;
import dev.kintonesync.sync.RejectRef;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** What lies in the folder of a run, for people to look at. */
public final class RunFiles {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path runs;

  /**
   * The folders of runs.
   *
   * @param runs the folder of all
   */
  public RunFiles(Path runs) {
    this.runs = runs;
  }

  /**
   * A rejected row.
   *
   * @param row where it stands in its source, counted from 1; 0 when that is not known
   * @param values column to value as text
   * @param reason why it was rejected, in the language of people
   */
  public record RejectedRow(long row, Map<String, String> values, String reason) {}

  /**
   * Which part of a list is wanted.
   *
   * @param from how many of those that match are passed over
   * @param most how many are wanted
   * @param key a part of the key, whatever its case; empty: any
   */
  public record Part(long from, int most, String key) {
    /** The beginning of a list. */
    public static Part first(int most) {
      return new Part(0, most, "");
    }

    private boolean concerns(String text) {
      return key.isEmpty() || text.toLowerCase(Locale.ROOT).contains(key.toLowerCase(Locale.ROOT));
    }
  }

  /**
   * A part of a list, and whether it goes on.
   *
   * @param <T> of what
   */
  public record Beginning<T>(List<T> first, boolean more) {}

  /**
   * The plan of a run that waits until a person lets it happen, as its run folder keeps it.
   *
   * @param run a name that stands in the journal
   */
  public Optional<Path> plan(String run) {
    return folder(run).map(folder -> folder.resolve("plan.json")).filter(Files::exists);
  }

  /**
   * The plan of a run as one HTML file, as its run folder keeps it.
   *
   * @param run a name that stands in the journal
   */
  public Optional<Path> planPage(String run) {
    return folder(run).map(folder -> folder.resolve("plan.html")).filter(Files::exists);
  }

  /**
   * The rejects file of a run, as its run folder keeps it.
   *
   * @param run a name that stands in the journal
   */
  public Optional<Path> rejects(String run) {
    var folder = folder(run);
    if (folder.isEmpty()) {
      return Optional.empty();
    }
    try (var files = Files.newDirectoryStream(folder.get(), "rejects.*")) {
      for (Path file : files) {
        return Optional.of(file);
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder of a run, and none elsewhere. */
  private Optional<Path> folder(String run) {
    Path folder = runs.resolve(run).normalize();
    return runs.equals(folder.getParent()) && Files.isDirectory(folder)
        ? Optional.of(folder)
        : Optional.empty();
  }

  /**
   * Rejected rows of a run; none while they cannot be read. Those are looked for by the key that
   * their reference has, or by any value where it has none.
   */
  public Beginning<RejectedRow> rejectedRows(String run, Part part, MessageBundle bundle) {
    var found = rowsOfFile(run, part, bundle);
    return new Beginning<>(said(run, found.first(), bundle), found.more());
  }

  private Beginning<RejectedRow> rowsOfFile(String run, Part part, MessageBundle bundle) {
    var rows = new ArrayList<RejectedRow>();
    var file = rejects(run);
    if (file.isEmpty()) {
      return new Beginning<>(rows, false);
    }
    try (var reader = SourceFile.open(file.get(), SourceOptions.DEFAULT)) {
      long passed = 0;
      while (reader.hasNext()) {
        var row = reader.next();
        if (!part.concerns(keyOf(row)) || passed++ < part.from()) {
          continue;
        }
        if (rows.size() == part.most()) {
          return new Beginning<>(rows, true);
        }
        var values = new LinkedHashMap<String, String>();
        row.values().forEach((column, value) -> values.put(column, shown(value)));
        if (values.isEmpty()) {
          putAsTheyStand(row, reader.columns(), values);
        }
        var problem = row.problem();
        String said = row.earlierError();
        if (said == null && problem == null) {
          continue; // another row of a record whose reason stands in the row that it is about
        }
        String ref = row.ref();
        rows.add(
            new RejectedRow(
                ref == null ? 0 : RejectRef.rowOf(ref),
                values,
                said != null ? said : problem == null ? "" : bundle.say(problem)));
      }
    } catch (UserErrorException | UncheckedIOException e) {
      return new Beginning<>(rows, true); // it is being written, or a person has it open
    }
    return new Beginning<>(rows, false);
  }

  /** The rows with their reasons in the language of the reader, where the run has kept them. */
  private List<RejectedRow> said(String run, List<RejectedRow> rows, MessageBundle bundle) {
    var numbers =
        rows.stream().map(RejectedRow::row).filter(row -> row > 0).collect(Collectors.toSet());
    var reasons = folder(run).map(folder -> RejectReasons.of(folder, numbers)).orElse(Map.of());
    return rows.stream()
        .map(
            row -> {
              var reason = reasons.get(row.row());
              return reason == null
                  ? row
                  : new RejectedRow(row.row(), row.values(), bundle.say(reason));
            })
        .toList();
  }

  private static String keyOf(SourceRecord row) {
    String ref = row.ref();
    String key = ref == null ? null : RejectRef.keyOf(ref);
    return key == null ? String.valueOf(row.values().values()) + row.rows() : key;
  }

  /** A row that could not be read: what stands under which column is a guess. */
  private static void putAsTheyStand(
      SourceRecord row, List<String> columns, Map<String, String> values) {
    if (!row.rows().isEmpty()) {
      List<String> fields = row.rows().get(0);
      for (int i = 0; i < Math.min(fields.size(), columns.size()); i++) {
        values.put(columns.get(i), fields.get(i));
      }
    }
  }

  private static String shown(@Nullable Object value) {
    return value == null ? "" : String.valueOf(value);
  }

  /** Changes of a run, as its record of changes has them. */
  public Beginning<JsonNode> changes(String run, Part part) {
    var changes = new ArrayList<JsonNode>();
    var file = folder(run).map(folder -> folder.resolve("changes.jsonl.gz"));
    if (file.isEmpty() || !Files.isRegularFile(file.get())) {
      return new Beginning<>(changes, false);
    }
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file.get())), StandardCharsets.UTF_8))) {
      String line;
      long passed = 0;
      while ((line = lines.readLine()) != null) {
        if ((!part.key().isEmpty() && !part.concerns(ChangesFile.keyOf(line)))
            || passed++ < part.from()) {
          continue;
        }
        if (changes.size() == part.most()) {
          return new Beginning<>(changes, true);
        }
        changes.add(JSON.readTree(line));
      }
    } catch (EOFException | ZipException | JsonProcessingException e) {
      return new Beginning<>(changes, true); // its end is being written, or damaged
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Beginning<>(changes, false);
  }
}
