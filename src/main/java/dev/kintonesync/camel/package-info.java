/**
 * The little that ties the routes to Java: beans, strategies, permits, the batch iterator. Imports
 * the rooms to its right, never {@code cli}.
 */
@org.jspecify.annotations.NullMarked
package dev.kintonesync.camel;
