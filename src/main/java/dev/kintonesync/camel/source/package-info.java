/**
 * Sources that are polled: databases, HTTP APIs and other apps. Serves the routes {@code read-page}
 * and {@code read-answer}.
 */
@NullMarked
package dev.kintonesync.camel.source;

import org.jspecify.annotations.NullMarked;
