package dev.kintonesync.camel.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kintonesync.camel.kintone.OutageMonitor;
import dev.kintonesync.camel.run.RunResult;
import dev.kintonesync.journal.FilesRead;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Source;
import dev.kintonesync.source.PlainFile;
import dev.kintonesync.source.file.FileIdentity;
import dev.kintonesync.source.file.FileRights;
import dev.kintonesync.source.file.OwnFolder;
import dev.kintonesync.source.file.WaitingFiles;
import dev.kintonesync.sync.Starter;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.apache.camel.support.DefaultPollingConsumerPollStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Stands at the door of a watched folder: says which files may come in and when, and where a file
 * goes after its run. A file whose run stopped stays, and with it all later files of the job, for a
 * pause that grows from one attempt to the next.
 */
public final class FolderGate extends DefaultPollingConsumerPollStrategy
    implements GenericFileFilter<File> {
  /** How many quiet times one who does not watch the folder waits for a file to arrive. */
  private static final int QUIET_TIMES = 10;

  private final Job job;
  private final MessageBundle bundle;
  private final SourceBackoff attempts;

  private final java.util.function.Consumer<UserMessage> listener;

  /** Files that were only looked at, because the job writes nothing. */
  private final Map<Path, FileIdentity> lookedAt = new ConcurrentHashMap<>();

  /** What files wait for, of which has been told. */
  private final Map<Path, MessageCode> told = new ConcurrentHashMap<>();

  private final PassedOver passedOver;

  private final Source.Folder folder;
  private final Archive archive;
  private final Turn turn = new Turn();
  private final Arrivals arrivals;
  private final RestingFolder resting;

  /** Whether files may come in at this look at the folder. */
  private volatile boolean open;

  /** The files that have arrived whole by this look. */
  private volatile Set<Path> arrived = Set.of();

  /** Why none may be read at this look, whatever waits. */
  private volatile @Nullable UserMessage notOurs;

  /** The file of the last run, if only a person can let it pass. */
  private volatile @Nullable Refused refused;

  /** The file of the last run as it was when that began. */
  private volatile @Nullable Refused begun;

  /**
   * What a file looked like when its run began.
   *
   * @param size in bytes
   * @param modified when it was last written, as the file system says
   */
  private record Refused(File file, long size, long modified) {
    static Refused of(File file) {
      return new Refused(file, file.length(), file.lastModified());
    }
  }

  /**
   * The gate of a job's folder.
   *
   * @param stays tells people that a file is kept after a run: the job, and the seconds until the
   *     next attempt
   */
  FolderGate(
      Job job,
      MessageBundle bundle,
      Clock clock,
      OutageMonitor domains,
      FilesRead filesRead,
      java.util.function.Consumer<UserMessage> listener,
      MessageCode stays) {
    this.job = job;
    this.folder = Objects.requireNonNull(job.source().watched(), "a job with a folder");
    this.archive = new Archive(job.name(), filesRead, clock, listener);
    this.passedOver = new PassedOver(job.name(), listener);
    this.arrivals = new Arrivals(folder, clock, this::waits);
    this.resting = new RestingFolder(folder.folder(), clock);
    this.bundle = bundle;
    this.listener = listener;
    this.attempts = new SourceBackoff(job, clock, domains, listener, stays);
  }

  /** Whose turn it is to read the folder. */
  Turn turn() {
    return turn;
  }

  /** When the folder is tried again. */
  SourceBackoff attempts() {
    return attempts;
  }

  /**
   * A look at the folder begins: whether it is open holds for all of its files, or a pause that
   * ends between two of them would let the later one in first.
   *
   * @return whether the consumer is to look; false: nothing can have come since the last look
   */
  @Override
  public boolean begin(Consumer consumer, Endpoint endpoint) {
    if (refused == null && resting.rests()) {
      return false;
    }
    var before = resting.now();
    forgetTakenAway();
    open = attempts.isOpen();
    notOurs = OwnFolder.objection(folder.folder());
    archive.giveBackChanged();
    boolean waits = true;
    try {
      var files = waiting();
      waits = !files.isEmpty();
      arrived = Set.copyOf(arrivals.look(files));
    } catch (UserErrorException unreadable) {
      arrived = Set.of(); // the consumer meets the same, and says so
    }
    resting.looked(before, waits);
    return true;
  }

  /** A file that only a person could let pass is gone, so those behind it may come in. */
  private void forgetTakenAway() {
    var waits = refused;
    if (waits != null && !waits.file().exists() && attempts.needsPerson()) {
      refused = null;
      attempts.succeeded();
    }
  }

  /** Whether a file may come in now. */
  @Override
  public boolean accept(GenericFile<File> file) {
    if (file.isDirectory() || !WaitingFiles.isInput(file.getFileNameOnly())) {
      return false;
    }
    Path path = file.getFile().toPath();
    UserMessage objection = WaitingFiles.objection(path);
    if (objection != null) {
      passedOver.add(path, objection);
      return false;
    }
    return arrived.contains(path)
        && (open || isMended(file.getFile()))
        && PlainFile.is(path)
        && !isLookedAt(path)
        && isFolderOurs();
  }

  /**
   * Whether the file of a look goes in when its turn has come: those before it may have had to stay
   * since, somebody may have taken it away, or put a link in the place of what is ours.
   */
  public boolean admits(Exchange exchange) {
    turn.beginRoute();
    boolean admitted = admitsNow(exchange);
    if (!admitted) {
      turn.endRoute();
    }
    return admitted;
  }

  private boolean admitsNow(Exchange exchange) {
    File file = exchange.getMessage().getBody(File.class);
    open = open && attempts.isOpen();
    notOurs = OwnFolder.objection(folder.folder());
    return (open || isMended(file)) && PlainFile.is(file.toPath()) && isFolderOurs();
  }

  private static Path folderOf(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file lies in a folder");
  }

  /** Whether what is ours in the folder is so; if not, that is told and the folder pauses. */
  private boolean isFolderOurs() {
    UserMessage objection = notOurs;
    if (objection != null) {
      open = false; // one attempt, however many files wait
      attempts.cannotRun(objection);
    }
    return objection == null;
  }

  /** The files of the job's folder that are input, oldest first; others are told of. */
  public List<Path> waiting() {
    return WaitingFiles.in(folder.folder(), folder.doneFile(), passedOver::add);
  }

  /** Those that have arrived whole, for one who has just come and does not watch the folder. */
  public List<Path> arrived() {
    archive.giveBackChanged();
    return arrivals.firstLook(waiting());
  }

  /**
   * Waits until the next file has arrived, if there is one that may arrive soon.
   *
   * @return the file; null when none is there or none arrives
   */
  public @Nullable Path awaitArrival() {
    long end = System.nanoTime() + folder.quiet().multipliedBy(QUIET_TIMES).toNanos();
    while (true) {
      List<Path> whole = arrived();
      if (!whole.isEmpty() || waiting().isEmpty() || System.nanoTime() > end) {
        return whole.isEmpty() ? null : whole.get(0);
      }
      LockSupport.parkNanos(folder.quiet().toNanos() / 10);
    }
  }

  /** Why the oldest file that waits is not read yet; null when none waits. */
  public @Nullable UserMessage notYet() {
    for (Path file : waiting()) {
      UserMessage why = arrivals.pending(file);
      if (why != null) {
        return MessageCode.FILE_WAITS.with(file, why);
      }
    }
    return null;
  }

  /** Told once for each reason. */
  private void waits(Path file, UserMessage why) {
    told.keySet().removeIf(Files::notExists);
    if (told.put(file, why.text()) != why.text()) {
      listener.accept(MessageCode.FILE_WAITS.with(file, why));
    }
  }

  /** Whether it is the file that waits for a person, and another one by now. */
  private boolean isMended(File file) {
    var before = refused;
    return before != null && before.file().equals(file) && !Refused.of(file).equals(before);
  }

  /** Whether a run has looked at the file as it is and was to leave it alone. */
  private boolean isLookedAt(Path file) {
    FileIdentity before = lookedAt.get(file);
    return before != null && FileIdentity.of(file).equals(before);
  }

  /** A plan of the job was applied: files that were only looked at are looked at once more. */
  void lookAgain() {
    lookedAt.clear();
  }

  /** The job with the file that came in as its only source. */
  public Job jobFor(Exchange exchange) {
    return jobFor(exchange.getMessage().getBody(File.class).toPath());
  }

  /** The job with a file of its folder as its only source. */
  public Job jobFor(Path file) {
    begun = Refused.of(file.toFile());
    boolean byItself = job.options().startedBy() == null && job.schedule() == null;
    var options =
        byItself ? job.options().startedBy(new Starter(Starter.By.FOLDER, null)) : job.options();
    return job.on(Source.OneFile.found(file)).with(options);
  }

  /** Moves the file of the run in the body to where it goes. */
  public void release(Exchange exchange) {
    try {
      release(exchange.getMessage().getBody(RunResult.class));
    } finally {
      turn.endRoute();
    }
  }

  /**
   * Moves the file of a run to where it goes, or keeps it for another attempt.
   *
   * @return whether the next file may be read; false: this one is still there
   */
  public boolean release(RunResult finished) {
    try {
      place(finished);
      return finished.disposition() != RunResult.Disposition.STAYS;
    } catch (IOException e) {
      open = false;
      attempts.cannotRun(MessageCode.FILE_CANNOT_BE_MOVED.with(finished.report().source(), e));
      return false;
    }
  }

  /** Something went wrong before there could be a report: said once per pause. */
  public void cannotRun(Exchange exchange) {
    open = false;
    turn.endRoute();
    attempts.cannotRun(exchange);
  }

  private void place(RunResult finished) throws IOException {
    Path file = Path.of(finished.report().source());
    var rights = FileRights.of(file);
    try {
      move(file, finished);
    } finally {
      answer(file, rights, finished);
    }
  }

  /** Whoever has dropped the file finds the answer beside it. */
  private void answer(Path file, FileRights rights, RunResult finished) {
    if (folder.answers()) {
      try {
        ResultFile.write(file, rights, finished, bundle);
      } catch (IOException e) {
        listener.accept(MessageCode.RESULT_NOT_WRITTEN.with(file, e));
      }
    }
  }

  private void move(Path file, RunResult finished) throws IOException {
    if (!PlainFile.is(file)) {
      return; // somebody took it away after it was read, or put something else in its place
    }
    switch (finished.disposition()) {
      case TO_DONE -> {
        try (var done = OwnFolder.in(folderOf(file), OwnFolder.DONE)) {
          move(file, done, finished.identity());
        }
      }
      case TO_FAILED -> {
        try (var failed = OwnFolder.in(folderOf(file), OwnFolder.FAILED)) {
          String name = move(file, failed, finished.identity());
          try (var reason = failed.create(name + ".txt", FileRights.of(failed.path(name)))) {
            reason.write((reason(finished) + System.lineSeparator()).getBytes(UTF_8));
          }
        }
      }
      case STAYS -> {
        FileIdentity identity = finished.identity();
        if (finished.early() || identity == null) {
          open =
              false; // also when the pause is over before the next file of this look has its turn
          attempts.failed(finished);
          refused = attempts.isRefused() ? begun : null;
        } else {
          lookedAt.keySet().removeIf(Files::notExists);
          lookedAt.put(file, identity);
        }
      }
    }
  }

  private String reason(RunResult finished) {
    var reason = finished.reason();
    return reason == null ? "" : bundle.say(reason);
  }

  private String move(Path file, OwnFolder own, @Nullable FileIdentity read) throws IOException {
    String name = archive.move(file, own, read);
    attempts.succeeded();
    var doneFile = folder.doneFile();
    if (doneFile != null) {
      Files.deleteIfExists(doneFile.of(file));
    }
    return name;
  }
}
