package dev.kintonesync.simulator.query;

import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, and when: what the functions of a query are filled with.
 *
 * @param now the time of the request
 * @param zone the user's time zone, in which days begin
 * @param user the login name for {@code LOGINUSER()}
 * @param organization the code for {@code PRIMARY_ORGANIZATION()}, or null when the user has none
 */
public record Viewer(Instant now, ZoneId zone, String user, @Nullable String organization) {}
