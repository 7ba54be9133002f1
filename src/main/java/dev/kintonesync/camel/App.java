package dev.kintonesync.camel;

import dev.kintonesync.form.Field;
import dev.kintonesync.form.Form;
import dev.kintonesync.sync.SimilarKeys;

/**
 * What is known of an app before the first record is planned.
 *
 * @param form its live form
 * @param key the update key of the job
 * @param similar how the keys that it holds look
 * @param empty whether it holds no record that we can see
 */
record App(Form form, Field key, SimilarKeys similar, boolean empty) {}
