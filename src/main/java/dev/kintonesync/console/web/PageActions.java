package dev.kintonesync.console.web;

import dev.kintonesync.journal.OpenReject;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
   * @param guard the guard that stands in the way of the job, which a plan passes to show what it
   *     holds back; null: none
   * @return false when this program does not have the job, or somebody else has asked already
   */
  default boolean lookFirst(String job, @Nullable String guard) {
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
   * What was taken from a person.
   *
   * @param id by which it is found among what the job has received
   * @param message what happens to it now
   */
  record Taken(String id, UserMessage message) {}

  /**
   * A rejected row that a person has corrected.
   *
   * @param id of the open reject
   * @param version of the open reject as the person saw it, see {@link OpenReject#version}
   * @param values the corrected columns alone, of a row that is a record
   * @param members the corrected columns alone of the rows that make one record, by their index
   */
  record CorrectedRow(
      String id,
      String version,
      Map<String, String> values,
      Map<Integer, Map<String, String>> members) {
    public CorrectedRow {
      values = Map.copyOf(values);
      members = Map.copyOf(members);
    }
  }

  /**
   * A file is read by a job: an input of a job with a folder, or rejected rows of any job that a
   * person has corrected.
   *
   * @param job the job that is to read it
   * @param file the uploaded file, which may be moved
   * @param name what its sender calls it
   * @param inputs whether an input is meant as well, and not only rejected rows
   * @throws UserErrorException when it is not taken: why, and what to do
   */
  default Taken upload(String job, Path file, String name, boolean inputs) {
    throw new UserErrorException(MessageCode.UPLOAD_NOT_RUNNING.with(job));
  }

  /**
   * Rejected rows that a person has corrected on the page are imported.
   *
   * @param job the job whose rows they are
   * @throws UserErrorException when none of them is taken: why, and what to do
   */
  default Taken correct(String job, List<CorrectedRow> rows) {
    throw new UserErrorException(MessageCode.UPLOAD_NOT_RUNNING.with(job));
  }
}
