/** Gathers the pages of an HTTP API and reads their rows. */
@org.jspecify.annotations.NullMarked
package dev.kintonesync.source.api;
