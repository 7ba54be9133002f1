/** Kintone's words on the wire: the server, the table of endpoints and their handlers. */
@org.jspecify.annotations.NullMarked
package dev.kintonesync.simulator.http;
