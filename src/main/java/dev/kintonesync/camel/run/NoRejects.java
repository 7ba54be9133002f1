package dev.kintonesync.camel.run;

import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.sync.BatchResult;
import java.util.Collections;
import java.util.Iterator;

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
  public void settled(BatchResult result) {
    // nothing is kept
  }
}
