package dev.kintonesync.setup;

import dev.kintonesync.message.UserMessage;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a setting.
 *
 * @param property which one, without the name of the job where it is one of a job; null: none alone
 * @param message what, and what to do
 */
public record Problem(@Nullable String property, UserMessage message) {}
