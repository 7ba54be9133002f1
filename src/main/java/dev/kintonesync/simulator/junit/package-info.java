/** The simulator as a JUnit 5 extension; the only package that imports JUnit. */
@org.jspecify.annotations.NullMarked
package dev.kintonesync.simulator.junit;
