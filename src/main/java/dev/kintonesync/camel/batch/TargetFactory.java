package dev.kintonesync.camel.batch;

import dev.kintonesync.camel.kintone.WritePermits;
import dev.kintonesync.form.Mapping;
import dev.kintonesync.form.RememberedLookups;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Settings;
import dev.kintonesync.sync.FileHashes;
import dev.kintonesync.sync.PlannedStates;
import dev.kintonesync.sync.RecordSnapshot;
import dev.kintonesync.sync.RichTexts;
import dev.kintonesync.sync.Target;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes targets: where batches of a job go, and in what sizes. */
public final class TargetFactory {
  private final Settings settings;
  private final WritePermits permits;

  TargetFactory(Settings settings, WritePermits permits) {
    this.settings = settings;
    this.permits = permits;
  }

  /**
   * Makes a target.
   *
   * @param app the job's app as it was read
   * @param mapping which column goes to which field of it
   * @param richTexts the rich texts that were sent to the app
   * @param hashes what is remembered of the files that its records hold
   * @param confirmed what the app is known to hold; null: nothing is known
   * @param planned what is planned by now; null: the job writes
   */
  public Target target(
      Job job,
      AppSnapshot app,
      Mapping mapping,
      RichTexts richTexts,
      FileHashes hashes,
      @Nullable RecordSnapshot confirmed,
      @Nullable PlannedStates planned) {
    return new Target(
        job.connection(),
        job.app(),
        app.form(),
        mapping,
        job.rules(),
        MappingFactory.marks(job, app),
        Map.of(),
        app.similar(),
        job.options().writes(),
        app.empty(),
        new Target.Sizes(
            settings.recordsPerRequest(), settings.requestsPerBatch(), settings.keysPerLookup()),
        permits.limiter(job.connection(), job.app()),
        richTexts,
        hashes,
        new RememberedLookups(),
        confirmed,
        planned);
  }
}
