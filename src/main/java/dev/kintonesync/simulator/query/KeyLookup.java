package dev.kintonesync.simulator.query;

import java.util.Set;

/**
 * A condition that every match must satisfy and that an index could answer: the field's value is
 * one of these.
 *
 * @param field the field's code; {@code $id} for the record number under any name
 * @param values {@code Long} for {@code $id}, {@code BigDecimal} without trailing zeros for
 *     numbers, folded {@code String} for text, {@code LocalDate}, {@code LocalTime}, or {@code
 *     Instant} of a whole minute
 */
public record KeyLookup(String field, Set<?> values) {}
