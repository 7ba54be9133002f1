/**
 * What there is: apps, forms, records, tokens, files, cursors and the clock; every change can be
 * undone.
 */
@org.jspecify.annotations.NullMarked
package dev.kintonesync.simulator.state;
