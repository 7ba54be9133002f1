package dev.kintonesync.camel.batch;

import dev.kintonesync.sync.Batch;
import dev.kintonesync.sync.BatchResult;
import dev.kintonesync.sync.Target;

/** What the batches of a run belong to: it says where they are written, and hears of their end. */
public interface BatchListener {
  /** Where the next batch is written, and by which rules. */
  Target target();

  /** The app's form has changed so that the run may go on: batches from now on are made by it. */
  void goOnWith(AppSnapshot app);

  /** A batch is settled, as far as it goes. */
  void settled(Batch batch, BatchResult result);
}
