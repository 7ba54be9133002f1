package dev.kintonesync.source.kafka;

/** How a consumer gets its partitions. */
public enum Membership {
  /** As a member of the group, as long as it takes. */
  LASTING,
  /** As a member of the group, for one run. */
  BRIEF,
  /** All of them, beside the group. Nothing is committed. */
  NONE
}
