package dev.kintonesync.console.web;

import dev.kintonesync.setup.JobSetup;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How jobs are set up on the page.
 *
 * @param password of those who may; null: they need a link
 * @param links by which they come from the home of the program
 * @param jobs what they set up, not made before somebody asks
 */
public record SettingUp(@Nullable String password, SetupLinks links, Supplier<JobSetup> jobs) {}
