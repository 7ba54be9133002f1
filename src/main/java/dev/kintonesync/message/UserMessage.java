package dev.kintonesync.message;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
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
      return fault instanceof AccessDeniedException
          ? MessageCode.FILE_ACCESS_DENIED.with()
          : fault.getReason() == null ? argument : fault.getReason();
    }
    return argument;
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
