package dev.kintonesync.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * What the API of a real Kintone answers of one of its apps, to make it again here. What could not
 * be read may be a missing node, and is then as in a new app.
 *
 * @param id under which it is found here as it is there
 * @param guestSpace the guest space it lies in, or null
 * @param fields the answer of {@code app/form/fields.json}
 * @param settings the answer of {@code app/settings.json}
 * @param layout the answer of {@code app/form/layout.json}
 * @param process the answer of {@code app/status.json}
 */
public record OriginalApp(
    long id,
    @Nullable Long guestSpace,
    JsonNode fields,
    JsonNode settings,
    JsonNode layout,
    JsonNode process) {}
