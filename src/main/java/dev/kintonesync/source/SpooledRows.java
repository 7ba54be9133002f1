package dev.kintonesync.source;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a polled source in a temporary file, which only this process reads and writes: they
 * can be read several times and stay the same, whatever becomes of the source meanwhile.
 */
public final class SpooledRows implements SourceReader {
  /** So often are the handles of the stream let go, which would keep all rows in memory. */
  private static final int BETWEEN_RESETS = 100;

  private final SourceReader rows;
  private final Path file;
  private final long size;
  private final boolean owner;
  private final ObjectInputStream in;
  private Position position = new Position(0, 0);
  private long read;

  private SpooledRows(SourceReader rows, Path file, long size, boolean owner) throws IOException {
    this.rows = rows;
    this.file = file;
    this.size = size;
    this.owner = owner;
    this.in = new ObjectInputStream(new BufferedInputStream(Files.newInputStream(file)));
  }

  /**
   * Reads a source through.
   *
   * @param rows the source, which is closed together with this
   * @throws TemporaryFileException when the temporary file cannot be written
   * @throws UncheckedIOException when the source breaks
   */
  public static SpooledRows of(SourceReader rows) {
    Path file = null;
    try {
      file = TemporaryFile.create();
      long size = 0;
      try (var out =
          new ObjectOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
        while (rows.hasNext()) {
          write(out, rows.next());
          if (++size % BETWEEN_RESETS == 0) {
            out.reset();
          }
        }
      }
      return new SpooledRows(rows, file, size, true);
    } catch (IOException e) {
      delete(file);
      throw TemporaryFile.unwritable(e);
    } catch (RuntimeException e) {
      delete(file);
      throw e;
    }
  }

  /** Opens the same rows once more, until this is closed. */
  public SpooledRows again() {
    try {
      return new SpooledRows(rows, file, size, false);
    } catch (IOException e) {
      throw TemporaryFile.unreadable(file, e);
    }
  }

  /** What a driver hands over and cannot be kept as it is: no field takes it, and it is shown. */
  private record Shown(String text) implements Serializable {
    @Override
    public String toString() {
      return text;
    }
  }

  private static void write(ObjectOutputStream out, SourceRecord row) throws IOException {
    out.writeLong(row.position().row());
    out.writeLong(row.position().line());
    out.writeObject(parts(row.position().place()));
    var values = new LinkedHashMap<String, @Nullable Object>();
    row.values().forEach((column, value) -> values.put(column, kept(value)));
    out.writeObject(values);
    var fields = new ArrayList<ArrayList<String>>();
    row.rows().forEach(each -> fields.add(new ArrayList<>(each)));
    out.writeObject(fields);
    out.writeObject(parts(row.problem()));
  }

  private static @Nullable Object kept(@Nullable Object value) {
    if (value instanceof List<?> list) {
      var members = new ArrayList<@Nullable Object>(list.size());
      list.forEach(member -> members.add(kept(member)));
      return members;
    }
    return value == null || value instanceof Serializable
        ? value
        : new Shown(String.valueOf(value));
  }

  @Override
  public boolean hasNext() {
    return read < size;
  }

  @Override
  @SuppressWarnings("unchecked") // written by the method above
  public SourceRecord next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    try {
      position = new Position(in.readLong(), in.readLong(), message(in.readObject()));
      var values = (LinkedHashMap<String, @Nullable Object>) in.readObject();
      var fields = (List<List<String>>) in.readObject();
      read++;
      return new SourceRecord(position, values, fields, message(in.readObject()));
    } catch (IOException e) {
      throw TemporaryFile.unreadable(file, e);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e); // written by this process
    }
  }

  /** A message as a list of its code and arguments, which may be messages. */
  private static @Nullable List<Object> parts(@Nullable UserMessage message) {
    if (message == null) {
      return null;
    }
    var parts = new ArrayList<Object>();
    parts.add(message.text());
    for (Object argument : message.arguments()) {
      parts.add(
          argument instanceof UserMessage inner
              ? Objects.requireNonNull(parts(inner))
              : argument instanceof Number ? argument : String.valueOf(argument));
    }
    return parts;
  }

  private static @Nullable UserMessage message(@Nullable Object parts) {
    if (!(parts instanceof List<?> list)) {
      return null;
    }
    var arguments = new ArrayList<Object>();
    for (Object part : list.subList(1, list.size())) {
      UserMessage inner = message(part);
      arguments.add(inner == null ? part : inner);
    }
    return new UserMessage((MessageCode) list.get(0), arguments);
  }

  @Override
  public List<String> columns() {
    return rows.columns();
  }

  @Override
  public SourceFormat format() {
    return rows.format();
  }

  @Override
  public List<UserMessage> remarks() {
    return rows.remarks();
  }

  @Override
  public Position position() {
    return position;
  }

  @Override
  public SourceRecord again(SourceRecord kept) {
    return rows.again(kept);
  }

  /** In rows, since their number is known. */
  @Override
  public long bytesRead() {
    return read;
  }

  @Override
  public long totalBytes() {
    return size;
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (owner) {
        delete(file);
        rows.close();
      }
    }
  }

  private static void delete(@Nullable Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // it lies in the folder of temporary files
    }
  }
}
