/**
 * Requests to Kintone: HTTP, the attempts of a call, write permits, the quota of a day, and domains
 * that are away. Serves the routes {@code kintone-request}, {@code send-to-app} and {@code
 * await-kintone}.
 */
@NullMarked
package dev.kintonesync.camel.kintone;

import org.jspecify.annotations.NullMarked;
