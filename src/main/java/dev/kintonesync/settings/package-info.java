/**
 * {@code application.properties} and the environment, read and checked, made into jobs. Imports the
 * rooms to its right.
 */
@org.jspecify.annotations.NullMarked
package dev.kintonesync.settings;
