package dev.kintonesync.journal;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.RootCause;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.FileHashes;
import dev.kintonesync.sync.Removed;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RichTexts;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the next run needs, in one small database: runs with their counts, a line per batch, and the
 * calls per app and day. Records are not journalled one by one.
 *
 * <p>Safe for any number of threads, and for other processes that have the same folder open. What a
 * method wrote is in the file when it returns, so a killed process loses nothing of it; {@link
 * #settled} and {@link #ended} also wait for the disk, so that a power cut loses nothing either.
 *
 * <p>Every method throws {@link UserErrorException} when the file cannot be read or written any
 * more, for instance because the disk is full.
 */
public final class Journal implements AutoCloseable {
  private final Database database;
  private final Liveness liveness;
  private final Leases leases;
  private final RunTable runs;

  Journal(Database database, Liveness liveness, Leases leases) {
    this.database = database;
    this.liveness = liveness;
    this.leases = leases;
    this.runs = new RunTable(database, liveness);
  }

  /**
   * Opens the journal in the folder; makes both when they are missing. To be called before anything
   * else loads H2 in this process, since only then its server is sure to stay on 127.0.0.1.
   *
   * @throws UserErrorException when the file is damaged, held, not writable or of a newer program;
   *     it is left as it is
   */
  public static Journal open(Path folder) {
    return open(folder, "", Clock.systemUTC());
  }

  /**
   * Opens the journal for a program that leases sources.
   *
   * @param command the command of this process, as other processes report it
   * @param clock tells when a lease began
   */
  public static Journal open(Path folder, String command, Clock clock) {
    return open(JournalLocation.in(folder), command, clock);
  }

  /** Opens a journal for a command that leases nothing. */
  public static Journal open(JournalLocation location) {
    return open(location, "", Clock.systemUTC());
  }

  /**
   * Opens the journal for a program that leases sources.
   *
   * @param command the command of this process, as other processes report it
   * @param clock tells when a lease began
   */
  public static Journal open(JournalLocation location, String command, Clock clock) {
    return location.url() == null
        ? JournalOpening.file(location.folder(), command, clock)
        : JournalOpening.shared(location, command, clock);
  }

  /** What this process reads, so that no other reads it. */
  public Leases leases() {
    return leases;
  }

  /** The services that share this journal. */
  public Nodes nodes() {
    return new Nodes(database, liveness);
  }

  /** The rejected rows that later runs try again. */
  public OpenRejects openRejects() {
    return new OpenRejects(database);
  }

  /** Where the next polls of jobs begin. */
  public Checkpoints checkpoints() {
    return new Checkpoints(database);
  }

  /** What is remembered of the files attached to the records of an app. */
  public FileHashes fileHashes(String domain, String app) {
    return new SentFiles(database, domain, app);
  }

  /** The rich texts that were sent to an app. */
  public RichTexts richTexts(String domain, String app) {
    return new SentTexts(database, domain, app);
  }

  /** The plans that were applied. */
  public AppliedPlans appliedPlans() {
    return new AppliedPlans(database);
  }

  /** The plans that people have asked for on the page. */
  public KeptPlans keptPlans() {
    return new KeptPlans(database);
  }

  /** What the last comparisons of jobs with their apps found. */
  public Reconciliations reconciliations() {
    return new Reconciliations(database);
  }

  /** The files of watched folders that were read and moved away. */
  public FilesRead filesRead() {
    return new FilesRead(database);
  }

  /** What runs have confirmed, with the keys in files of a folder. */
  public Snapshots snapshots(Path folder) {
    return new Snapshots(database, folder);
  }

  /** The forms that jobs ran well with. */
  public Forms forms() {
    return new Forms(database);
  }

  /** What apps are called. */
  public AppNames appNames() {
    return new AppNames(database);
  }

  /** How the jobs of running programs stand. */
  public JobStatusRows statusRows() {
    return new JobStatusRows(database, liveness);
  }

  /** What commands ask of running services. */
  public JobRequests requests() {
    return new JobRequests(database, liveness);
  }

  /** The files of corrected rows that are still to be run. */
  public CorrectedFiles correctedFiles() {
    return new CorrectedFiles(database);
  }

  /** The files that people gave to jobs on the page. */
  public ReceivedFiles receivedFiles() {
    return new ReceivedFiles(database);
  }

  /** What people have been told of jobs. */
  public AlertStates alertStates() {
    return new AlertStates(database);
  }

  /** What is to be sent to people. */
  public Outbox outbox() {
    return new Outbox(database);
  }

  /** Before when runs are old. */
  AgeLimit ageLimit() {
    return new AgeLimit(database);
  }

  /** What was said of runs, so that it can be said again in any language. */
  public RunMessages runMessages() {
    return new RunMessages(database);
  }

  /** A run begins in this process. From now on its counts are those of its batches. */
  public void begun(Report report) {
    runs.begun(report);
  }

  /**
   * A run begins, if what was leased for it is still this process's own.
   *
   * @param leased as the run will ask before it writes
   * @return false: it is not, and the run is as if it had never been
   */
  public boolean begun(Report report, LeaseFence leased) {
    return runs.begun(report, leased.node());
  }

  /**
   * A batch is on its way: until it is settled, its records count as unprocessed.
   *
   * @param batch the number of the batch in its run
   * @param read its source records
   */
  public void handedOut(String run, int batch, long read) {
    var counts = new Counts(read, 0, 0, 0, 0, 0, read);
    database.call(
        connection -> {
          BatchLines.store(connection, run, batch, counts, Removed.NONE);
          return database.reachDisk();
        });
  }

  /** As {@link #settled(String, int, Counts, Removed)}, of a batch that removed nothing. */
  public void settled(String run, int batch, Counts counts) {
    settled(run, batch, counts, Removed.NONE);
  }

  /**
   * Every record of the batch has its outcome. The line is on the disk when this returns.
   *
   * @param batch the number of the batch in its run; a second line of a number replaces the first
   * @throws IllegalStateException when the counts do not add up
   */
  public void settled(String run, int batch, Counts counts, Removed removals) {
    ReportJson.mustAddUp(run, counts);
    database.call(
        connection -> {
          BatchLines.store(connection, run, batch, counts, removals);
          return database.reachDisk();
        });
  }

  /**
   * A run has ended, also one that was refused and never began. It is on the disk when this
   * returns: the source may then be released. One that another process has found abandoned stays as
   * that process has left it.
   *
   * @throws IllegalStateException when the counts do not add up
   */
  public void ended(Report report) {
    runs.ended(report);
  }

  /** The newest runs of all jobs, newest first. A run that is under way has its counts so far. */
  public List<Report> runs(int most) {
    return runs.select("ORDER BY started_at DESC, name DESC LIMIT ?", most);
  }

  /** The newest runs of a job, newest first. A run that is under way has its counts so far. */
  public List<Report> runs(String job, int most) {
    return runs.select("WHERE job = ? ORDER BY started_at DESC, name DESC LIMIT ?", job, most);
  }

  /**
   * The newest runs, newest first. A run that is under way has its counts so far.
   *
   * @param job its name; empty: of all jobs
   * @param state as reports have it; empty: any
   */
  public List<Report> runs(String job, String state, int most) {
    return runs.select(
        """
        WHERE (? = '' OR job = ?) AND (? = '' OR report LIKE ?)
        ORDER BY started_at DESC, name DESC LIMIT ?
        """,
        job,
        job,
        state,
        "%\"state\":\"" + state.replaceAll("[^a-z-]", "") + "\"%",
        most);
  }

  /**
   * The newest runs of a job that were to write, newest first. A run that is under way has its
   * counts so far.
   */
  public List<Report> writingRuns(String job, int most) {
    return runs.select(
        "WHERE job = ? AND NOT dry ORDER BY started_at DESC, name DESC LIMIT ?", job, most);
  }

  /** The newest of the other runs of the job that were to write. */
  public Optional<Report> runBefore(Report run) {
    return runs
        .select(
            "WHERE job = ? AND NOT dry AND name <> ? ORDER BY started_at DESC, name DESC LIMIT 1",
            run.job(),
            run.run())
        .stream()
        .findFirst();
  }

  /** The newest run of each job that was to write, by the job's name. */
  public Map<String, Report> newest() {
    var newest = new LinkedHashMap<String, Report>();
    runs.select(
            """
            WHERE name = (SELECT other.name FROM run other WHERE other.job = run.job
              AND NOT other.dry ORDER BY other.started_at DESC, other.name DESC LIMIT 1)
            ORDER BY job
            """)
        .forEach(report -> newest.put(report.job(), report));
    return newest;
  }

  /** The runs of a job that began at a time or later, newest first. */
  public List<Report> runsSince(String job, Instant since) {
    return runs.select(
        "WHERE job = ? AND started_at >= ? ORDER BY started_at DESC, name DESC",
        job,
        since.atOffset(ZoneOffset.UTC));
  }

  /** The run of that name. */
  public Optional<Report> run(String name) {
    return runs.select("WHERE name = ?", name).stream().findFirst();
  }

  /** Whether the run of that name has not ended, and its process is there. */
  public boolean isUnderWay(String run) {
    return runs.isUnderWay(run);
  }

  /**
   * Marks the runs that stand as running although their process is gone as stopped, and returns
   * those that this call marked: their run folders have no final report yet. They ended when they
   * were last heard of; records handed out and not settled count as unprocessed. To be called when
   * a program starts and before a run begins.
   */
  public List<Report> abandoned() {
    return runs.markAbandoned();
  }

  /**
   * Calls were made to an app. Where the process that served the file is lost at this very moment,
   * they may count twice, never not at all.
   *
   * @param domain the host of the base URL
   * @param when when they were made; Kintone's day begins at 09:00 in Japan, which is 00:00 UTC
   * @param calls how many, as Kintone counts them
   */
  public void called(String domain, String app, Instant when, long calls) {
    new DailyCalls(database).add(domain, app, when, calls);
  }

  /** The calls made to an app on the Kintone day of that instant, by every process. */
  public long calls(String domain, String app, Instant when) {
    return new DailyCalls(database).of(domain, app, when);
  }

  /**
   * The runs that may be forgotten: they began before that instant and have ended, a newer run of
   * their job stands here, and none of their rejected rows can be open any more.
   */
  List<String> old(Instant before) {
    return runs.old(before);
  }

  /** Forgets a run that has ended. */
  void forget(String run) {
    runs.forget(run);
  }

  /** Forgets the calls of the days before that instant, and what processes held that are gone. */
  void tidy(Instant before) {
    leases.tidy();
    new DailyCalls(database).forget(before);
  }

  /** The program is ending: whatever still needs the journal waits no more for one that is away. */
  public void hurry() {
    database.hurry();
  }

  /**
   * Lets go of the file and of what was claimed. Runs of this process that have not ended are
   * abandoned from now on.
   */
  @Override
  public void close() {
    database.cutSoon();
    liveness.cutSoon();
    leases.close();
    database.close();
    liveness.close();
  }

  /** Why the journal was left as it was, after it was closed; null when all was written. */
  public @Nullable UserMessage left() {
    var away = database.left();
    return away == null ? null : MessageCode.JOURNAL_LEFT.with(RootCause.words(away));
  }
}
