package dev.kintonesync.camel.job;

import dev.kintonesync.camel.run.TimestampedName;
import dev.kintonesync.journal.FilesRead;
import dev.kintonesync.journal.FilesRead.FileRead;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.PlainFile;
import dev.kintonesync.source.file.FileIdentity;
import dev.kintonesync.source.file.OwnFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the files that were read into the folders {@code done} and {@code failed} of a watched
 * folder, and gives back those that turn out to have been read too early: somebody else's file of
 * the same name, or one that a program still writes to a day later.
 */
final class Archive {
  private static final Duration LOOKED_AT_FOR = Duration.ofDays(1);

  private final String job;
  private final FilesRead journal;
  private final Clock clock;
  private final Consumer<UserMessage> listener;
  private final Map<Path, FileRead> files = new ConcurrentHashMap<>();

  Archive(String job, FilesRead journal, Clock clock, Consumer<UserMessage> listener) {
    this.job = job;
    this.journal = journal;
    this.clock = clock;
    this.listener = listener;
    journal.of(job).forEach(file -> files.put(file.path(), file));
  }

  /**
   * Moves a file into a folder below its own. Another file may have been dropped under its name
   * since it was read: that one goes back, for nobody has read it.
   *
   * @param read what the file was when it was read; null when it was not opened
   * @return its name there
   */
  String move(Path file, OwnFolder folder, @Nullable FileIdentity read) throws IOException {
    String name = String.valueOf(file.getFileName());
    String stamped = TimestampedName.on(file, clock);
    folder.take(name, stamped);
    Path moved = folder.path(stamped);
    if (read == null) {
      return stamped;
    }
    if (PlainFile.is(moved) && FileIdentity.of(moved).equals(read)) {
      var known = new FileRead(moved, name, read.size(), read.modified(), clock.instant());
      journal.add(job, known);
      files.put(moved, known);
    } else {
      giveBack(folder, stamped, name);
    }
    return stamped;
  }

  private static Path giveBack(OwnFolder folder, String stamped, String name) throws IOException {
    Path inbox = folder.path("..").normalize();
    boolean taken = Files.exists(inbox.resolve(name), LinkOption.NOFOLLOW_LINKS);
    String back = taken ? stamped : name;
    folder.giveBack(stamped, back);
    return inbox.resolve(back);
  }

  /** Puts files back into the watched folder that were written to after they were read. */
  void giveBackChanged() {
    for (FileRead file : List.copyOf(files.values())) {
      try {
        boolean old = clock.instant().isAfter(file.at().plus(LOOKED_AT_FOR));
        boolean gone = !PlainFile.is(file.path());
        if (!old && !gone && !isChanged(file)) {
          continue;
        }
        files.remove(file.path());
        journal.remove(file.path());
        if (!gone && isChanged(file)) {
          giveBack(file);
        }
      } catch (IOException e) {
        listener.accept(MessageCode.FILE_CANNOT_BE_MOVED.with(file.path(), e));
      }
    }
  }

  private static boolean isChanged(FileRead file) throws IOException {
    return Files.size(file.path()) != file.size()
        || file.wasModified(
            Files.getLastModifiedTime(file.path(), LinkOption.NOFOLLOW_LINKS).toInstant());
  }

  private void giveBack(FileRead file) throws IOException {
    Path folder = file.path().resolveSibling("").normalize();
    Path inbox = folder.resolve("..").normalize();
    try (var own = OwnFolder.in(inbox, String.valueOf(folder.getFileName()))) {
      Path back = giveBack(own, String.valueOf(file.path().getFileName()), file.name());
      listener.accept(MessageCode.FILE_CHANGED_AFTER_IT_WAS_READ.with(file.path(), back));
    }
  }
}
