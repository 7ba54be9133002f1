package dev.kintonesync.camel.run;

import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.sync.BatchResult;
import dev.kintonesync.sync.Reject;
import java.util.Collections;
import java.util.Iterator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Of a plan that is applied nothing is tried again: what it meant to change is not so any more. */
final class NoRejects implements KeptRejects {
  @Override
  public Iterator<SourceRecord> rows() {
    return Collections.emptyIterator();
  }

  @Override
  public boolean areKept() {
    return false;
  }

  @Override
  public int tried() {
    return 0;
  }

  @Override
  public int open() {
    return 0;
  }

  @Override
  public void settled(BatchResult result, Function<Reject, @Nullable String> columns) {
    // nothing is kept
  }
}
