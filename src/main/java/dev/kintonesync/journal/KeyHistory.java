package dev.kintonesync.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.SimilarKeys;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all kept runs of this machine did to one record, found by the indexes of their changes. Runs
 * that only planned did nothing.
 */
public final class KeyHistory {
  private static final Logger log = LoggerFactory.getLogger(KeyHistory.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Journal journal;
  private final Path runs;

  /**
   * The history of an installation.
   *
   * @param runs the folder of all runs; it need not be there
   */
  public KeyHistory(Journal journal, Path runs) {
    this.journal = journal;
    this.runs = runs;
  }

  /**
   * What one run did to the record.
   *
   * @param run the run
   * @param change as {@link ChangesFile} hands it out
   */
  public record Entry(Report run, JsonNode change) {}

  /**
   * How a history was read.
   *
   * @param runs how many folders of runs and plans with changes there are
   * @param unindexed how many of them had to be read in full, at least in part
   */
  public record Extent(int runs, int unindexed) {}

  /**
   * Hands out what was done to a record. Keys that differ only in width, case or leading zeros are
   * taken for the same.
   *
   * @param newestFirst whether the newest run comes first
   * @param which the runs that are asked about
   * @param each takes an entry; false: no more are wanted
   * @throws UserErrorException when changes cannot be read
   */
  public Extent read(
      String key, boolean newestFirst, Predicate<Report> which, Predicate<Entry> each) {
    var folders = folders();
    if (newestFirst) {
      Collections.reverse(folders);
    }
    int unindexed = 0;
    for (Path folder : folders) {
      Path file = folder.resolve(RunFolder.CHANGES);
      var changes = new ArrayList<JsonNode>();
      try {
        unindexed += collect(folder, file, SimilarKeys.folded(key), changes) ? 0 : 1;
      } catch (NoSuchFileException e) {
        continue; // forgotten meanwhile
      } catch (ZipException | JsonProcessingException e) {
        unindexed++;
        log.warn("{} is damaged: what it says behind that place is not found", file, e);
      } catch (IOException e) {
        throw new UserErrorException(MessageCode.FILE_UNREADABLE.with(file, e.toString()), e);
      }
      var run =
          changes.isEmpty() ? null : journal.run(folder.getFileName().toString()).orElse(null);
      if (run == null || run.dry() || !which.test(run)) {
        continue;
      }
      for (JsonNode change : changes) {
        if (!each.test(new Entry(run, change))) {
          return new Extent(folders.size(), unindexed);
        }
      }
    }
    return new Extent(folders.size(), unindexed);
  }

  /** The folders with changes, by their names: the oldest first. */
  private List<Path> folders() {
    var folders = new ArrayList<Path>();
    if (!Files.isDirectory(runs)) {
      return folders;
    }
    try (var all = Files.newDirectoryStream(runs)) {
      for (Path folder : all) {
        if (Files.isRegularFile(folder.resolve(RunFolder.CHANGES))) {
          folders.add(folder);
        }
      }
    } catch (IOException e) {
      throw new UserErrorException(MessageCode.FILE_UNREADABLE.with(runs, e.toString()), e);
    }
    Collections.sort(folders);
    return folders;
  }

  /** Collects the changes of a record; whether the index covered all of them. */
  private static boolean collect(Path folder, Path file, String folded, List<JsonNode> changes)
      throws IOException {
    long size = Files.size(file);
    var found = ChangesIndex.find(folder.resolve(ChangesIndex.NAME), size, folded);
    try (var bytes = new RandomAccessFile(file.toFile(), "r")) {
      for (var member : found.members()) {
        byte[] zipped = new byte[member.length()];
        bytes.seek(member.offset());
        bytes.readFully(zipped);
        collect(new ByteArrayInputStream(zipped), folded, changes);
      }
    }
    if (found.covered() == size) {
      return true;
    }
    try (var rest = Files.newInputStream(file)) {
      rest.skipNBytes(found.covered());
      collect(rest, folded, changes);
    }
    return false;
  }

  private static void collect(InputStream zipped, String folded, List<JsonNode> changes)
      throws IOException {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(new GZIPInputStream(zipped), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (SimilarKeys.folded(ChangesFile.keyOf(line)).equals(folded)) {
          changes.add(JSON.readTree(line));
        }
      }
    } catch (EOFException e) {
      // the end is being written, or its program was killed
    }
  }
}
