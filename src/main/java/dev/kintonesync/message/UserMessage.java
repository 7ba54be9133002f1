package dev.kintonesync.message;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * One sentence for a person, not yet in a language: which sentence, and what fills its gaps.
 *
 * @param text which sentence of the catalogue
 * @param arguments what stands for {@code {0}}, {@code {1}} ...; an argument may be a message, or
 *     what the file system refused
 */
public record UserMessage(MessageCode text, List<Object> arguments) {

  /** What Linux, macOS and Windows say. */
  private static final Pattern DISK_FULL =
      Pattern.compile("No space left on device|not enough space on the disk");

  public UserMessage {
    arguments = arguments.stream().map(UserMessage::inWords).toList();
  }

  /** What kept a file from being read or written, without the words of Java around it. */
  private static Object inWords(Object argument) {
    if (argument instanceof Exception failure) {
      Throwable root = RootCause.of(failure);
      if (root instanceof IOException && DISK_FULL.matcher(RootCause.words(root)).find()) {
        return MessageCode.DISK_FULL.with();
      } else if (root instanceof FileSystemException fault) {
        return inWords(fault);
      }
    }
    return argument;
  }

  private static Object inWords(FileSystemException fault) {
    if (fault instanceof AccessDeniedException) {
      return MessageCode.FILE_ACCESS_DENIED.with();
    } else if (fault instanceof FileAlreadyExistsException) {
      return MessageCode.FILE_IN_THE_WAY.with();
    } else if (fault instanceof NoSuchFileException) {
      return MessageCode.FILE_NOT_THERE.with();
    }
    return fault.getReason() == null ? String.valueOf(fault.getMessage()) : fault.getReason();
  }

  /**
   * Returns this sentence with the name that people know in the place of where a file is kept, also
   * in the sentences within it.
   */
  public UserMessage naming(Path file, Object name) {
    return new UserMessage(
        text,
        arguments.stream()
            .map(
                each ->
                    each instanceof UserMessage inner
                        ? inner.naming(file, name)
                        : String.valueOf(each).equals(file.toString()) ? name : each)
            .toList());
  }

  /** Returns this sentence with each text that fills a gap as a function makes it of it. */
  public UserMessage withTexts(UnaryOperator<String> function) {
    return new UserMessage(
        text,
        arguments.stream()
            .map(
                each ->
                    each instanceof UserMessage inner
                        ? inner.withTexts(function)
                        : each instanceof Number ? each : function.apply(String.valueOf(each)))
            .toList());
  }

  /** The code by which documents and scripts know this sentence, such as {@code csv-ragged-row}. */
  public String code() {
    return text.code();
  }

  /** English, for logs and exceptions; people get {@link MessageBundle#say}. */
  @Override
  public String toString() {
    return MessageBundle.ENGLISH.say(this);
  }
}
