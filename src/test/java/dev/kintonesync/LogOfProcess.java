package dev.kintonesync;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Test classes run side by side in one process, which has one log, and each of our commands starts
 * that log anew: in a home of its own, without the appenders of others.
 */
public final class LogOfProcess {
  private static final String LOG = "log of the process";

  private LogOfProcess() {}

  /** A test class whose commands start the log, and that does not look at it. */
  @Target(ElementType.TYPE)
  @Retention(RetentionPolicy.RUNTIME)
  @ResourceLock(value = LOG, mode = ResourceAccessMode.READ)
  public @interface Started {}

  /**
   * A test class that looks at the log: meanwhile nobody else starts it, or looks at it. Such
   * classes begin first, while there are others that can run beside them.
   */
  @Target(ElementType.TYPE)
  @Retention(RetentionPolicy.RUNTIME)
  @ResourceLock(LOG)
  @Order(1)
  public @interface LookedAt {}
}
