/** The commands and the terminal. Imports every other room; nothing imports it. */
@org.jspecify.annotations.NullMarked
package dev.kintonesync.cli;
