/** Serves the page of a running program, its health and its metrics over HTTP. */
@org.jspecify.annotations.NullMarked
package dev.kintonesync.console.web;
