/**
 * What the next run needs (a small database) and what a person needs of a run (the run folder).
 * Imports the rooms to its right.
 */
@org.jspecify.annotations.NullMarked
package dev.kintonesync.journal;
