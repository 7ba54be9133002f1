package dev.kintonesync.camel.run;

import dev.kintonesync.camel.source.PollableSource;
import dev.kintonesync.journal.Checkpoints;
import dev.kintonesync.journal.Lease;
import dev.kintonesync.journal.OwnerOnly;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.source.BoundedReader;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.SpooledRows;
import dev.kintonesync.source.file.FileIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One poll; what it came to is kept when all that was read is settled. */
final class PolledItem implements SourceItem {
  private final Job job;
  private final PollableSource polled;
  private final Checkpoints checkpoints;
  private final Path rejectsFolder;
  private final Clock clock;
  private @Nullable RunContext run;
  private @Nullable String reached;
  private @Nullable SpooledRows spooled;
  private String extension = "";

  /**
   * One poll.
   *
   * @param rejectsFolder where people look for the rejects of sources that are no files
   */
  PolledItem(
      Job job, PollableSource polled, Checkpoints checkpoints, Path rejectsFolder, Clock clock) {
    this.job = job;
    this.polled = polled;
    this.checkpoints = checkpoints;
    this.rejectsFolder = rejectsFolder;
    this.clock = clock;
  }

  @Override
  public String name() {
    return polled.name();
  }

  @Override
  public @Nullable Lease claim() {
    return null;
  }

  @Override
  public SourceReader open(RunContext run) {
    this.run = run;
    String since = since(run);
    if (since == null && counts(run)) {
      // what an earlier question came to says nothing of what this run leaves behind
      checkpoints.forget(job.name());
    }
    var opened = polled.open(since, run);
    opened.remarks().forEach(run::remark);
    reached = opened.reached();
    extension = opened.reader().format().extension();
    if (since != null && !hasCheckpoint() && !since.equals(reached) && counts(run)) {
      // should this run not come to its end, what was known of the source holds no more
      checkpoints.forget(job.name());
    }
    var rows = bounded(opened.reader());
    if (!run.assertions().areAsked()) {
      return rows;
    }
    var kept = SpooledRows.of(rows);
    spooled = kept;
    return kept;
  }

  private boolean hasCheckpoint() {
    return job.source().hasCheckpoint();
  }

  /** Whether the run does all that a run of the job is to do. */
  private static boolean counts(RunContext run) {
    return run.job().options().writes() && !run.job().options().isPartial();
  }

  private @Nullable String since(RunContext run) {
    boolean looksAtRows = run.job().options().isPartial() && !hasCheckpoint();
    var last = checkpoints.of(job.name());
    if (!polled.remembers() || looksAtRows || run.job().options().compares() || last.isEmpty()) {
      return null;
    }
    if (last.get().question().equals(question())) {
      return last.get().value();
    }
    if (hasCheckpoint()) {
      run.remark(MessageCode.CHECKPOINT_OF_ANOTHER_QUESTION.with(job.name()));
    }
    return null;
  }

  @Override
  public @Nullable SourceReader preview() {
    var preview = polled.preview(Objects.requireNonNull(run, "the source is opened first"));
    return preview == null ? null : bounded(preview);
  }

  @Override
  public SourceReader again() {
    return Objects.requireNonNull(spooled, "asked for by a run with assertions").again();
  }

  private SourceReader bounded(SourceReader rows) {
    return polled.isBounded() ? new BoundedReader(rows, job.bounds().source().rows()) : rows;
  }

  @Override
  public String rejectsName() {
    return "rejects" + extension;
  }

  @Override
  public Path publish(Path written) throws IOException {
    Path shown = rejectsFolder.resolve(TimestampedName.on(Path.of(job.name() + extension), clock));
    OwnerOnly.folders(rejectsFolder); // of our home, where nobody drops files
    return Files.copy(written, shown, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public boolean rejectsAreNamed() {
    return false;
  }

  @Override
  public @Nullable UserMessage objection() {
    return null;
  }

  /**
   * A checkpoint goes on although rows were rejected, for they are kept. What else is known of a
   * source would hide them: it is only kept when there are none.
   */
  @Override
  public void settled() {
    boolean complete = run != null && run.counts().rejected() == 0;
    if (reached != null && (hasCheckpoint() || complete)) {
      checkpoints.advance(job.name(), new Checkpoints.Reached(question(), reached));
    }
  }

  @Override
  public @Nullable FileIdentity identity() {
    return null;
  }

  /**
   * All that decides what the rows up to a checkpoint have become. When any of it changes, also
   * rows that were settled have to be looked at again.
   */
  private String question() {
    String asked =
        Stream.concat(
                polled.question().stream(),
                Stream.of(
                    job.connection().baseUrl(),
                    job.app(),
                    job.updateKey(),
                    job.map(),
                    job.rules().mode()))
            .map(Objects::toString)
            .collect(Collectors.joining("\n"));
    return hash(asked);
  }

  /** A text by which another one is known again: its SHA-256 in hex. */
  static String hash(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
