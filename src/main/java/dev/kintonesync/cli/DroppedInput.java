package dev.kintonesync.cli;

import dev.kintonesync.journal.ReceivedFiles;
import dev.kintonesync.journal.ReceivedFiles.Received;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Source;
import dev.kintonesync.source.file.WaitingFiles;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * An input that a person gave to a job on the page: it is put into the folder of the job under its
 * own name, whole, as the youngest file there.
 */
final class DroppedInput {
  /** Room for the time that is put into the name when the file has been read. */
  private static final int LONGEST_NAME = 200;

  private DroppedInput() {}

  /**
   * Puts a file into the folder of a job. The same file is not put there twice while it waits.
   *
   * @param name what its sender calls it
   * @throws UserErrorException when a file of this name is not read
   */
  static UploadedFiles.Taken drop(
      ReceivedFiles received, Job job, Path file, String name, long rows) throws IOException {
    Source.Folder folder = Objects.requireNonNull(job.source().watched(), "a job with a folder");
    String cleaned = cleaned(name);
    boolean isDoneFile = folder.doneFile() != null && folder.doneFile().matches(cleaned);
    if (isDoneFile || !WaitingFiles.isInput(cleaned)) {
      throw new UserErrorException(MessageCode.UPLOAD_NAME_NOT_READ.with(name));
    }
    Files.createDirectories(folder.folder());
    Path target = folder.folder().resolve(cleaned);
    for (int next = 2; Files.exists(target, LinkOption.NOFOLLOW_LINKS); next++) {
      if (Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)
          && Files.mismatch(target, file) < 0) {
        complete(folder, target); // which a kill may have kept from it
        return new UploadedFiles.Taken("", rows, target, false);
      }
      target = folder.folder().resolve(numbered(cleaned, next));
    }
    var one = received(job, name, target, rows, List.of());
    received.add(one); // first: a kill in between leaves a file that is said to have not come
    place(folder, file, target);
    return new UploadedFiles.Taken(one.id(), rows, target, false);
  }

  static Received received(Job job, String name, Path target, long rows, List<String> rejects) {
    String id = UUID.randomUUID().toString();
    return new Received(id, job.name(), name, target.toString(), rows, rejects, Instant.now());
  }

  /** Copies a file to its place in a folder, where it is not seen before it is whole. */
  static void place(Source.Folder folder, Path file, Path target) throws IOException {
    Path part = target.resolveSibling("." + target.getFileName() + ".part");
    Files.deleteIfExists(part);
    try (var out = new FileOutputStream(Files.createFile(part).toFile())) {
      Files.copy(file, out);
      out.getFD().sync();
    }
    Files.move(part, target);
    complete(folder, target);
  }

  /** Says that a file is complete where another program would say so. */
  private static void complete(Source.Folder folder, Path target) throws IOException {
    var doneFile = folder.doneFile();
    if (doneFile != null && Files.notExists(doneFile.of(target), LinkOption.NOFOLLOW_LINKS)) {
      Files.createFile(doneFile.of(target));
    }
  }

  /** The name without what file systems do not take, and no longer than they take. */
  private static String cleaned(String name) {
    String plain = name.strip().replaceAll("[\\p{Cntrl}<>:\"/\\\\|?*]", "_");
    int dot = plain.lastIndexOf('.');
    String ending = dot > 0 ? plain.substring(dot) : "";
    String begin = dot > 0 ? plain.substring(0, dot) : plain;
    while (!begin.isEmpty() && bytes(begin + ending) > LONGEST_NAME) {
      begin = begin.substring(0, begin.offsetByCodePoints(begin.length(), -1));
    }
    return begin + ending;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static String numbered(String name, int number) {
    int dot = name.lastIndexOf('.');
    return dot > 0
        ? name.substring(0, dot) + "-" + number + name.substring(dot)
        : name + "-" + number;
  }
}
