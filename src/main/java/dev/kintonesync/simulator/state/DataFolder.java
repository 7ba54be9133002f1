package dev.kintonesync.simulator.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the apps and records of a domain in a folder. Each committed write is appended to a file as
 * one line, a moment after it was answered; a kill loses at most that moment, and a line that was
 * not written to its end counts as not written. When the file has grown too long for what there is,
 * it is written anew beside the old one, which it then replaces. Files of records lie beside it,
 * under their keys. Uploads, comments, cursors, users, tokens and settings are not kept.
 */
public final class DataFolder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DataFolder.class);
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String FIRST_LINE = "{\"kintone-simulator\":1}";
  private static final int RECORDS_A_LINE = 200;
  private static final long LEAST_TO_REWRITE = 32 << 20;
  private static final int LEAST_RECORDS_TO_REWRITE = 1000;
  private static final Pattern KEY = Pattern.compile("[0-9A-F]{32}");

  /** Ends the work of the thread that writes. */
  private static final Commit END =
      new Commit(false, List.of(), Map.of(), new Commit.Counters(0, 0, Map.of()));

  private final Path folder;
  private final Domain domain;
  private final FileChannel lock;
  private final CommitJson text;
  private final CommitParser parser;
  private final BlockingQueue<Commit> waiting = new LinkedBlockingQueue<>();
  private final Thread writer = new Thread(this::work, "simulator-data");
  private final Set<String> keptFiles = new HashSet<>();
  private @Nullable FileChannel file;
  private long sizeWhenRewritten;

  private DataFolder(Path folder, Domain domain, FileChannel lock) {
    this.folder = folder;
    this.domain = domain;
    this.lock = lock;
    CommitJson.Contents files = new FilesOfRecords();
    this.text = new CommitJson(files);
    this.parser = new CommitParser(files);
  }

  /**
   * Fills an empty domain with what a folder keeps, and from then on keeps there what is committed.
   *
   * @param folder made where it is not there; readable by its owner only
   * @throws IOException when another simulator uses the folder, or it cannot be read or written;
   *     the message says which file and line
   */
  public static DataFolder open(Path folder, Domain domain) throws IOException {
    create(folder);
    FileChannel lock =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean open = false;
    try {
      if (!isMine(lock)) {
        throw new IOException(folder + " is used by another simulator");
      }
      DataFolder opened = new DataFolder(folder, domain, lock);
      opened.load();
      domain.keeper(opened.waiting::add);
      opened.writer.setDaemon(true);
      opened.writer.start();
      open = true;
      return opened;
    } finally {
      if (!open) {
        lock.close();
      }
    }
  }

  private static void create(Path folder) throws IOException {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    if (Files.isDirectory(folder)) {
      return;
    } else if (posix) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectories(folder);
    }
  }

  private static boolean isMine(FileChannel lock) throws IOException {
    try {
      FileLock held = lock.tryLock();
      return held != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private Path records() {
    return folder.resolve("records.jsonl");
  }

  private void load() throws IOException {
    Files.deleteIfExists(beside());
    if (!Files.exists(records())) {
      rewrite();
      return;
    }
    Lines lines = new Lines();
    try (InputStream in = Files.newInputStream(records())) {
      lines.read(in);
    } catch (JsonProcessingException e) {
      throw new IOException(
          records() + ", line " + lines.number + ": " + e.getOriginalMessage(), e);
    } catch (RuntimeException | IOException e) {
      throw new IOException(records() + ", line " + lines.number + ": " + e.getMessage(), e);
    }
    Set<String> filesInUse = domain.fileKeys();
    boolean muchIsPast = lines.records > 2 * domain.records() + LEAST_RECORDS_TO_REWRITE;
    if (muchIsPast || lines.number == 0 || !filesInUse.containsAll(keptFiles)) {
      rewrite();
    } else {
      appendTo(lines.length);
    }
    removeOtherFiles(filesInUse);
  }

  /** Goes on with the file as it is; what follows its last whole line is cut off. */
  private void appendTo(long length) throws IOException {
    FileChannel channel =
        FileChannel.open(records(), StandardOpenOption.READ, StandardOpenOption.WRITE);
    channel.truncate(length);
    channel.position(length);
    file = channel;
    sizeWhenRewritten = length;
  }

  /** The lines of the file, each done again as it is read. */
  private final class Lines {
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int number;
    private long length;
    private long records;

    void read(InputStream in) throws IOException {
      byte[] block = new byte[1 << 16];
      for (int read = in.read(block); read >= 0; read = in.read(block)) {
        int start = 0;
        for (int i = 0; i < read; i++) {
          if (block[i] == '\n') {
            line.write(block, start, i - start);
            start = i + 1;
            end();
          }
        }
        // what follows the last line end was cut off while it was written, and is no line
        line.write(block, start, read - start);
      }
    }

    private void end() throws IOException {
      number++;
      length += line.size() + 1;
      if (number == 1) {
        if (!line.toString(StandardCharsets.UTF_8).equals(FIRST_LINE)) {
          throw new IOException("this is no file of a simulator of this version");
        }
      } else {
        if (domain.memory().isFull()) {
          throw new IOException(
              "%s MB of memory do not hold it (%d records so far); more are given with JAVA_OPTS=-Xmx4g"
                  .formatted(MemoryGuard.megabytes(), domain.records()));
        }
        Commit commit = parser.commit(line.toByteArray());
        records += commit.records().size();
        domain.repeat(commit);
      }
      line.reset();
    }
  }

  private Path beside() {
    return folder.resolve("records.jsonl.tmp");
  }

  /**
   * Writes all there is to another file, which then takes the place of the old one. Others go on
   * writing meanwhile: what they commit waits, and is appended before the file takes its place, so
   * that the file holds whole writes at any moment.
   */
  private void rewrite() throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            beside(),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      append(channel, (FIRST_LINE + "\n").getBytes(StandardCharsets.UTF_8));
      Commit apps = domain.image();
      append(channel, line(apps));
      for (AppImage app : apps.apps()) {
        appendRecords(channel, app.id());
      }
      appendWaiting(channel);
      channel.force(true);
    }
    if (file != null) {
      file.close();
    }
    Files.move(
        beside(), records(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    file = FileChannel.open(records(), StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    sizeWhenRewritten = file.size();
  }

  private void appendRecords(FileChannel channel, long app) throws IOException {
    Commit.RecordId last = new Commit.RecordId(app, 0);
    for (Commit some = domain.imageAfter(last, RECORDS_A_LINE);
        some != null;
        some = domain.imageAfter(last, RECORDS_A_LINE)) {
      append(channel, line(some));
      for (Commit.RecordId place : some.records().keySet()) {
        last = place;
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // the end is one object, whatever another commit holds
  private void appendWaiting(FileChannel channel) throws IOException {
    List<Commit> commits = new ArrayList<>();
    waiting.drainTo(commits);
    for (Commit commit : commits) {
      if (commit == END) {
        waiting.add(END);
      } else {
        append(channel, line(commit));
      }
    }
  }

  private byte[] line(Commit commit) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    line.writeBytes(MAPPER.writeValueAsBytes(text.json(commit)));
    line.write('\n');
    return line.toByteArray();
  }

  private static void append(FileChannel channel, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  @SuppressWarnings("ReferenceEquality") // as above
  private void work() {
    try {
      List<Commit> commits = new ArrayList<>();
      boolean ended = false;
      while (!ended) {
        commits.clear();
        commits.add(waiting.take());
        waiting.drainTo(commits);
        ended = commits.removeIf(commit -> commit == END); // not another one that is equal
        write(commits);
      }
    } catch (IOException | RuntimeException e) {
      LOG.error("{}: from now on nothing is kept there any more", folder, e);
      domain.keeper(null);
      waiting.clear();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(List<Commit> commits) throws IOException {
    FileChannel channel = Objects.requireNonNull(file);
    for (Commit commit : commits) {
      append(channel, line(commit));
    }
    channel.force(false);
    if (channel.size() > Math.max(LEAST_TO_REWRITE, 4 * sizeWhenRewritten)) {
      rewrite();
    }
  }

  /** Writes what waits, and lets others use the folder. */
  @Override
  public void close() {
    domain.keeper(null);
    waiting.add(END);
    try {
      writer.join();
      if (file != null) {
        file.close();
      }
      lock.close();
    } catch (IOException e) {
      LOG.error("{} cannot be closed", folder, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void removeOtherFiles(Set<String> inUse) throws IOException {
    if (!Files.isDirectory(folder.resolve("files"))) {
      return;
    }
    try (Stream<Path> kept = Files.list(folder.resolve("files"))) {
      for (Path path : kept.toList()) {
        if (!inUse.contains(path.getFileName().toString())) {
          Files.delete(path);
        }
      }
    }
  }

  /** The content of the files of records, one file for each key. */
  private final class FilesOfRecords implements CommitJson.Contents {
    @Override
    public void put(StoredFile stored) throws IOException {
      if (keptFiles.add(stored.key())) {
        Path path = path(stored.key());
        create(folder.resolve("files"));
        Path beside = path.resolveSibling(stored.key() + ".tmp");
        Files.write(beside, stored.content());
        Files.move(
            beside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
    }

    @Override
    public byte[] get(String key) throws IOException {
      byte[] content = Files.readAllBytes(path(key));
      keptFiles.add(key);
      return content;
    }

    private Path path(String key) throws IOException {
      if (!KEY.matcher(key).matches()) {
        throw new IOException("this is no key of a file: " + key);
      }
      return folder.resolve("files").resolve(key);
    }
  }
}
