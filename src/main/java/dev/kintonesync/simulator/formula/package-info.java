/**
 * Kintone's formulas, of calculated fields and of texts that are calculated: {@link
 * dev.kintonesync.simulator.formula.Formula#parse} reads one, {@link
 * dev.kintonesync.simulator.formula.Formula#evaluate} works it out. Imports nothing but the JDK.
 */
@org.jspecify.annotations.NullMarked
package dev.kintonesync.simulator.formula;
