package dev.kintonesync.cli;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Files named on the command line, looked at before anything begins. */
final class InputFile {
  private InputFile() {}

  /**
   * The one file that is named, which must be there: Kintone need not be asked otherwise.
   *
   * @param file as an argument
   * @param filePath as an option
   */
  static Path of(@Nullable Path file, @Nullable Path filePath) {
    return of(file, filePath, MessageCode.NO_FILE_NAMED);
  }

  private static Path of(@Nullable Path file, @Nullable Path filePath, MessageCode ifNone) {
    if (file != null && filePath != null) {
      throw new UserErrorException(MessageCode.TWO_FILES_NAMED.with(file, filePath));
    }
    Path named = file != null ? file : filePath;
    if (named == null) {
      throw new UserErrorException(ifNone.with());
    }
    Path input = named.toAbsolutePath();
    if (!Files.exists(input)) {
      throw new UserErrorException(MessageCode.FILE_MISSING.with(input));
    } else if (Files.isDirectory(input)) {
      throw new UserErrorException(MessageCode.FILE_IS_FOLDER.with(input));
    } else if (!Files.isRegularFile(input)) {
      throw new UserErrorException(MessageCode.FILE_IS_DEVICE.with(input));
    } else if (!Files.isReadable(input)) {
      throw new UserErrorException(
          MessageCode.FILE_UNREADABLE.with(input, MessageCode.FILE_ACCESS_DENIED.with()));
    }
    return input;
  }

  /**
   * The file that is named; null when it is a job, whose name has neither dots nor slashes.
   *
   * @param named a file or a job, as an argument
   * @param filePath a file, as an option
   * @param ifNone what is said where neither is named
   */
  static @Nullable Path unlessJob(
      @Nullable String named, @Nullable Path filePath, MessageCode ifNone) {
    if (filePath == null
        && named != null
        && !Files.isRegularFile(Path.of(named))
        && !named.matches(".*[./\\\\].*")) {
      return null;
    }
    return of(named == null ? null : Path.of(named), filePath, ifNone);
  }

  /** What is found out after the run only would come too late. */
  static void refuseUnlessWritable(@Nullable Path output, @Nullable Path input) throws IOException {
    if (output == null) {
      return;
    }
    Path written = output.toAbsolutePath();
    if (input != null && Files.exists(written) && Files.isSameFile(written, input)) {
      throw new UserErrorException(MessageCode.OUTPUT_IS_THE_INPUT.with(written));
    }
    Path folder = written.getParent();
    if (Files.isDirectory(written) || folder == null || !Files.isDirectory(folder)) {
      throw new UserErrorException(MessageCode.OUTPUT_NEEDS_A_FOLDER.with(written));
    } else if (!Files.isWritable(Files.exists(written) ? written : folder)) {
      throw new UserErrorException(MessageCode.OUTPUT_NOT_WRITABLE.with(written));
    }
  }
}
