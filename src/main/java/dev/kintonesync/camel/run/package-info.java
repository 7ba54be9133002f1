/**
 * A run from its source item to its report. Serves the routes {@code sync-source}, {@code
 * read-changes}, {@code remove-missing}, {@code run-once} and {@code end-run}.
 */
@NullMarked
package dev.kintonesync.camel.run;

import org.jspecify.annotations.NullMarked;
