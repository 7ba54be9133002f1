package dev.kintonesync.camel.run;

import dev.kintonesync.camel.source.ApiPoll;
import dev.kintonesync.camel.source.Apis;
import dev.kintonesync.camel.source.AppPoll;
import dev.kintonesync.camel.source.AppSourceClient;
import dev.kintonesync.camel.source.DatabasePoll;
import dev.kintonesync.camel.source.Databases;
import dev.kintonesync.camel.source.PollableSource;
import dev.kintonesync.camel.source.TopicPoll;
import dev.kintonesync.camel.source.Topics;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Source;
import java.nio.file.Path;
import java.time.Clock;

/** Makes of a job what one run of it reads: a file, or a poll of another source. */
public final class SourceItems {
  private final Databases databases;
  private final Apis apis;
  private final AppSourceClient apps;
  private final Topics topics;
  private final Journal journal;
  private final Path rejectsFolder;
  private final Clock clock;

  /**
   * Creates what makes items.
   *
   * @param rejectsFolder where people look for the rejects of sources that are no files
   */
  public SourceItems(
      Databases databases,
      Apis apis,
      AppSourceClient apps,
      Topics topics,
      Journal journal,
      Path rejectsFolder,
      Clock clock) {
    this.databases = databases;
    this.apis = apis;
    this.apps = apps;
    this.topics = topics;
    this.journal = journal;
    this.rejectsFolder = rejectsFolder;
    this.clock = clock;
  }

  /** What a run of a job reads. */
  SourceItem apply(Job job) {
    return item(job, false);
  }

  /** The same for a person who looks for what there is, also what goes to no field. */
  SourceItem toLookAt(Job job) {
    return item(job, true);
  }

  private SourceItem item(Job job, boolean toLookAt) {
    return job.source()
        .match(
            new Source.Cases<SourceItem>() {
              @Override
              public SourceItem folder(Source.Folder source) {
                throw new IllegalStateException("job " + job.name() + " reads one file at a time");
              }

              @Override
              public SourceItem file(Source.OneFile source) {
                return new FileItem(source, job.reading(), journal.leases(), clock);
              }

              @Override
              public SourceItem database(Source.Database source) {
                return poll(new DatabasePoll(source, databases, clock));
              }

              @Override
              public SourceItem api(Source.Api source) {
                return poll(new ApiPoll(job, source, apis, clock));
              }

              @Override
              public SourceItem app(Source.KintoneApp source) {
                return poll(new AppPoll(job, source, apps, clock));
              }

              @Override
              public SourceItem topic(Source.Topic source) {
                return poll(new TopicPoll(job, source, topics, apis, toLookAt));
              }

              @Override
              public SourceItem plan(Source.PlanFile source) {
                return new PlanItem(
                    job, source, journal.leases(), journal.appliedPlans(), rejectsFolder, clock);
              }

              private SourceItem poll(PollableSource polled) {
                return new PolledItem(job, polled, journal.checkpoints(), rejectsFolder, clock);
              }
            });
  }
}
