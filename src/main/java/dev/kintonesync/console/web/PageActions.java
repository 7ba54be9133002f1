package dev.kintonesync.console.web;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import java.nio.file.Path;

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

  /**
   * What waits of a job is planned, and the plans are kept for people to look at.
   *
   * @return false when this program does not have the job, or somebody else has asked already
   */
  default boolean lookFirst(String job) {
    return false;
  }

  /**
   * A plan that waits is applied.
   *
   * @return false when this program does not have the job, or somebody else has asked already
   */
  default boolean apply(String job, Path plan) {
    return false;
  }

  /**
   * A file of rejected rows that a person has corrected is imported.
   *
   * @param job the job whose rows they are
   * @param file the uploaded file, which may be moved
   * @param name what its sender calls it
   * @return what happens to it now
   * @throws UserErrorException when it is not taken: why, and what to do
   */
  default UserMessage upload(String job, Path file, String name) {
    throw new UserErrorException(MessageCode.UPLOAD_NOT_RUNNING.with(job));
  }
}
