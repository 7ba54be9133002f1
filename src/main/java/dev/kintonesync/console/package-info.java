/**
 * What people and machines see of the jobs, and what they are told: status, page, health, metrics,
 * notifications. Knows of running programs what they say in the journal, so that it is the same
 * from within and from beside them. Imports {@code settings} and the rooms to its right, and Camel,
 * but not {@code camel}.
 */
@org.jspecify.annotations.NullMarked
package dev.kintonesync.console;
