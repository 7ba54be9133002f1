package dev.kintonesync.message;

import java.util.List;

/**
 * One sentence for a person, not yet in a language: which sentence, and what fills its gaps.
 *
 * @param text which sentence of the catalogue
 * @param arguments what stands for {@code {0}}, {@code {1}} ...; an argument may be a message
 */
public record UserMessage(MessageCode text, List<Object> arguments) {

  public UserMessage {
    arguments = List.copyOf(arguments);
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
