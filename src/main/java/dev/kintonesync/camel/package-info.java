/**
 * The Camel application as a whole. Its rooms are named as the routes are that they serve; this one
 * only puts them together. Imports the rooms to its right, never {@code cli}.
 */
@NullMarked
package dev.kintonesync.camel;

import org.jspecify.annotations.NullMarked;
