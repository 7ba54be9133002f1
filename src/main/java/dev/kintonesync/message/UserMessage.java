package dev.kintonesync.message;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * One sentence for a person, not yet in a language: which sentence, and what fills its gaps.
 *
 * @param text which sentence of the catalogue
 * @param arguments what stands for {@code {0}}, {@code {1}} ...; an argument may be a message, or
 *     what the file system refused
 */
public record UserMessage(MessageCode text, List<Object> arguments) {

  public UserMessage {
    arguments = arguments.stream().map(UserMessage::inWords).toList();
  }

  /** What kept a file from being read or written, without the words of Java around it. */
  private static Object inWords(Object argument) {
    if (argument instanceof Exception failure
        && RootCause.of(failure) instanceof FileSystemException fault) {
      return inWords(fault);
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
