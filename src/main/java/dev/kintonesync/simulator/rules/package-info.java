/** What Kintone does with it: permissions, values, checks, writes and reads. Knows no HTTP. */
@org.jspecify.annotations.NullMarked
package dev.kintonesync.simulator.rules;
