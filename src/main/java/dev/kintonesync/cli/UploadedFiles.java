package dev.kintonesync.cli;

import dev.kintonesync.console.JobOverview;
import dev.kintonesync.journal.CorrectedFiles;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.OpenReject;
import dev.kintonesync.journal.ReceivedFiles;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Source;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.source.file.SourceFile;
import dev.kintonesync.source.file.WaitingFiles;
import dev.kintonesync.sync.RejectRef;
import dev.kintonesync.sync.Report;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes the files that people upload. An input comes into the folder of its job like any other. A
 * rejects file that a person has corrected is dropped there too; of a job without a folder it is
 * kept in the folder of the run that rejected its rows, to be run from there, also after the
 * service was killed. A rejects file of which no row is open any more is not taken a second time.
 */
final class UploadedFiles {
  /** Stands before the keys of open rows, which may look like places. */
  private static final String KEY = "key/";

  private static final Pattern ENDING =
      Pattern.compile("\\.(?:csv|tsv|txt|json|jsonl|ndjson|xlsx|xls)(?:\\.gz)?$|\\.(?:gz|zip)$");

  /** So far back the run of a file is looked for whose service was killed at its end. */
  private static final int RUNS_LOOKED_AT = 200;

  /** So many hex digits tell the contents of uploaded files apart. */
  private static final int HASH = 12;

  private final Journal journal;
  private final Path runs;

  /**
   * The uploads of an installation.
   *
   * @param runs the folder of all run folders
   */
  UploadedFiles(Journal journal, Path runs) {
    this.journal = journal;
    this.runs = runs.toAbsolutePath().normalize();
  }

  /**
   * A file that has been taken.
   *
   * @param id of what the job has received; empty when the file was there already
   * @param rows how many rows it has
   * @param file where it is now
   * @param corrected whether it has rejected rows that were corrected
   */
  record Taken(String id, long rows, Path file, boolean corrected) {}

  /**
   * What the rows of a file say of themselves.
   *
   * @param corrected whether they are rejected rows that come back
   * @param run the first run that is named and that the journal has; null: none
   */
  private record Content(long rows, boolean corrected, @Nullable String run) {}

