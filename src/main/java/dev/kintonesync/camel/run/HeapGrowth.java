package dev.kintonesync.camel.run;

/**
 * Keeps the process as small as what its heap has in use: the serial collector of Java 25 lets a
 * heap grow to its limit, garbage and all, before it looks through all of it. Safe for several
 * threads.
 */
final class HeapGrowth {
  /** A heap that has no more in use is not worth a collection, in bytes. */
  private static final long SMALL = 48 << 20;

  private static long allowed = SMALL;

  private HeapGrowth() {}

  /**
   * Has Java collect the garbage of a heap that may still grow, when half as much again is in use
   * as was after the collection before.
   */
  static synchronized void limit() {
    var java = Runtime.getRuntime();
    if (java.totalMemory() < java.maxMemory() && used(java) > allowed) {
      System.gc();
      allowed = Math.max(SMALL, used(java) * 3 / 2);
    }
  }

  private static long used(Runtime java) {
    return java.totalMemory() - java.freeMemory();
  }
}
