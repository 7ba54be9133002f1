package dev.kintonesync.camel;

import dev.kintonesync.camel.run.RunResult;
import org.jspecify.annotations.Nullable;

/**
 * A job that could run now.
 *
 * @param app the app's id
 * @param revision the revision of its form
 * @param key the field that identifies records, by code and label
 * @param empty whether the app holds no record
 * @param waiting how many files wait in its folder
 * @param planned what the first row of what waits would become; null when nothing waits
 */
public record CheckResult(
    String app,
    long revision,
    String key,
    boolean empty,
    int waiting,
    @Nullable RunResult planned) {}
