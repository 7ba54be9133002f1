package dev.kintonesync.camel.run;

import dev.kintonesync.journal.Lease;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.file.FileIdentity;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a run is about to read, for the plan that is made before it: the same rows. */
final class RehearsedItem implements SourceItem {
  private final SourceItem item;

  RehearsedItem(SourceItem item) {
    this.item = item;
  }

  @Override
  public String name() {
    return item.name();
  }

  @Override
  public @Nullable Lease claim() {
    return null;
  }

  @Override
  public SourceReader open(RunContext run) {
    return item.again();
  }

  @Override
  public @Nullable SourceReader preview() {
    return item.preview();
  }

  @Override
  public SourceReader again() {
    return item.again();
  }

  @Override
  public String rejectsName() {
    return item.rejectsName();
  }

  @Override
  public Path publish(Path written) {
    return written; // the run itself shows its rejects
  }

  @Override
  public boolean rejectsAreNamed() {
    return false;
  }

  @Override
  public @Nullable UserMessage objection() {
    return item.objection();
  }

  @Override
  public void settled() {
    // nothing was written
  }

  @Override
  public @Nullable FileIdentity identity() {
    return null;
  }
}
