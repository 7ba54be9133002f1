package dev.kintonesync.journal;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Tells whether the process that began a run, or holds a lease, is still there. Each process has a
 * number that no other one gets.
 */
interface Liveness extends AutoCloseable {
  /** The number of this process. */
  long number();

  /** Whether the process of that number is there. When in doubt it is. */
  boolean has(Connection connection, long number) throws SQLException, IOException;

  /**
   * Whether this process still has that number, and will have it for a while: no other process can
   * have found it to be gone.
   */
  boolean confirms(Connection connection, long number) throws SQLException;

  /**
   * Whether no other process can have found this one to be gone, as far as is known without asking:
   * the last time that it said to be there is not long ago.
   */
  boolean isSure();

  /** Whether it knows of processes on other computers, too, whether they are there. */
  boolean seesOtherComputers();

  /** This process is a service, which takes a part of the jobs, where services share them. */
  void serve();

  /** Says that this process is still there, where that has to be said from time to time. */
  void renew();

  /** It is to be closed soon: what it still asks is not waited for long. */
  void cutSoon();

  @Override
  void close();
}
