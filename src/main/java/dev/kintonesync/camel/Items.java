package dev.kintonesync.camel;

import dev.kintonesync.journal.Journal;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Source;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Function;

/** Makes of a job what one run of it reads: a file, or a poll of another source. */
final class Items implements Function<Job, Item> {
  private final Databases databases;
  private final Apis apis;
  private final OtherApps apps;
  private final Journal journal;
  private final Path rejectsFolder;
  private final Clock clock;

  /**
   * Creates what makes items.
   *
   * @param rejectsFolder where people look for the rejects of sources that are no files
   */
  Items(
      Databases databases,
      Apis apis,
      OtherApps apps,
      Journal journal,
      Path rejectsFolder,
      Clock clock) {
    this.databases = databases;
    this.apis = apis;
    this.apps = apps;
    this.journal = journal;
    this.rejectsFolder = rejectsFolder;
    this.clock = clock;
  }

  @Override
  public Item apply(Job job) {
    return job.source()
        .match(
            new Source.Cases<Item>() {
              @Override
              public Item folder(Source.Folder source) {
                throw new IllegalStateException("job " + job.name() + " reads one file at a time");
              }

              @Override
              public Item file(Source.OneFile source) {
                return new FileItem(source, job.reading(), journal.claims(), clock);
              }

              @Override
              public Item database(Source.Database source) {
                return poll(new DatabasePoll(source, databases, clock));
              }

              @Override
              public Item api(Source.Api source) {
                return poll(new ApiPoll(job, source, apis, clock));
              }

              @Override
              public Item app(Source.KintoneApp source) {
                return poll(new AppPoll(job, source, apps, clock));
              }

              private Item poll(Polled polled) {
                return new PollItem(job, polled, journal.checkpoints(), rejectsFolder, clock);
              }
            });
  }
}
