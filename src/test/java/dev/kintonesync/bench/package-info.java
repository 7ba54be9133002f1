/** How fast it is: benchmarks that are run by hand, never by the build. */
package dev.kintonesync.bench;
