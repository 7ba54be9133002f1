/**
 * When jobs run by themselves, and what becomes of their source afterwards. Serves the routes
 * {@code watch-folder}, {@code poll-source}, {@code watch-forms} and those of the user.
 */
@NullMarked
package dev.kintonesync.camel.job;

import org.jspecify.annotations.NullMarked;
