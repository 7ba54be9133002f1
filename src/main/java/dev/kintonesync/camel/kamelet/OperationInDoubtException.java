package dev.kintonesync.camel.kamelet;

import dev.kintonesync.message.Message;
import dev.kintonesync.message.RefusedException;

/**
 * Nobody knows whether operations were carried out, and they are not sent again: a person has to
 * look into Kintone. A route may catch it by this class, to put such messages aside.
 */
public final class OperationInDoubtException extends RefusedException {
  private static final long serialVersionUID = 1L;

  OperationInDoubtException(Message reason) {
    super(reason);
  }

  OperationInDoubtException(Message reason, Throwable cause) {
    super(reason, cause);
  }
}