  /**
   * Takes a file.
   *
   * @param job the job that reads it
   * @param file the uploaded file, which is moved
   * @param name what its sender calls it
   * @param inputs whether an input is taken as well, and not only rejected rows
   * @throws UserErrorException when it is not taken: why, and what to do
   */
  Taken take(Job job, Path file, String name, boolean inputs) {
    try {
      Content content = content(job, file, name); // others need not wait while it is read
      synchronized (this) {
        if (content.corrected()) {
          content = content(job, file, name); // the same rows may have been settled meanwhile
          String kept = WaitingFiles.CORRECTED + hash(file) + ending(name);
          return take(job, file, kept, content, name, List.of());
        }
        if (!inputs) {
          throw new UserErrorException(MessageCode.UPLOAD_NOT_REJECTS.with(name));
        }
        if (job.source().watched() == null) {
          throw new UserErrorException(MessageCode.UPLOAD_ONLY_REJECTS.with(name, job.name()));
        }
        return DroppedInput.drop(journal.receivedFiles(), job, file, name, content.rows());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Takes rejected rows that a person has corrected on the page.
   *
   * @param rows the file with them, which is moved
   */
  synchronized Taken take(Job job, CorrectedRows.Written rows) {
    try {
      String kept =
          WaitingFiles.CORRECTED + UUID.randomUUID().toString().substring(0, HASH) + ".jsonl";
      var content = new Content(rows.ids().size(), true, rows.run());
      return take(job, rows.file(), kept, content, "", rows.ids());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Taken take(
      Job job, Path file, String kept, Content content, String name, List<String> ids)
      throws IOException {
    Source.Folder folder = job.source().watched();
    String run = content.run();
    if (folder == null && job.updateKey() == null) {
      throw new UserErrorException(MessageCode.NO_UPDATE_KEY.with());
    } else if (folder == null && (run == null || !Files.isDirectory(runs.resolve(run)))) {
      throw new UserErrorException(MessageCode.UPLOAD_RUN_UNKNOWN.with(name, job.name()));
    }
    Path place = folder == null ? runs.resolve(String.valueOf(run)) : folder.folder();
    Path target = place.resolve(kept);
    var received = DroppedInput.received(job, name, target, content.rows(), ids);
    if (folder == null) {
      keep(job, file, received);
    } else {
      refuseWhileOneWaits(folder, name);
      journal.receivedFiles().add(received);
      DroppedInput.place(folder, file, target);
    }
    return new Taken(received.id(), content.rows(), target, true);
  }

  private Content content(Job job, Path file, String name) {
    var isOpen = isOpen(job);
    var owners = new HashMap<String, Optional<String>>();
    long rows = 0;
    boolean cameBack = false;
    boolean anyOpen = false;
    String run = null;
    try (var reader = SourceFile.open(file, job.reading())) {
      while (reader.hasNext()) {
        SourceRecord row = reader.next();
        rows++;
        String ref = row.ref();
        cameBack |= ref != null || row.earlierError() != null;
        anyOpen |= isOpen.test(ref);
        String named = ref == null ? "" : RejectRef.place(ref).split("/", 2)[0];
        var owner = owners.computeIfAbsent(named, this::jobOf);
        if (owner.isPresent() && !owner.get().equals(job.name())) {
          throw new UserErrorException(MessageCode.UPLOAD_OF_OTHER_JOB.with(name, owner.get()));
        }
        run = run == null && owner.isPresent() ? named : run;
      }
    } catch (UserErrorException e) {
      throw new UserErrorException(e.reason().naming(file, name), e);
    }
    if (cameBack && !anyOpen) {
      throw new UserErrorException(MessageCode.UPLOAD_NOTHING_OPEN.with(name));
    }
    return new Content(rows, cameBack, run);
  }

  private Optional<String> jobOf(String run) {
    return run.isEmpty() ? Optional.empty() : journal.run(run).map(Report::job);
  }

  /** Whether nobody has settled a row yet; of a source whose rows are not kept nobody knows. */
  private Predicate<@Nullable String> isOpen(Job job) {
    if (!job.source().hasCheckpoint() && job.source().watched() == null) {
      return ref -> true;
    }
    var open = new HashSet<String>();
    for (OpenReject reject : journal.openRejects().withoutCells(job.name())) {
      open.add(reject.place());
      open.add(KEY + reject.id());
    }
    return ref ->
        ref == null
            || ref.isEmpty()
            || open.contains(RejectRef.place(ref))
            || open.contains(KEY + RejectRef.keyOf(ref));
  }

  private static String hash(Path file) throws IOException {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      try (var content = new DigestInputStream(Files.newInputStream(file), digest)) {
        content.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest()).substring(0, HASH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String ending(String name) {
    var ending = ENDING.matcher(name.toLowerCase(Locale.ROOT));
    return ending.find() ? ending.group() : "";
  }

  /** One at a time, so that what the first has settled is known when the next one comes. */
  private static void refuseWhileOneWaits(Source.Folder folder, String name) {
    for (Path waiting : WaitingFiles.in(folder.folder(), folder.doneFile())) {
      if (String.valueOf(waiting.getFileName()).startsWith(WaitingFiles.CORRECTED)) {
        throw new UserErrorException(
            name.isEmpty()
                ? MessageCode.CORRECTIONS_WAIT.with()
                : MessageCode.UPLOAD_WAITS.with(waiting));
      }
    }
  }

  /** What a request calls a file that has been taken, as {@link #file} finds it again. */
  String nameOf(Taken taken) {
    return runs.relativize(taken.file()).toString();
  }

  Path file(String name) {
    return runs.resolve(name);
  }

  /**
   * Returns the files that an earlier service has taken and not run to the end. What it was killed
   * over before it had the file, or after the run, is forgotten.
   */
  List<CorrectedFiles.Taken> left() {
    var left = new ArrayList<CorrectedFiles.Taken>();
    for (var taken : journal.correctedFiles().all()) {
      if (Files.exists(file(taken.file())) && !hasRun(taken)) {
        left.add(taken);
      } else if (!journal.nodes().areShared() || hasRun(taken)) {
        journal.correctedFiles().forget(taken.file());
      } // else it may lie on another machine
    }
    return left;
  }

  private boolean hasRun(CorrectedFiles.Taken taken) {
    String source = file(taken.file()).toString();
    return journal.runs(taken.job(), RUNS_LOOKED_AT).stream()
        .anyMatch(run -> run.source().equals(source) && JobOverview.isGood(run));
  }

  /** The file has been run to its end, and is not taken a second time. */
  void settled(String name) {
    journal.correctedFiles().forget(name);
  }

  /** It was not taken after all: another one is under way. */
  void refuse(Taken taken) {
    giveBack(nameOf(taken));
    journal.receivedFiles().forget(taken.id());
  }

  /** The same file may be uploaded again. */
  void giveBack(String name) {
    try {
      Files.deleteIfExists(file(name));
      journal.correctedFiles().forget(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In the journal first: a kill in between leaves a row without a file, which is forgotten. */
  private void keep(Job job, Path file, ReceivedFiles.Received received) throws IOException {
    Path kept = Path.of(received.file());
    if (Files.exists(kept)) {
      throw new UserErrorException(MessageCode.UPLOAD_TAKEN.with());
    }
    journal.receivedFiles().add(received);
    journal
        .correctedFiles()
        .keep(new CorrectedFiles.Taken(runs.relativize(kept).toString(), job.name()));
    Files.move(file, kept);
  }
}
