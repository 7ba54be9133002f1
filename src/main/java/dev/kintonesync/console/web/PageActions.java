package dev.kintonesync.console.web;

/** What the page may have the program do. */
@FunctionalInterface
public interface PageActions {
  /** A job runs now; returns false when this program does not have it. */
  boolean runNow(String job);

  /**
   * A job runs once with a guard let pass.
   *
   * @param guard as it is written in options
   * @return false when this program does not have the job, or somebody else has asked already
   */
  default boolean accept(String job, String guard) {
    return false;
  }

  /**
   * A job runs from now on by what its properties say now, after a run that is under way.
   *
   * @return false when this program does not have the job, or somebody else has asked already
   */
  default boolean reload(String job) {
    return false;
  }

  /**
   * The rejected rows of a run are run once more.
   *
   * @return false when this program does not have the job, or somebody else has asked already
   */
  default boolean retry(String job, String run) {
    return false;
  }
}
