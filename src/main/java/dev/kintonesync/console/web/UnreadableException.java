package dev.kintonesync.console.web;

import com.fasterxml.jackson.core.JsonLocation;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;

/** The content of a request is no object of JSON. */
final class UnreadableException extends UserErrorException {
  private static final long serialVersionUID = 1L;

  UnreadableException(JsonLocation place, Exception cause) {
    super(MessageCode.PAGE_UNREADABLE.with(place.getLineNr(), place.getColumnNr()), cause);
  }
}
