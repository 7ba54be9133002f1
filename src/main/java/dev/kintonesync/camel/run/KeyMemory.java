package dev.kintonesync.camel.run;

import dev.kintonesync.camel.batch.MemoryBudget;
import dev.kintonesync.message.MessageCode;
import java.util.function.LongConsumer;

/**
 * What the keys of a source take of the memory for as long as a run looks for duplicate keys or for
 * records that the source lacks. It grows with the rows, whose batches have less and less; where
 * next to nothing is left for them, the run is stopped in words. Safe for several threads.
 */
final class KeyMemory implements LongConsumer {
  private static final long MEGABYTE = 1 << 20;

  /** Java is given memory in multiples of so many megabytes. */
  private static final long STEP = 128;

  private final RunContext run;
  private final MemoryBudget.Share share;

  /** The keys of a run, whose share is closed when they are not needed any more. */
  KeyMemory(RunContext run, MemoryBudget.Share share) {
    this.run = run;
    this.share = share;
  }

  @Override
  public void accept(long bytes) {
    if (!share.keep(bytes)) {
      long heap = Runtime.getRuntime().maxMemory() / MEGABYTE;
      run.stop(MessageCode.KEYS_FILL_MEMORY.with(heap, (2 * heap / STEP + 1) * STEP));
    }
  }
}
