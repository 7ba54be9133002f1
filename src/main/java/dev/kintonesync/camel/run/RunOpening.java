package dev.kintonesync.camel.run;

import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.kintonesync.camel.batch.BatchFilling;
import dev.kintonesync.camel.batch.Hooks;
import dev.kintonesync.camel.batch.KeysInFlight;
import dev.kintonesync.camel.batch.MappingFactory;
import dev.kintonesync.camel.batch.MemoryBudget;
import dev.kintonesync.camel.batch.TargetFactory;
import dev.kintonesync.form.Expressions;
import dev.kintonesync.form.Field;
import dev.kintonesync.form.Mapping;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.RunFolder;
import dev.kintonesync.message.Blank;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.Shown;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Settings;
import dev.kintonesync.settings.Source;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.Understanding;
import dev.kintonesync.source.file.RejectsFile;
import dev.kintonesync.sync.PlannedStates;
import dev.kintonesync.sync.Rules;
import dev.kintonesync.sync.SeenKeys;
import java.time.Clock;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens runs: decides which column goes where, and makes the batches of the source. */
public final class RunOpening {
  private static final Logger log = LoggerFactory.getLogger(RunOpening.class);

  private final Settings settings;
  private final TargetFactory targets;
  private final Function<Job, KeysInFlight> keysInFlight;
  private final MemoryBudget memory;
  private final Journal journal;
  private final MessageBundle bundle;
  private final Clock clock;
  private final Expressions expressions;
  private final Hooks hooks;

  public RunOpening(
      Settings settings,
      TargetFactory targets,
      Function<Job, KeysInFlight> keysInFlight,
      MemoryBudget memory,
      Journal journal,
      MessageBundle bundle,
      Clock clock,
      Expressions expressions,
      Hooks hooks) {
    this.settings = settings;
    this.targets = targets;
    this.keysInFlight = keysInFlight;
    this.memory = memory;
    this.journal = journal;
    this.bundle = bundle;
    this.clock = clock;
    this.expressions = expressions;
    this.hooks = hooks;
  }

  /** Settles how the columns of an open source become fields, and begins the run with it. */
  void begin(RunContext run, SourceReader reader, RunFolder folder) {
    say(run, folder, reader.understanding());
    Mapping mapping = mapping(run, reader);
    var confirmed =
        ConfirmedRecords.of(
            run, journal.snapshots(settings.journal().folder().resolve("snapshots")), memory);
    try {
      run.begins(session(run, reader, folder, mapping, confirmed));
    } catch (RuntimeException e) {
      if (confirmed != null) {
        confirmed.close();
      }
      throw e;
    }
  }

  /** Judges the open source by what its job asserts of it. */
  void judge(RunContext run, RunFolder folder) {
    try (var share = memory.share()) {
      run.assertions().judgeSource(clock.instant(), folder, new KeyMemory(run, share));
    }
  }

  private RunSession session(
      RunContext run,
      SourceReader reader,
      RunFolder folder,
      Mapping mapping,
      @Nullable ConfirmedRecords confirmed) {
    var job = run.job();
    var app = run.app();
    String domain = String.valueOf(job.connection().baseUrl());
    var share = memory.share();
    var planned =
        job.options().writes()
            ? null
            : new PlannedStates(job.options().compares(), new KeyMemory(run, share));
    var target =
        targets
            .target(
                job,
                app,
                mapping,
                journal.richTexts(domain, job.app()),
                journal.fileHashes(domain, job.app()),
                confirmed == null ? null : confirmed.keys(),
                planned)
            .stamping(RunStamps.of(run, app.form(), mapping));
    var keys = keysInFlight.apply(job);
    var sizes =
        new Batches.Sizes(
            new BatchFilling.Sizes(
                target.sizes().batchSize(),
                target.sizes().keysPerLookup(),
                settings.batchBytes(),
                memory.fullBatch()),
            settings.maxWriters() + 1);
    var rejects =
        RejectsFile.create(
            folder.file(run.item().rejectsName()), reader.columns(), reader.format());
    KeptRejects retries = rejects(run);
    var known = hooks.takesRows(run) ? null : KnownRows.of(run, target);
    var sourceRows =
        new SourceRows(
            run,
            reader,
            job.options().compares() ? Collections.emptyIterator() : retries.rows(),
            hooks.beforeMapping(run));
    return new RunSession(
        run,
        target,
        reader,
        sourceRows,
        new Batches(run, reader, mapping, keys, journal, sizes, share, sourceRows, known),
        retries,
        confirmed,
        rejects,
        folder,
        journal,
        bundle,
        expressions);
  }

