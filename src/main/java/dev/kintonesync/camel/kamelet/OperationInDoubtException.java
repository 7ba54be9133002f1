package dev.kintonesync.camel.kamelet;

import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;

/**
 * Nobody knows whether operations were carried out, and they are not sent again: a person has to
 * look into Kintone. A route may catch it by this class, to put such messages aside.
 */
public final class OperationInDoubtException extends UserErrorException {
  private static final long serialVersionUID = 1L;

  OperationInDoubtException(UserMessage reason) {
    super(reason);
  }

  OperationInDoubtException(UserMessage reason, Throwable cause) {
    super(reason, cause);
  }
}
