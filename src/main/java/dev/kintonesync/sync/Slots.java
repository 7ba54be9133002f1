package dev.kintonesync.sync;

/**
 * How a part of a hash table is laid out whose entries stand in the slot that their hash names, or
 * in one of the next ones.
 */
final class Slots {
  private static final int FIRST = 4;

  private Slots() {}

  /**
   * Whether a part has to grow before another entry comes. One slot stays free at least, where
   * looking ends; above five sixths it is far away.
   */
  static boolean areFull(int entries, int slots) {
    return entries >= slots - slots / 6 - 1;
  }

  /** How many slots a part has that takes the place of one of so many; 0: of none. */
  static int after(int slots) {
    return slots + slots / 4 + FIRST;
  }

  /** The slot that a hash names. */
  static int first(int hash, int slots) {
    return (int) ((Integer.toUnsignedLong(hash) * slots) >>> Integer.SIZE);
  }

  /** The slot to look at behind another one. */
  static int next(int slot, int slots) {
    return slot + 1 == slots ? 0 : slot + 1;
  }
}