  /** Rows of files wait for a person; rows of a source that reads on are tried again. */
  private KeptRejects rejects(RunContext run) {
    var job = run.job();
    if (job.source() instanceof Source.PlanFile) {
      return new NoRejects();
    }
    return job.source() instanceof Source.OneFile file
            && job.options().writes()
            && !job.name().equals(Job.IMPORT)
        ? new FileRejects(job, file, run.name(), journal, clock)
        : new RejectRetries(job, run.name(), journal, clock);
  }

  private void say(RunContext run, RunFolder folder, @Nullable Understanding understanding) {
    if (understanding != null) {
      var sentence = Understood.sentence(understanding);
      run.understood(sentence);
      folder.log(bundle.say(sentence));
      log.info("{}: {}", run.name(), sentence);
    }
  }

  /** Which column goes where; what of the source is left out is said once. */
  private Mapping mapping(RunContext run, SourceReader reader) {
    var job = run.job();
    var mapping = MappingFactory.mapping(job, run.app(), reader, expressions);
    refuseScatteredGroups(run);
    Set<String> named = namedByTheJob(job);
    remark(run, MessageCode.COLUMNS_IGNORED, besides(mapping.ignoredColumns(), named));
    remark(run, MessageCode.COLUMNS_READ_ONLY, besides(mapping.readOnlyColumns(), named));
    untriedLookups(run, mapping);
    boolean clears = job.bounds().clearsEmptyColumns() || job.rules().empty() == Rules.Empty.KEEP;
    if (clears || run.app().empty()) {
      return mapping;
    }
    try (var rows = run.item().preview()) {
      if (rows == null) {
        return mapping;
      }
      Set<String> empty =
          mapping.decisive(EmptyColumns.in(rows, mapping, hooks.beforeMapping(run)));
      if (!hasComeBack(run)) {
        remark(run, MessageCode.COLUMNS_EMPTY, List.copyOf(empty));
      }
      return mapping.without(empty);
    }
  }

  /** A plan cannot tell whether what it looks up is there where the other app cannot be read. */
  private static void untriedLookups(RunContext run, Mapping mapping) {
    if (run.job().options().writes()) {
      return;
    }
    for (Field field : mapping.lookups()) {
      var lookup = field.lookup();
      UserMessage reason = lookup == null ? null : run.app().unseen().get(lookup.app());
      if (lookup != null && reason != null) {
        run.remark(MessageCode.LOOKUPS_NOT_TRIED.with(field.name(), lookup.app(), reason));
      }
    }
  }

  /**
   * A second group of the same record would stand in the place of the first one: the rows of one of
   * them would be lost. What cannot be read is its neighbours' affair.
   */
  private void refuseScatteredGroups(RunContext run) {
    String column = run.job().reading().groupBy();
    if (column == null) {
      return;
    }
    try (var rows = run.item().preview();
        var share = memory.share()) {
      var seen = new SeenKeys(new KeyMemory(run, share));
      String group = "";
      while (rows != null && rows.hasNext() && !run.isStopped()) {
        var row = rows.next();
        if (row.problem() != null) {
          continue;
        }
        String next = Blank.strip(Objects.toString(row.values().get(column), ""));
        if (!next.isEmpty() && !next.equals(group) && !seen.add(next)) {
          throw new UserErrorException(
              MessageCode.GROUP_SCATTERED.with(column, next, row.position().asMessage()));
        }
        group = next;
      }
    }
  }

  /** Whether it reads a rejects file: a few rows, many of whose columns are empty by chance. */
  private static boolean hasComeBack(RunContext run) {
    try (var rows = run.item().preview()) {
      return rows != null && rows.hasNext() && rows.next().ref() != null;
    }
  }

  /** The columns that the job uses itself and that need not become fields. */
  private static Set<String> namedByTheJob(Job job) {
    var named = new HashSet<@Nullable String>();
    var flag = job.rules().deleteWhen();
    named.add(flag == null ? null : flag.column());
    named.add(job.reading().skipWhenEmpty());
    named.add(job.reading().groupBy());
    named.addAll(job.source().usedColumns());
    return named.stream().filter(Objects::nonNull).collect(toUnmodifiableSet());
  }

  /** Databases give back their columns in capitals or not, whatever the job writes. */
  private static List<String> besides(List<String> columns, Set<String> named) {
    return columns.stream()
        .filter(name -> named.stream().noneMatch(name::equalsIgnoreCase))
        .toList();
  }

  private static void remark(RunContext run, MessageCode text, List<String> columns) {
    if (!columns.isEmpty()) {
      run.remark(text.with(Shown.names(columns)));
    }
  }
}
