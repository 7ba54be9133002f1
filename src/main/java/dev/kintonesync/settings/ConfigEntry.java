package dev.kintonesync.settings;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;

/**
 * What somebody said about one property. The value is never printed: it may be a secret.
 *
 * @param key the property's key
 * @param value as written, without blanks around it; never empty
 * @param place where it was said, for messages
 */
record ConfigEntry(String key, String value, UserMessage place) {

  /**
   * The value as the type reads it.
   *
   * @throws UserErrorException with place and key when it is not of the type
   */
  <T> T as(ValueType<T> type) {
    try {
      return type.reader().apply(value);
    } catch (UserErrorException e) {
      throw new UserErrorException(MessageCode.VALUE_REFUSED.with(place, spoken(), e.reason()), e);
    }
  }

  /** What the speaker called it: on the command line, options are named like the last part. */
  String spoken() {
    return place.text() == MessageCode.PLACE_COMMAND_LINE
        ? "--" + key.substring(key.lastIndexOf('.') + 1)
        : key;
  }

  @Override
  public String toString() {
    return key;
  }
}
