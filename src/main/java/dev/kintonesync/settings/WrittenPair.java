package dev.kintonesync.settings;

import dev.kintonesync.form.Assignment;

/**
 * A pair of a map with its text.
 *
 * @param pair what it means
 * @param text all of it, such as {@code date=日付 | date(yyyy/M/d)}
 * @param steps what stands behind the first bar; empty where it has no steps
 */
public record WrittenPair(Assignment pair, String text, String steps) {}
