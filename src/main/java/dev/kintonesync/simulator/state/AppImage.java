package dev.kintonesync.simulator.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An app without its records, at one moment.
 *
 * @param nextSlot the slot of the next field
 * @param lastRecordId the last record id that was given
 */
record AppImage(
    long id,
    @Nullable Long space,
    boolean inGuestSpace,
    String creator,
    Instant created,
    Design preview,
    @Nullable Design live,
    App.Deployment deployment,
    int nextSlot,
    long lastRecordId) {}
