/**
 * What the routes of {@code routes/core} do with a batch: read the app, look keys up, plan, upload
 * and write; and the hooks of the user.
 */
@NullMarked
package dev.kintonesync.camel.batch;

import org.jspecify.annotations.NullMarked;
