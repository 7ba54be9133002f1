package dev.kintonesync.camel.run;

import dev.kintonesync.journal.Lease;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.file.FileIdentity;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What one run reads: one file, or one poll of another source. */
sealed interface SourceItem permits FileItem, PlanItem, PolledItem, RehearsedItem {

  /** What it is, as a person would name it. */
  String name();

  /** What went wrong with it, without the place where it is kept when nobody has named that. */
  default UserMessage naming(UserMessage reason) {
    return reason;
  }

  /**
   * Keeps other runs away from it, until it is closed; null where the job's own claim does that.
   *
   * @throws dev.kintonesync.journal.LeasedException when another run has it
   */
  @Nullable Lease claim();

  /**
   * Opens it; once.
   *
   * @throws dev.kintonesync.message.UserErrorException when no row of it can ever have an outcome
   * @throws java.io.UncheckedIOException when it is out of reach for now
   */
  SourceReader open(RunContext run);

  /**
   * Its rows once more, for whoever looks at them before; null when they are only those that have
   * changed, of which nothing follows for the others.
   */
  @Nullable SourceReader preview();

  /**
   * The rows that were opened once more, however the source may have changed since.
   *
   * @throws dev.kintonesync.message.UserErrorException when they are not the same any more
   */
  SourceReader again();

  /** The name of the rejects file in the run folder. */
  String rejectsName();

  /**
   * Puts a copy of the rejects where people look for them.
   *
   * @param written the rejects in the run folder
   * @return where they are to be found
   * @throws java.io.IOException when they cannot be put there
   */
  Path publish(Path written) throws IOException;

  /** Whether people named that place themselves. */
  boolean rejectsAreNamed();

  /** Returns why the source must stay although it was read to its end; null when it may go. */
  @Nullable UserMessage objection();

  /** Every row has its outcome: moves the checkpoint on. A file is moved by who started the run. */
  void settled();

  /** What a file was when it was read; null when it was not, or is none. */
  @Nullable FileIdentity identity();
}
