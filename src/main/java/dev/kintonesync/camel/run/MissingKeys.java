package dev.kintonesync.camel.run;

import dev.kintonesync.message.UserErrorException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the records that a source lacks, a line each in a file of the run: they may be all
 * the keys of a large app. The file is made with the first one. For one thread.
 */
final class MissingKeys implements AutoCloseable {
  private static final int FIRST = 3;

  private final Path file;
  private final List<String> first = new ArrayList<>();
  private @Nullable BufferedWriter writer;
  private @Nullable Portions portions;
  private long size;

  MissingKeys(Path file) {
    this.file = file;
  }

  /** Takes a key in. */
  void add(String key) {
    try {
      if (writer == null) {
        writer = Files.newBufferedWriter(file);
      }
      writer.write(key);
      writer.newLine();
    } catch (IOException e) {
      throw UserErrorException.unwritable(file, e);
    }
    size++;
    if (first.size() < FIRST) {
      first.add(key);
    }
  }

  /** There are no more. */
  void complete() {
    if (writer != null) {
      try {
        writer.close();
      } catch (IOException e) {
        throw UserErrorException.unwritable(file, e);
      }
    }
  }

  long size() {
    return size;
  }

  /** The first few, as examples. */
  List<String> first() {
    return first;
  }

  Path file() {
    return file;
  }

  /** All of them again, so many together. */
  Iterator<List<String>> portions(int together) {
    if (size == 0) {
      return List.<List<String>>of().iterator();
    }
    portions = new Portions(together);
    return portions;
  }

  /** Lets go of the file, also where the run has stopped before all keys were read again. */
  @Override
  public void close() {
    complete();
    if (portions != null) {
      portions.close();
    }
  }

  private final class Portions implements Iterator<List<String>> {
    private final int together;
    private final BufferedReader reader;
    private List<String> next;

    private Portions(int together) {
      this.together = together;
      try {
        this.reader = Files.newBufferedReader(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      this.next = read();
    }

    private List<String> read() {
      var keys = new ArrayList<String>(together);
      try {
        String key = null;
        while (keys.size() < together && (key = reader.readLine()) != null) {
          keys.add(key);
        }
        if (key == null) {
          reader.close();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return keys;
    }

    private void close() {
      try {
        reader.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public boolean hasNext() {
      return !next.isEmpty();
    }

    @Override
    public List<String> next() {
      if (next.isEmpty()) {
        throw new NoSuchElementException();
      }
      var portion = next;
      next = portion.size() < together ? List.of() : read();
      return portion;
    }
  }
}
