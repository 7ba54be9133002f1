package dev.kintonesync.sync;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.io.File;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The counts of a run and what it cost. Written as {@code report.json} in the run folder.
 *
 * @param run the run's name, which is also its folder's, such as {@code 20261122-023114-customers}
 * @param job the job's name
 * @param source what was read, such as a file's path; {@link #STANDARD_INPUT} where that was read
 * @param app the app written to
 * @param mode how, in lower case; {@link #COMPARE} where nothing was to be written since the source
 *     was held against the app: then what is counted as inserted is missing in Kintone, and what is
 *     counted as deleted is there only
 * @param written whether anything was to be written; false for a plan and a job with {@code write}
 *     off, whose counts say what would be
 * @param state where the run stands
 * @param reason why it stopped or was refused, in English; null otherwise
 * @param startedAt when it began
 * @param finishedAt when it ended; null while it runs
 * @param startedBy what or who started it; null where an older program or a route of the user's did
 * @param counts source records by outcome
 * @param mirrored whether all records were looked for that the source lacks
 * @param missing records that the source lacks, or flags as to be removed
 * @param deleted of them those that were removed: deleted, or set as the job says
 * @param flagged of those removed the ones that stay, set as the job says
 * @param conflicts records that were planned anew because somebody else wrote them meanwhile
 * @param overEdits updated records that a person had saved last
 * @param retried open rejects of earlier runs that were tried again
 * @param open rejects of the job that are still open
 * @param requests what it cost
 * @param understood what the file was taken for and why, in English: kind, encoding, delimiter,
 *     line of the column names, sheet; null of other sources and before it is opened
 * @param remarks what a person should know besides, in English: columns left out, records that a
 *     mirror did not remove
 * @param rejectsFile absolute path of the rejects file; null when nothing was rejected
 * @param rejectsDigest by which the same rejected rows with the same reasons are known again; null
 *     when nothing was rejected, of files, and of an older program
 * @param changesFile absolute path of the record of changes; null when nothing was written
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Report(
    String run,
    String job,
    String source,
    String app,
    String mode,
    boolean written,
    RunState state,
    @Nullable String reason,
    Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Starter startedBy,
    @JsonUnwrapped Counts counts,
    boolean mirrored,
    long missing,
    long deleted,
    long flagged,
    long conflicts,
    long overEdits,
    long retried,
    long open,
    Requests requests,
    @Nullable String understood,
    List<String> remarks,
    @Nullable String rejectsFile,
    @Nullable String rejectsDigest,
    @Nullable String changesFile) {
  /** The source of a run that read what came on standard input. */
  public static final String STANDARD_INPUT = "-";

  /** The mode of a run that held its whole source against the app. */
  public static final String COMPARE = "compare";

  /**
   * A job that could not begin.
   *
   * @param reason why, in English
   */
  public static Report refused(String run, String job, Instant when, String reason) {
    return new Report(
        run,
        job,
        "",
        "",
        "",
        false,
        RunState.REFUSED,
        reason,
        when,
        when,
        null,
        Counts.NONE,
        false,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        Requests.NONE,
        null,
        List.of(),
        null,
        null,
        null);
  }

  /**
   * Returns the counts as a phrase: "4,089 read: 10 inserted, 100 updated, ..."; of a run that
   * ended before it began to write, that nothing was written; of a comparison, what it found.
   */
  public UserMessage inWords() {
    if (isEarly() && counts.read() == 0 && deleted == 0 && changesFile == null) {
      return MessageCode.COUNTS_NOTHING.with();
    }
    if (isComparison()) {
      return isEarly() ? counts.inWordsOfDry(Removed.NONE) : Reconciliation.of(this).inWords();
    }
    return dry() ? counts.inWordsOfDry(removals()) : counts.inWords(removals());
  }

  /** Returns what became of its source in one sentence, for whoever gave it. */
  public UserMessage answer() {
    long in = counts.read() - counts.rejected() - counts.unprocessed();
    if (state == RunState.RUNNING) {
      return MessageCode.ANSWER_RUNS.with();
    } else if (counts.read() == 0 || (in == 0 && counts.rejected() == 0)) {
      return isEarly() ? MessageCode.ANSWER_NOTHING_IN.with() : MessageCode.ANSWER_NO_ROWS.with();
    } else if (dry()) {
      return MessageCode.ANSWER_PLANNED.with(in, counts.read(), counts.rejected());
    } else if (counts.unprocessed() > 0) {
      return MessageCode.ANSWER_NOT_TO_END.with(
          in, counts.read(), counts.rejected(), counts.unprocessed());
    }
    return counts.rejected() > 0
        ? MessageCode.ANSWER_TO_CORRECT.with(in, counts.read(), counts.rejected())
        : MessageCode.ANSWER_ALL_IN.with(in);
  }

  /** Whether it held its whole source against the app. */
  @JsonIgnore
  public boolean isComparison() {
    return mode.equals(COMPARE);
  }

  private boolean isEarly() {
    return state == RunState.REFUSED || state == RunState.STOPPED;
  }

  /** Whether it was to write nothing. A job that could not even begin has no mode. */
  public boolean dry() {
    return !written && !mode.isEmpty();
  }

  /** Returns what was read, as people call it. */
  public Object sourceInWords() {
    return inWords(source);
  }

  /** Returns what was read, as people of a language call it. */
  public String sourceIn(MessageBundle language) {
    return sourceInWords() instanceof UserMessage words ? language.say(words) : source;
  }

  /** Returns the source of a report as people call it: a text, or a sentence. */
  public static Object inWords(String source) {
    return source.equals(STANDARD_INPUT) ? MessageCode.STANDARD_INPUT.with() : source;
  }

  /**
   * Whether a file was read, and no database, API or app: only a file can be dropped again. Not
   * called like a property, which would be written into the report.
   */
  public boolean ofFile() {
    return new File(source).isAbsolute();
  }

  /** Whether it came to its end, found Kintone as the source is, and so did nothing. */
  public boolean changedNothing() {
    return written
        && state == RunState.COMPLETED
        && counts.read() == counts.unchanged()
        && deleted == 0
        && missing == 0
        && retried == 0;
  }

  /** Whether it has added, updated or removed a record. */
  public boolean hasWritten() {
    return written && counts.inserted() + counts.updated() + deleted > 0;
  }

  /**
   * Returns the exit code of a command that made these runs: the worst one. A source that was
   * refused beside another that was written is one of several that are not in, as a rejected row
   * is.
   */
  public static int exitCode(Collection<Report> runs) {
    boolean written = runs.stream().anyMatch(Report::hasWritten);
    return runs.stream()
        .map(
            run ->
                written && run.state() == RunState.REFUSED
                    ? RunState.COMPLETED_WITH_REJECTS
                    : run.state())
        .mapToInt(RunState::exitCode)
        .max()
        .orElse(0);
  }

  /**
   * Whether it says nothing that the run before it did not: neither changed anything, and if rows
   * were rejected, they were the same for the same reasons.
   */
  public boolean repeats(Report before) {
    return changedNothing()
        ? before.changedNothing()
        : rejectsDigest != null
            && rejectsDigest.equals(before.rejectsDigest)
            && onlyRejected()
            && before.onlyRejected();
  }

  private boolean onlyRejected() {
    return written
        && (state == RunState.COMPLETED || state == RunState.COMPLETED_WITH_REJECTS)
        && counts.read() == counts.unchanged() + counts.rejected()
        && changesFile == null
        && deleted == 0
        && missing == 0;
  }

  /** Returns the removed records, apart by what was done with them. */
  public Removed removals() {
    return new Removed(deleted - flagged, flagged);
  }

  public Report {
    // a report of an older program has none
    remarks = remarks == null ? List.of() : List.copyOf(remarks);
  }

  /**
   * The calls of a run.
   *
   * @param keyLookups reads of records by key
   * @param posts requests that add records, also inside bulkRequests
   * @param puts requests that update records, also inside bulkRequests
   * @param deletes requests that delete records
   * @param bulkRequests bulkRequests, each of several posts and puts
   * @param retries requests sent again after a refusal that says "busy" or a lost answer to a read
   * @param isolation requests sent only to find bad records among good ones
   * @param uploads files sent
   * @param downloads files fetched, to be compared with those of the source
   * @param counted calls as Kintone counts them against the day of the app
   */
  public record Requests(
      long keyLookups,
      long posts,
      long puts,
      long deletes,
      long bulkRequests,
      long retries,
      long isolation,
      long uploads,
      long downloads,
      long counted) {

    public static final Requests NONE = new Requests(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** These and those together. */
    public Requests plus(Requests more) {
      return new Requests(
          keyLookups + more.keyLookups,
          posts + more.posts,
          puts + more.puts,
          deletes + more.deletes,
          bulkRequests + more.bulkRequests,
          retries + more.retries,
          isolation + more.isolation,
          uploads + more.uploads,
          downloads + more.downloads,
          counted + more.counted);
    }
  }
}
