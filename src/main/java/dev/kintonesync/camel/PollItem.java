package dev.kintonesync.camel;

import dev.kintonesync.form.Conversion;
import dev.kintonesync.journal.Checkpoints;
import dev.kintonesync.journal.Claim;
import dev.kintonesync.message.Message;
import dev.kintonesync.message.Text;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Source;
import dev.kintonesync.source.Checkpoint;
import dev.kintonesync.source.DatabaseSource;
import dev.kintonesync.source.FileIdentity;
import dev.kintonesync.source.SourceReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One poll of a database; its checkpoint goes on when all that was read is settled. */
final class PollItem implements Item {
  private final Job job;
  private final Source.Database source;
  private final Databases databases;
  private final Checkpoints checkpoints;
  private final Path rejectsFolder;
  private final Clock clock;
  private @Nullable Checkpoint reached;

  /**
   * One poll.
   *
   * @param rejectsFolder where people look for the rejects of sources that are no files
   */
  PollItem(
      Job job,
      Source.Database source,
      Databases databases,
      Checkpoints checkpoints,
      Path rejectsFolder,
      Clock clock) {
    this.job = job;
    this.source = source;
    this.databases = databases;
    this.checkpoints = checkpoints;
    this.rejectsFolder = rejectsFolder;
    this.clock = clock;
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public @Nullable Claim claim() {
    return null;
  }

  @Override
  public SourceReader open(Run run) {
    var opened = opened(since(run));
    opened.remarks().forEach(run::remark);
    reached = opened.reached();
    return opened.reader();
  }

  private @Nullable Checkpoint since(Run run) {
    if (!source.hasCheckpoint()) {
      return null;
    }
    var last = checkpoints.of(job.name());
    if (last.isEmpty()) {
      return null;
    }
    if (!last.get().question().equals(question())) {
      run.remark(Text.CHECKPOINT_OF_ANOTHER_QUESTION.with(job.name()));
      return null;
    }
    return Checkpoint.parse(last.get().value());
  }

  private DatabaseSource.Opened opened(@Nullable Checkpoint since) {
    return databases.source(source).open(since, clock.instant(), Conversion.DEFAULT.zone());
  }

  @Override
  public @Nullable SourceReader preview() {
    return source.hasCheckpoint() ? null : opened(null).reader();
  }

  @Override
  public String rejectsName() {
    return "rejects.csv";
  }

  @Override
  public Path rejects() {
    return rejectsFolder.resolve(Stamp.on(Path.of(job.name() + ".csv"), clock));
  }

  @Override
  public boolean rejectsAreNamed() {
    return false;
  }

  @Override
  public @Nullable Message objection() {
    return null;
  }

  @Override
  public void settled() {
    if (reached != null) {
      checkpoints.advance(job.name(), new Checkpoints.Reached(question(), reached.toString()));
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
        Stream.of(
                source.url(),
                source.query().sql(),
                source.query().checkpoint(),
                job.connection().baseUrl(),
                job.app(),
                job.updateKey(),
                job.map(),
                job.rules().mode())
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
