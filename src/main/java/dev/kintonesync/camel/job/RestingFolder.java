package dev.kintonesync.camel.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a folder in which nothing waited is as it was, so that nobody need look into it: the
 * time of a folder changes when a file comes, goes or gets another name. One thread at a time.
 */
final class RestingFolder {
  /** So many looks are left out in a row; then one is taken, whatever the time of the folder. */
  private static final int MOST_LEFT_OUT = 9;

  /** How exactly the coarsest file systems keep times: FAT takes two seconds for one. */
  private static final Duration COARSEST = Duration.ofSeconds(2);

  private final Path folder;
  private final Clock clock;

  /**
   * The time that the folder had before the last look, in which nothing waited; null: it rests not.
   */
  private @Nullable FileTime time;

  private int leftOut;

  RestingFolder(Path folder, Clock clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /** Whether a look into the folder may be left out. */
  boolean rests() {
    boolean rests = time != null && leftOut < MOST_LEFT_OUT && time.equals(now());
    leftOut = rests ? leftOut + 1 : 0;
    return rests;
  }

  /** The time of the folder, to be taken before a look; null: it is out of reach. */
  @Nullable FileTime now() {
    try {
      return Files.getLastModifiedTime(folder);
    } catch (IOException outOfReach) {
      return null;
    }
  }

  /**
   * A look into the folder is over.
   *
   * @param before the time of the folder before it
   * @param waits whether there was anything that may have to be looked at again
   */
  void looked(@Nullable FileTime before, boolean waits) {
    boolean mayChangeUnseen =
        before == null || clock.instant().isBefore(before.toInstant().plus(COARSEST));
    time = waits || mayChangeUnseen ? null : before;
  }
}
