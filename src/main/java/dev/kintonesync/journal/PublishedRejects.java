package dev.kintonesync.journal;

import dev.kintonesync.sync.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rejects of sources that are no files, where people look for them. Each is a copy of the one
 * in its run folder and goes before it, but not one that somebody has written to.
 *
 * @param folder the folder of them all, absolute
 */
public record PublishedRejects(Path folder) {
  private static final Logger log = LoggerFactory.getLogger(PublishedRejects.class);

  /** Those of an installation whose data is in this folder. */
  public static PublishedRejects in(Path home) {
    return new PublishedRejects(home.toAbsolutePath().normalize().resolve("rejects"));
  }

  /**
   * Deletes the one of a run, if there is one that nobody has changed.
   *
   * @param runFolder the folder of the run, which still is there
   */
  void delete(Report run, Path runFolder) {
    if (run.rejectsFile() == null || run.ofFile()) {
      return;
    }
    Path published = Path.of(run.rejectsFile()).toAbsolutePath().normalize();
    if (!folder.equals(published.getParent()) || !Files.isRegularFile(published)) {
      return;
    }
    try (var originals = Files.newDirectoryStream(runFolder, "rejects.*")) {
      for (Path original : originals) {
        if (Files.mismatch(original, published) == -1) {
          Files.delete(published);
          return;
        }
      }
    } catch (IOException e) {
      log.warn("{} cannot be deleted", published, e);
    }
  }
}
