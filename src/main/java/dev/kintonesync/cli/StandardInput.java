package dev.kintonesync.cli;

import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.source.TemporaryFile;
import dev.kintonesync.source.file.SourceFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * What comes on standard input, kept in a file while it is imported: a run reads its source more
 * than once.
 */
final class StandardInput implements AutoCloseable {
  private static final String NAME = "-";
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS");

  private final Path folder;
  private final Path file;

  private StandardInput(Path folder) {
    this.folder = folder;
    this.file = folder.resolve("stdin");
  }

  /** Whether one of these is {@code -}. */
  static boolean isNamed(@Nullable Path file, @Nullable Path filePath) {
    return (file != null && filePath == null && file.toString().equals(NAME))
        || (file == null && filePath != null && filePath.toString().equals(NAME));
  }

  /** Reads a stream to its end, into a folder that only this user can read. */
  static StandardInput read(InputStream in) throws IOException {
    var input = new StandardInput(TemporaryFile.createFolder());
    try {
      Files.copy(in, input.file);
      return input;
    } catch (IOException e) {
      input.close();
      throw e;
    }
  }

  Path file() {
    return file;
  }

  /** Where rejected rows go when nobody says where: into the current folder. */
  Path rejects() {
    String time = STAMP.format(LocalDateTime.now(ZoneId.systemDefault()));
    return Path.of("stdin-rejects." + time + extension());
  }

  private String extension() {
    try (var reader = SourceFile.open(file, SourceOptions.DEFAULT)) {
      return reader.format().extension();
    } catch (UserErrorException e) {
      return ".csv"; // the run says why it cannot be read
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
    Files.deleteIfExists(folder);
  }
}
