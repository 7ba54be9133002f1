package dev.kintonesync.journal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.Shown;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.json.JsonFault;
import dev.kintonesync.sync.Change;
import dev.kintonesync.sync.Report;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one run, with all that a person needs of it as plain files that only their owner
 * can read: {@code report.json}, {@code run.log}, {@code changes.jsonl.gz} and the rejects.
 *
 * <p>Safe for any number of threads. Every method throws {@link UserErrorException} when the folder
 * cannot be written, for instance because the disk is full.
 */
public final class RunFolder implements AutoCloseable {
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
  private static final DateTimeFormatter LOG_STAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSxxx");

  /** Four bytes each in UTF-8 at most, with the stamp well within the 255 bytes of a file name. */
  private static final int LONGEST_JOB = 50;

  /** The file of changes. */
  static final String CHANGES = "changes.jsonl.gz";

  private static final String REPORT = "report.json";

  /** What is compressed is handed over in pieces as large as there is room for. */
  private static final ObjectMapper MAPPER =
      new ObjectMapper().disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE);

  private final Path path;
  private final ZoneId zone;
  private @Nullable FileOutputStream log;
  private @Nullable FileOutputStream changes;
  private @Nullable FileOutputStream index;

  private RunFolder(Path path, ZoneId zone) {
    this.path = path;
    this.zone = zone;
  }

  /**
   * Makes a new folder such as {@code runs/20261122-023114-customers}; with {@code -2} and so on
   * behind it when another run of the job began in the same second.
   *
   * @param runs the folder of all runs; made when it is missing
   * @param job the job's name; what Windows allows in no file name becomes {@code _}
   * @param zone the zone of the time stamps in the folder's name and the log
   */
  public static RunFolder create(Path runs, String job, Instant now, ZoneId zone) {
    String name = STAMP.format(now.atZone(zone)) + "-" + inFileName(job);
    Path parent = runs.toAbsolutePath().normalize();
    try {
      OwnerOnly.folders(parent);
      for (int same = 1; ; same++) {
        Path path = parent.resolve(same == 1 ? name : name + "-" + same);
        try {
          OwnerOnly.newFolder(path);
          return new RunFolder(path, zone);
        } catch (FileAlreadyExistsException taken) {
          // by another run of this second, perhaps in another process: the next number
        }
      }
    } catch (IOException e) {
      throw UserErrorException.unwritable(parent, e);
    }
  }

  /**
   * The folder of an earlier run, to add what is missing there after the program had ended early.
   *
   * @throws UserErrorException when there is no such folder
   */
  public static RunFolder reopen(Path runs, String name, ZoneId zone) {
    Path path = runs.toAbsolutePath().normalize().resolve(name);
    if (!Files.isDirectory(path)) {
      throw new UserErrorException(MessageCode.FILE_MISSING.with(path));
    }
    return new RunFolder(path, zone);
  }

  /**
   * The report of an earlier run.
   *
   * @param report the {@code report.json}, or the run folder in which it is
   * @throws UserErrorException when there is none, or it is no report
   */
  public static Report read(Path report) {
    Path file = Files.isDirectory(report) ? report.resolve(REPORT) : report;
    try {
      return ReportJson.read(Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new UserErrorException(MessageCode.FILE_MISSING.with(file), e);
    } catch (JsonProcessingException e) {
      throw new UserErrorException(MessageCode.REPORT_UNREADABLE.with(file, JsonFault.of(e)), e);
    } catch (IOException e) {
      throw new UserErrorException(MessageCode.FILE_UNREADABLE.with(file, e), e);
    }
  }

  /** The name of the run, which is that of its folder. */
  public String name() {
    return path.getFileName().toString();
  }

  /** Returns the absolute path of the folder. */
  public Path path() {
    return path;
  }

  /**
   * Where a file of that name belongs that somebody else writes. It is not made here.
   *
   * @param name a plain file name
   */
  public Path file(String name) {
    Path file = path.resolve(name);
    if (!path.equals(file.getParent())) {
      throw new IllegalArgumentException(name + " is not a file name");
    }
    return file;
  }

  /** Adds a line with a time stamp to {@code run.log}. Further lines of it are indented. */
  public synchronized void log(String line) {
    try {
      FileOutputStream open = log;
      if (open == null) {
        open = OwnerOnly.append(file("run.log"));
        log = open;
      }
      String stamp = LOG_STAMP.format(Instant.now().atZone(zone));
      String text = stamp + " " + Shown.lines(line.stripTrailing()) + "\n";
      open.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw UserErrorException.unwritable(path, e);
    }
  }

  /**
   * The changes of a settled batch as {@link #changes} takes them, one JSON object per record: a
   * gzip member of their own.
   *
   * @return nothing when there are no changes
   */
  public static ZippedChanges zipped(List<Change> made) {
    if (made.isEmpty()) {
      return ZippedChanges.NONE;
    }
    var bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = MAPPER.getFactory().createGenerator(new GZIPOutputStream(bytes))) {
      json.setRootValueSeparator(null);
      for (Change change : made) {
        write(json, change);
        json.writeRaw('\n');
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // never: the bytes stay in memory
    }
    return ZippedChanges.of(made, bytes.toByteArray());
  }

  /** What stands behind a member that a full disk has cut off could not be read any more. */
  private static void append(FileOutputStream out, byte[] member, long offset) throws IOException {
    try {
      out.write(member);
    } catch (IOException e) {
      out.getChannel().truncate(offset);
      throw e;
    }
  }

  /**
   * Adds {@linkplain #zipped changes} to {@code changes.jsonl.gz}. They are written whole, so that
   * the file can be read up to here whatever happens next. Without changes there is no file.
   */
  public synchronized void changes(ZippedChanges zipped) {
    if (zipped.member().length == 0) {
      return;
    }
    try {
      FileOutputStream open = changes;
      if (open == null) {
        open = OwnerOnly.append(changesPath());
        changes = open;
      }
      FileOutputStream keys = index;
      if (keys == null) {
        keys = OwnerOnly.append(file(ChangesIndex.NAME));
        index = keys;
      }
      long offset = open.getChannel().size();
      append(open, zipped.member(), offset);
      ChangesIndex.append(keys, offset, zipped);
    } catch (IOException e) {
      throw UserErrorException.unwritable(path, e);
    }
  }

  /**
   * Of changes that are only planned, the last one of each key stays; none where it came to
   * nothing, and two where a record would be removed and another one added.
   */
  public synchronized void keepLastChanges() {
    try (var written = changes;
        var keys = index) {
      changes = null;
      index = null;
    } catch (IOException e) {
      throw UserErrorException.unwritable(path, e);
    }
    LastChanges.keep(changesPath(), file(ChangesIndex.NAME));
  }

  /** The file of changes, absolute; null when no record was changed. */
  public @Nullable Path changesFile() {
    return Files.exists(changesPath()) ? changesPath() : null;
  }

  /**
   * Writes {@code report.json}, in the place of an earlier one. At any moment there is either the
   * old report or the new one, never half of one; when this returns, it is on the disk and so are
   * the changes.
   *
   * @throws IllegalStateException when the counts do not add up
   */
  public synchronized void report(Report report) {
    String json = ReportJson.pretty(report);
    Path half = file(REPORT + ".tmp");
    try {
      FileOutputStream written = changes;
      if (written != null) {
        written.getFD().sync();
      }
      Files.deleteIfExists(half);
      try (var out = OwnerOnly.append(half)) {
        out.write(json.getBytes(StandardCharsets.UTF_8));
        out.getFD().sync();
      }
      Files.move(half, file(REPORT), StandardCopyOption.ATOMIC_MOVE);
      syncFolder();
    } catch (IOException e) {
      throw UserErrorException.unwritable(path, e);
    }
  }

  /** Closes the log and the file of changes. */
  @Override
  public synchronized void close() {
    try (var first = log;
        var second = changes;
        var third = index) {
      log = null;
      changes = null;
      index = null;
    } catch (IOException e) {
      throw UserErrorException.unwritable(path, e);
    }
  }

  private Path changesPath() {
    return file(CHANGES);
  }

  private void syncFolder() {
    try (var folder = FileChannel.open(path, StandardOpenOption.READ)) {
      folder.force(true);
    } catch (IOException e) {
      // Windows opens no folders; there the rename is in the file system's own log
    }
  }

  private static void write(JsonGenerator json, Change change) throws IOException {
    json.writeStartObject();
    json.writeStringField("outcome", change.outcome().name().toLowerCase(Locale.ROOT));
    json.writeStringField("key", change.key());
    json.writeStringField("id", change.id());
    json.writeStringField("overEdit", change.overEdit());
    if (change.row() > 0) {
      json.writeNumberField("row", change.row());
    }
    if (change.flagged()) {
      json.writeBooleanField("flagged", true);
    }
    if (change.seen() != null) {
      json.writeNumberField("revision", change.seen());
    }
    if (change.left() != null) {
      json.writeNumberField("newRevision", change.left());
    }
    boolean unknown = change.isBeforeUnknown();
    if (unknown) {
      json.writeBooleanField("beforeUnknown", true);
    }
    LastChanges.write(json, change);
    json.writeObjectFieldStart("fields");
    for (var field : change.fields().entrySet()) {
      json.writeObjectFieldStart(field.getKey());
      if (!unknown) {
        json.writePOJOField("before", field.getValue().before());
      }
      json.writePOJOField("after", field.getValue().after());
      json.writeEndObject();
    }
    json.writeEndObject();
    if (!change.again().isEmpty()) {
      json.writeObjectFieldStart("again");
      for (var field : change.again().entrySet()) {
        json.writePOJOField(field.getKey(), field.getValue());
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static String inFileName(String job) {
    String allowed = job.replaceAll("[<>:\"/\\\\|?*\\p{Cntrl}]", "_");
    int end = allowed.offsetByCodePoints(0, Math.min(LONGEST_JOB, count(allowed)));
    // Windows drops dots and spaces at the end of a name
    return allowed.substring(0, end).replaceAll("[. ]+$", "_");
  }

  private static int count(String text) {
    return text.codePointCount(0, text.length());
  }
}
