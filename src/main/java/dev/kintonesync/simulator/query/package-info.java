/**
 * Kintone's query language as a small compiler: {@link
 * dev.kintonesync.simulator.query.Query#parse(String)} reads text into a tree, {@link
 * dev.kintonesync.simulator.query.Query#compile} checks the tree against a form and turns it into a
 * predicate, an order and hints for indexes.
 *
 * <p>Knows nothing of the store: it sees a form through {@link
 * dev.kintonesync.simulator.query.QuerySchema} and records through {@link
 * dev.kintonesync.simulator.query.QueryRecord}. Imports nothing but the JDK.
 */
@org.jspecify.annotations.NullMarked
package dev.kintonesync.simulator.query;
