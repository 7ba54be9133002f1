package dev.kintonesync.camel.batch;

import java.util.ArrayList;
import java.util.List;

/**
 * How much memory the records of all runs of the process may take together, in estimated bytes. A
 * run may take half of what the others leave, so that one whose Kintone is slow to answer does not
 * keep another one from its records. Safe for several threads.
 */
public final class MemoryBudget {
  /** What the program itself needs, with its routes, its journal and its HTTP client. */
  private static final long PROGRAM = 32L << 20;

  /** However little there is, a few rows at a time can be synced. */
  private static final long LEAST = 4L << 20;

  /** A run has memory for so many at least: one is read, one is looked up, one is written. */
  private static final int FULL_BATCHES = 3;

  /** The rest is for garbage, for readers of sources, and for what an estimate may lack. */
  private static final double PART = 0.6;

  /** So much of it may be reserved. */
  private static final double MOST_RESERVED = 0.6;

  private final long whole;

  /** What is neither reserved nor kept. */
  private long size;

  private final List<Share> waiting = new ArrayList<>();
  private long taken;

  /** A budget of so many bytes. */
  public MemoryBudget(long size) {
    this.whole = size;
    this.size = size;
  }

  /** The budget of a process whose Java machine may take so many bytes. */
  public static MemoryBudget ofHeap(long heap) {
    return new MemoryBudget(Math.max(LEAST, (long) (PART * (heap - PROGRAM))));
  }

  /** A reservation of nothing yet. */
  public Reservation reservation() {
    return new Reservation();
  }

  /** Bytes that are kept from all runs for as long as it is open. */
  public final class Reservation implements AutoCloseable {
    private long bytes;

    private Reservation() {}

    /** Takes more of them; false where too little would be left for the records of runs. */
    public boolean take(long more) {
      synchronized (MemoryBudget.this) {
        boolean free = size - more >= (1 - MOST_RESERVED) * whole;
        if (free) {
          bytes += more;
          size -= more;
        }
        return free;
      }
    }

    @Override
    public void close() {
      synchronized (MemoryBudget.this) {
        size += bytes;
        bytes = 0;
        MemoryBudget.this.notifyAll();
      }
    }
  }

  /** A share of a run that has nothing yet. */
  public Share share() {
    return new Share();
  }

  /** How much a batch may take, as far as it is now known what others keep. */
  public synchronized long fullBatch() {
    return size / 2 / FULL_BATCHES;
  }

  /** What a run has taken. */
  public final class Share implements AutoCloseable {
    private long mine;
    private long kept;

    private Share() {}

    /**
     * Keeps bytes from all runs until this run is over: what grows with its rows.
     *
     * @return false when too little is left for batches; they are kept all the same
     */
    public boolean keep(long bytes) {
      synchronized (MemoryBudget.this) {
        kept += bytes;
        size -= bytes;
        return size >= Math.min(LEAST, whole / 2);
      }
    }

    /** Takes bytes for a record; false when they are not there now. */
    public boolean tryTake(long bytes) {
      synchronized (MemoryBudget.this) {
        boolean free = fits(bytes);
        if (free) {
          takeAnyway(bytes);
        }
        return free;
      }
    }

    /**
     * Takes bytes for a record as soon as they are there, and with them as much of the wish for its
     * whole batch as a batch may take. What is heavier than a run may take comes when the run has
     * nothing else, and what is heavier than the budget when nobody has anything. The caller holds
     * nothing else that is given back only later: no key, and no part of a batch.
     *
     * @return how many were taken
     */
    public long take(long bytes, long wish) throws InterruptedException {
      synchronized (MemoryBudget.this) {
        waiting.add(this);
        try {
          long all = atMost(bytes, wish);
          while (!fits(all) && !fitsAlone(all)) {
            MemoryBudget.this.wait();
            all = atMost(bytes, wish); // others may keep more by now
          }
          takeAnyway(all);
          return all;
        } finally {
          waiting.remove(this);
          MemoryBudget.this.notifyAll(); // those who stood back may go on
        }
      }
    }

    private long atMost(long bytes, long wish) {
      return Math.max(bytes, Math.min(wish, fullBatch()));
    }

    /** Takes bytes for what is in memory already. */
    public void takeAnyway(long bytes) {
      synchronized (MemoryBudget.this) {
        mine += bytes;
        taken += bytes;
      }
    }

    private boolean fits(long bytes) {
      return mine + bytes <= (size - (taken - mine)) / 2 && (mine == 0 || !othersHaveNothing());
    }

    /** Whoever has something stands back for a run that waits and has nothing. */
    private boolean othersHaveNothing() {
      for (int i = 0; i < waiting.size(); i++) { // for every record, and mostly nobody waits
        if (waiting.get(i) != this && waiting.get(i).mine == 0) {
          return true;
        }
      }
      return false;
    }

    private boolean fitsAlone(long bytes) {
      return mine == 0 && (taken == 0 || taken + bytes <= size);
    }

    /** Gives back bytes that were taken. */
    public void giveBack(long bytes) {
      synchronized (MemoryBudget.this) {
        mine -= bytes;
        taken -= bytes;
        MemoryBudget.this.notifyAll();
      }
    }

    /** Gives everything back: the run is over. */
    @Override
    public void close() {
      synchronized (MemoryBudget.this) {
        size += kept;
        kept = 0;
        giveBack(mine);
      }
    }
  }
}
