package dev.kintonesync.camel;

import dev.kintonesync.message.Catalogue;
import dev.kintonesync.message.Message;
import dev.kintonesync.message.Text;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Source;
import dev.kintonesync.source.FileIdentity;
import dev.kintonesync.source.WaitingFiles;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.jspecify.annotations.Nullable;

/**
 * Stands at the door of a watched folder: says which files may come in and when, and where a file
 * goes after its run. A file whose run stopped stays, and with it all later files of the job, for a
 * pause that grows from one attempt to the next.
 */
public final class FolderGate implements GenericFileFilter<File> {

  private final Job job;
  private final Catalogue catalogue;
  private final Clock clock;
  private final Attempts attempts;

  /** Files that were only looked at, because the job writes nothing. */
  private final Map<Path, FileIdentity> lookedAt = new ConcurrentHashMap<>();

  /** The file of the last run, if that was refused. */
  private volatile @Nullable Refused refused;

  /**
   * What a file looked like when its run was refused.
   *
   * @param size in bytes
   * @param modified when it was last written, as the file system says
   */
  private record Refused(File file, long size, long modified) {
    static Refused of(File file) {
      return new Refused(file, file.length(), file.lastModified());
    }
  }

  FolderGate(
      Job job, Catalogue catalogue, Clock clock, Domains domains, Consumer<Message> audience) {
    this.job = job;
    this.catalogue = catalogue;
    this.clock = clock;
    this.attempts = new Attempts(job, clock, domains, audience, Text.FILE_STAYS);
  }

  /** When the folder is tried again. */
  Attempts attempts() {
    return attempts;
  }

  /** Whether a file may come in now. */
  @Override
  public boolean accept(GenericFile<File> file) {
    return !file.isDirectory()
        && WaitingFiles.isInput(file.getFileNameOnly())
        && (attempts.isOpen() || isMended(file.getFile()))
        && !isLookedAt(file.getFile().toPath());
  }

  /** Whether it is the file of a refused run, and another one by now. */
  private boolean isMended(File file) {
    var before = refused;
    return before != null && before.file().equals(file) && !Refused.of(file).equals(before);
  }

  /** Whether a run has looked at the file as it is and was to leave it alone. */
  private boolean isLookedAt(Path file) {
    FileIdentity before = lookedAt.get(file);
    return before != null && FileIdentity.of(file).equals(before);
  }

  /** The job with the file that came in as its only source. */
  public Job jobFor(Exchange exchange) {
    return job.on(new Source.OneFile(exchange.getMessage().getBody(File.class).toPath()));
  }

  /** Moves the file of the run in the body to where it goes. */
  public void letGo(Exchange exchange) {
    letGo(exchange.getMessage().getBody(Finished.class));
  }

  /** Moves the file of a run to where it goes, or keeps it for another attempt. */
  void letGo(Finished finished) {
    try {
      place(finished);
    } catch (IOException e) {
      attempts.cannotRun(Text.FILE_CANNOT_BE_MOVED.with(finished.report().source(), e));
    }
  }

  /** Something went wrong before there could be a report: said once per pause. */
  public void cannotRun(Exchange exchange) {
    attempts.cannotRun(exchange);
  }

  private void place(Finished finished) throws IOException {
    Path file = Path.of(finished.report().source());
    if (!Files.exists(file)) {
      return; // somebody took it away after it was read
    }
    switch (finished.sourceGoes()) {
      case TO_DONE -> move(file, "done", finished.identity());
      case TO_FAILED -> {
        Path failed = move(file, "failed", finished.identity());
        Files.writeString(
            failed.resolveSibling(failed.getFileName() + ".txt"),
            reason(finished) + System.lineSeparator());
      }
      case STAYS -> {
        FileIdentity identity = finished.identity();
        if (finished.early() || identity == null) {
          attempts.failed(finished);
          refused = attempts.isRefused() ? Refused.of(file.toFile()) : null;
        } else {
          lookedAt.keySet().removeIf(Files::notExists);
          lookedAt.put(file, identity);
        }
      }
    }
  }

  private String reason(Finished finished) {
    var reason = finished.reason();
    return reason == null ? "" : catalogue.say(reason);
  }

  /**
   * Moves a file into a folder below its own. Another file may have been dropped under its name
   * since it was read: that one goes back, for nobody has read it.
   */
  private Path move(Path file, String folder, @Nullable FileIdentity read) throws IOException {
    Path target = file.resolveSibling(folder).resolve(Stamp.on(file, clock));
    Files.createDirectories(target.getParent());
    Files.move(file, target);
    if (read != null && !FileIdentity.of(target).equals(read)) {
      Files.move(target, Files.exists(file) ? file.resolveSibling(target.getFileName()) : file);
    }
    attempts.succeeded();
    return target;
  }
}
