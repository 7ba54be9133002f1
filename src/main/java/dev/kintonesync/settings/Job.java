package dev.kintonesync.settings;

import dev.kintonesync.form.Attachments;
import dev.kintonesync.form.FieldMap;
import dev.kintonesync.form.KeyNormalization;
import dev.kintonesync.form.TableOptions;
import dev.kintonesync.kintone.KintoneConnection;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.SourceBounds;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.sync.Assertion;
import dev.kintonesync.sync.Guard;
import dev.kintonesync.sync.Guards;
import dev.kintonesync.sync.Rules;
import dev.kintonesync.sync.Starter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One source, one app, one key, one mode.
 *
 * @param name letters of any script, digits, {@code -} and {@code _}
 * @param connection the domain and the caller, complete
 * @param app the id of the app
 * @param updateKey the code of the field that identifies records; null only for a job of one file
 *     for which nobody named it
 * @param map what goes where
 * @param tables how the rows of tables go together
 * @param attachments where the files lie that rows name; null: rows name none
 * @param source where the rows come from
 * @param reading what is said about its files
 * @param keys how the keys of the source are made alike
 * @param runFields which fields say by which run a record was written
 * @param rules by which rules it writes
 * @param bounds what stops it
 * @param options what holds for one run
 * @param schedule when it runs by itself; null: a folder is watched and a topic followed, other
 *     sources wait to be asked
 * @param reconcile when its whole source is held against its app by itself; null: never
 */
public record Job(
    String name,
    KintoneConnection connection,
    String app,
    @Nullable String updateKey,
    FieldMap map,
    TableOptions tables,
    @Nullable Attachments attachments,
    Source source,
    SourceOptions reading,
    KeyNormalization keys,
    RunFields runFields,
    Rules rules,
    Bounds bounds,
    RunOptions options,
    @Nullable Schedule schedule,
    @Nullable Schedule reconcile) {

  /** The name of the job that {@code import} and {@code plan} make of their options alone. */
  public static final String IMPORT = "import";

  /** Whether a person must let happen what a job would write. */
  public enum Approval {
    NONE,
    REQUIRED
  }

  /**
   * What stops a job that would do too much at once.
   *
   * @param guards how much it bears
   * @param clearsEmptyColumns whether a column that is empty in every row clears its field in every
   *     record; otherwise it is left out
   * @param source how much a source may bring
   * @param approval whether its runs only make plans, which a person lets happen
   * @param assertions what must hold before anything is written
   */
  public record Bounds(
      Guards.Limits guards,
      boolean clearsEmptyColumns,
      SourceBounds source,
      boolean approval,
      List<Assertion> assertions) {

    /** As where nobody says anything. */
    public static final Bounds DEFAULT =
        new Bounds(Guards.Limits.DEFAULT, false, SourceBounds.DEFAULT, false, List.of());

    public Bounds {
      assertions = List.copyOf(assertions);
    }
  }

  /** An upsert of one file by the rules that hold where nobody says anything. */
  public static Job upsert(
      String name, KintoneConnection connection, String app, String updateKey, Source source) {
    return new Job(
        name,
        connection,
        app,
        updateKey,
        FieldMap.NONE,
        TableOptions.DEFAULT,
        null,
        source,
        SourceOptions.DEFAULT,
        KeyNormalization.DEFAULT,
        RunFields.NONE,
        Rules.DEFAULT,
        Bounds.DEFAULT,
        RunOptions.DEFAULT,
        null,
        null);
  }

  /** Returns this job with one file as its only source. */
  public Job on(Source.OneFile file) {
    return copy(file, rules, options);
  }

  /** Returns this job with other options for its next run. */
  public Job with(RunOptions changed) {
    return copy(source, rules, changed);
  }

  /** Returns this job for a run that somebody only wants to look at, and nobody approves. */
  public Job onlyLooking(RunOptions changed) {
    return copy(source, rules, withoutApproval(), changed, schedule, reconcile);
  }

  /** Whether a run of it makes a plan that waits until a person lets it happen. */
  public boolean awaitsApproval() {
    return bounds.approval() && !options.writes() && !options.isPartial();
  }

  private Bounds withoutApproval() {
    return new Bounds(
        bounds.guards(), bounds.clearsEmptyColumns(), bounds.source(), false, bounds.assertions());
  }

  /**
   * Returns a job that holds the whole source of this one against its app, and writes nothing: what
   * this one would leave alone counts as different too, and what the source lacks as extra.
   *
   * @param starter who asked for it
   */
  public Job comparing(Starter starter) {
    return copy(
        source,
        rules.comparing(),
        withoutApproval(),
        RunOptions.comparing(starter),
        schedule,
        reconcile);
  }

  /**
   * Returns a job that does what a plan document says, and nothing else: no rule of this one that
   * decides what becomes of a row has a say.
   *
   * @param by what holds for the run
   */
  public Job applying(Source.PlanFile plan, RunOptions by) {
    return new Job(
        name,
        connection,
        app,
        updateKey,
        FieldMap.NONE,
        TableOptions.DEFAULT,
        attachments,
        plan,
        SourceOptions.DEFAULT,
        KeyNormalization.DEFAULT,
        runFields,
        Rules.APPLYING,
        withoutApproval(),
        by,
        null,
        null);
  }

  /**
   * Returns this job with other times.
   *
   * @param runs when it runs; null: never by itself
   * @param compares when its source is held against its app; null: never by itself
   */
  Job at(@Nullable Schedule runs, @Nullable Schedule compares) {
    return copy(source, rules, bounds, options, runs, compares);
  }

  private Job copy(Source from, Rules how, RunOptions by) {
    return copy(from, how, bounds, by, schedule, reconcile);
  }

  private Job copy(
      Source from,
      Rules how,
      Bounds within,
      RunOptions by,
      @Nullable Schedule at,
      @Nullable Schedule compares) {
    return new Job(
        name,
        connection,
        app,
        updateKey,
        map,
        tables,
        attachments,
        from,
        reading,
        keys,
        runFields,
        how,
        within,
        by,
        at,
        compares);
  }

  /** Whether it runs without being asked. */
  public boolean runsByItself() {
    return schedule != null || source.isFollowed();
  }

  /** When it goes on after a run that only a person can let pass. */
  public UserMessage continues() {
    if (schedule == null) {
      return (!source.isFollowed()
              ? MessageCode.CONTINUES_ON_REQUEST
              : source.watched() == null
                  ? MessageCode.CONTINUES_WHEN_CORRECTED
                  : MessageCode.CONTINUES_WITH_THE_FILE)
          .with();
    }
    return schedule.timing() instanceof Schedule.Following following
        ? MessageCode.CONTINUES_AFTER.with(following.job())
        : MessageCode.CONTINUES_ON_SCHEDULE.with();
  }

  /** That only a person can let it go on, with how: after a guard it may be let pass once. */
  public UserMessage needsYou(UserMessage reason) {
    var guard = Guard.of(reason);
    return guard == null
        ? MessageCode.NEEDS_YOU.with(reason, continues(), name)
        : MessageCode.NEEDS_YOU_GUARD.with(reason, continues(), name, guard.word());
  }

  /** The one file of a job that reads one file. */
  public Source.OneFile oneFile() {
    if (source instanceof Source.OneFile one) {
      return one;
    }
    throw new IllegalStateException("job " + name + " does not read one file");
  }
}
