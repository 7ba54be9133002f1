/**
 * Messages that come through the Kamelets, in kintone-sync and in other Camel applications. Serves
 * the routes {@code upsert-records}, {@code send-operations} and {@code send-once}.
 */
@NullMarked
package dev.kintonesync.camel.kamelet;

import org.jspecify.annotations.NullMarked;
