package dev.kintonesync.source.api;

import dev.kintonesync.source.Overlap;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What is read of an HTTP API.
 *
 * @param url where it answers, with its fixed parameters
 * @param pointer a JSON pointer to the list of rows in an answer; null: the answer is the list
 * @param paging how the next page is asked for
 * @param checkpoint the member of a row whose value grows whenever a row is added or changed; null:
 *     all rows are read every time
 * @param checkpointParameter the parameter of the address that takes the checkpoint; null without
 *     one
 * @param overlap how far behind the checkpoint a poll begins
 */
public record ApiQuery(
    URI url,
    @Nullable String pointer,
    Paging paging,
    @Nullable String checkpoint,
    @Nullable String checkpointParameter,
    Overlap overlap) {}
