/**
 * The pure thinking: batch, plan, write request, outcome, report. No endpoint, no sending, no
 * sleeping, no property.
 */
@org.jspecify.annotations.NullMarked
package dev.kintonesync.sync;
