package dev.kintonesync.camel;

import dev.kintonesync.message.Catalogue;
import dev.kintonesync.message.Message;
import dev.kintonesync.message.RefusedException;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands at the door of a watched folder: says which files may come in and when, and where a file
 * goes after its run. A file whose run stopped stays, and with it all later files of the job, for a
 * pause that grows from one attempt to the next.
 */
public final class FolderGate implements GenericFileFilter<File> {
  private static final Logger log = LoggerFactory.getLogger(FolderGate.class);

  private final Job job;
  private final Catalogue catalogue;
  private final Clock clock;
  private final Attempts attempts;
  private final Consumer<Message> audience;

  /** Files that were only looked at, because the job writes nothing. */
  private final Map<Path, FileIdentity> lookedAt = new ConcurrentHashMap<>();

  FolderGate(
      Job job, Catalogue catalogue, Clock clock, Domains domains, Consumer<Message> audience) {
    this.job = job;
    this.catalogue = catalogue;
    this.clock = clock;
    this.attempts = new Attempts(job, clock, domains, audience, Text.FILE_STAYS);
    this.audience = audience;
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
        && attempts.isOpen()
        && !isLookedAt(file.getFile().toPath());
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
      audience.accept(Text.FILE_CANNOT_BE_MOVED.with(finished.report().source(), e));
      attempts.failed(null);
    }
  }

  /** Something went wrong before there could be a report: said once per pause. */
  public void cannotRun(Exchange exchange) {
    var failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    audience.accept(
        failure instanceof RefusedException refused
            ? refused.reason()
            : Text.RUN_FAILED.with(String.valueOf(failure)));
    log.error("job {}", job.name(), failure);
    attempts.failed(null);
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
          attempts.failed(finished.notBefore());
        } else {
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
