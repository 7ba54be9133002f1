package dev.kintonesync.camel.run;

import dev.kintonesync.journal.AppliedPlans;
import dev.kintonesync.journal.Lease;
import dev.kintonesync.journal.Leases;
import dev.kintonesync.journal.OwnerOnly;
import dev.kintonesync.journal.PlanHeader;
import dev.kintonesync.journal.PlanReader;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.Shown;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Source;
import dev.kintonesync.source.SourceFormat;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.file.FileIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A plan document. Before its first change it is looked through, held against the app as it is now,
 * and refused where it was made for something else or was applied already.
 */
final class PlanItem implements SourceItem {
  private final Job job;
  private final Source.PlanFile source;
  private final Leases leases;
  private final AppliedPlans applied;
  private final Path rejectsFolder;
  private final Clock clock;
  private @Nullable PlanHeader header;
  private @Nullable RunContext run;
  private volatile @Nullable FileIdentity identity;

  /**
   * A plan document that is to be applied.
   *
   * @param rejectsFolder where people look for the rejects of sources that are no files
   */
  PlanItem(
      Job job,
      Source.PlanFile source,
      Leases leases,
      AppliedPlans applied,
      Path rejectsFolder,
      Clock clock) {
    this.job = job;
    this.source = source;
    this.leases = leases;
    this.applied = applied;
    this.rejectsFolder = rejectsFolder;
    this.clock = clock;
  }

  @Override
  public String name() {
    return source.name();
  }

  /**
   * Nobody else applies the plan meanwhile.
   *
   * @throws UserErrorException when a run has applied it before: there is nothing to run
   */
  @Override
  public Lease claim() {
    Lease claim = leases.file(source.file());
    try {
      applied.refuseIfApplied(PlanReader.header(source.file()).plan());
      return claim;
    } catch (RuntimeException e) {
      claim.close();
      throw e;
    }
  }

  @Override
  public SourceReader open(RunContext run) {
    identity = FileIdentity.of(source.file());
    var read = PlanReader.header(source.file());
    refuseUnlessMeant(read);
    List<String> changed = read.changedIn(run.app().form());
    if (!changed.isEmpty()) {
      throw new UserErrorException(
          MessageCode.PLAN_OF_OTHER_FORM.with(
              Shown.names(changed), read.formRevision(), run.app().form().revision()));
    }
    applied.refuseIfApplied(read.plan());
    this.header = read;
    this.run = run;
    return PlanReader.open(source.file(), read);
  }

  private void refuseUnlessMeant(PlanHeader read) {
    String domain = String.valueOf(job.connection().baseUrl());
    if (!read.complete()) {
      throw new UserErrorException(MessageCode.PLAN_INCOMPLETE.with(read.plan()));
    } else if (!read.domain().equals(domain)) {
      throw new UserErrorException(MessageCode.PLAN_OF_OTHER_DOMAIN.with(read.domain(), domain));
    } else if (!read.app().equals(job.app()) || !read.updateKey().equals(job.updateKey())) {
      throw new UserErrorException(
          MessageCode.PLAN_OF_OTHER_APP.with(
              read.app(), read.updateKey(), job.app(), String.valueOf(job.updateKey())));
    } else if (!read.program().equals(source.program())) {
      throw new UserErrorException(
          MessageCode.PLAN_OF_OTHER_PROGRAM.with(read.program(), source.program()));
    }
  }

  @Override
  public @Nullable SourceReader preview() {
    return null;
  }

  @Override
  public SourceReader again() {
    return PlanReader.open(
        source.file(), Objects.requireNonNull(header, "the plan is opened first"));
  }

  @Override
  public String rejectsName() {
    return "rejects" + SourceFormat.JSON.extension();
  }

  @Override
  public Path publish(Path written) throws IOException {
    Path name = Path.of(job.name() + SourceFormat.JSON.extension());
    Path shown = rejectsFolder.resolve(TimestampedName.on(name, clock));
    OwnerOnly.folders(rejectsFolder);
    return Files.copy(written, shown, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public boolean rejectsAreNamed() {
    return false;
  }

  @Override
  public @Nullable UserMessage objection() {
    return Files.exists(source.file()) && !FileIdentity.of(source.file()).equals(identity)
        ? MessageCode.SOURCE_CHANGED_WHILE_READ.with(name())
        : null;
  }

  @Override
  public void settled() {
    String plan = Objects.requireNonNull(header, "the plan is opened first").plan();
    applied.applied(plan, Objects.requireNonNull(run, "the plan is opened first").name());
  }

  @Override
  public @Nullable FileIdentity identity() {
    return identity;
  }
}
