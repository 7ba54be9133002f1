package dev.kintonesync.camel.job;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Source;
import dev.kintonesync.source.PlainFile;
import dev.kintonesync.source.file.FileEnd;
import dev.kintonesync.source.file.OpenFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells when a file of a folder has arrived whole. A file with a done-file has; any other when it
 * was quiet for the quiet time and no program has it open to write. One whose end looks cut off is
 * waited for six times as long, and files that are newer wait with it, since they may have the same
 * keys.
 */
final class Arrivals {
  /** How many quiet times a file is waited for whose end looks cut off. */
  private static final int PATIENCE = 6;

  /** A file that waits longer than this is told of. */
  private static final Duration TOLD_AFTER = Duration.ofMinutes(1);

  private static final Duration OLD = Duration.ofDays(1);

  private final Source.Folder folder;
  private final Clock clock;
  private final BiConsumer<Path, UserMessage> waits;
  private final Map<Path, Seen> seen = new HashMap<>();

  /** Whether the folder has been looked at by one who watches it. */
  private boolean watched;

  /**
   * How a file looked at the last look.
   *
   * @param since when it first looked so, by {@link System#nanoTime}
   * @param first when it was first seen at all
   */
  private record Seen(long size, FileTime modified, long since, long first) {
    boolean isStill(long sizeNow, FileTime modifiedNow) {
      return size == sizeNow && modified.equals(modifiedNow);
    }
  }

  /**
   * The arrivals in a folder.
   *
   * @param waits is told of a file that has been waiting for a minute, and for what, at each look
   */
  Arrivals(Source.Folder folder, Clock clock, BiConsumer<Path, UserMessage> waits) {
    this.folder = folder;
    this.clock = clock;
    this.waits = waits;
  }

  /**
   * Looks at the files of the folder as one who watches it: only what was seen to be quiet is, save
   * for what was there before the first look.
   *
   * @param files oldest first
   * @return those that have arrived
   */
  synchronized List<Path> look(List<Path> files) {
    boolean first = !watched;
    watched = true;
    return look(files, first);
  }

  /**
   * Looks at the files as one who has just come: the time of a file's last change tells how long it
   * has been quiet.
   */
  synchronized List<Path> firstLook(List<Path> files) {
    return look(files, true);
  }

  private List<Path> look(List<Path> files, boolean byAge) {
    Set<Path> here = new HashSet<>(files);
    seen.keySet().retainAll(here);
    var open = new Lazy(folder.folder());
    var arrived = new ArrayList<Path>();
    for (Path file : files) {
      try {
        Seen now = seen(file, byAge);
        UserMessage pending = pending(file, now, open);
        if (pending == null) {
          arrived.add(file);
          continue;
        }
        if (System.nanoTime() - now.first() > TOLD_AFTER.toNanos()) {
          waits.accept(file, pending);
        }
        if (pending.text() == MessageCode.WAITS_FOR_ITS_END) {
          break;
        }
      } catch (IOException gone) {
        seen.remove(file);
      }
    }
    return arrived;
  }

  /** Why a file is not read yet; null when it has arrived, or is gone. */
  synchronized @Nullable UserMessage pending(Path file) {
    try {
      return pending(file, seen(file, true), new Lazy(folder.folder()));
    } catch (IOException gone) {
      return null;
    }
  }

  private Seen seen(Path file, boolean byAge) throws IOException {
    long size = Files.size(file);
    FileTime modified = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS);
    Seen before = seen.get(file);
    if (before != null && before.isStill(size, modified)) {
      return before;
    }
    long now = System.nanoTime();
    long since = byAge ? now - age(modified).toNanos() : now;
    var seenNow = new Seen(size, modified, since, before == null ? now : before.first());
    seen.put(file, seenNow);
    return seenNow;
  }

  /** How long a file has been as it is by its own time: up to a day, which is long enough. */
  private Duration age(FileTime modified) {
    Duration age = Duration.between(modified.toInstant(), clock.instant());
    return age.isNegative() ? Duration.ZERO : age.compareTo(OLD) > 0 ? OLD : age;
  }

  private @Nullable UserMessage pending(Path file, Seen now, Lazy open) throws IOException {
    var doneFile = folder.doneFile();
    if (doneFile != null) {
      Path done = doneFile.of(file);
      return PlainFile.is(done)
          ? null
          : MessageCode.WAITS_FOR_ITS_DONE_FILE.with(done.getFileName());
    }
    long quiet = System.nanoTime() - now.since();
    if (quiet < folder.quiet().toNanos()) {
      return MessageCode.WAITS_FOR_QUIET.with(folder.quiet().toSeconds());
    }
    if (open.files().has(file)) {
      return MessageCode.WAITS_FOR_ITS_WRITER.with();
    }
    return quiet < folder.quiet().multipliedBy(PATIENCE).toNanos() && !FileEnd.looksComplete(file)
        ? MessageCode.WAITS_FOR_ITS_END.with(folder.quiet().multipliedBy(PATIENCE).toSeconds())
        : null;
  }

  /** What is open in the folder, asked once in a look and only when it matters. */
  private static final class Lazy {
    private final Path folder;
    private @Nullable OpenFiles files;

    Lazy(Path folder) {
      this.folder = folder;
    }

    OpenFiles files() {
      OpenFiles asked = files;
      if (asked == null) {
        asked = OpenFiles.in(folder);
        files = asked;
      }
      return asked;
    }
  }
}
