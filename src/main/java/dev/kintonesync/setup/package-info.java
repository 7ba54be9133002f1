/**
 * Sets up the connection and the jobs: drafts, what they would do, and how they become blocks of
 * {@code application.properties}. Commands and the page use it alike; it knows neither.
 */
@org.jspecify.annotations.NullMarked
package dev.kintonesync.setup;
