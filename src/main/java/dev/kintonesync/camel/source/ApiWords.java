package dev.kintonesync.camel.source;

import dev.kintonesync.message.MessageCode;

/** What people are told of a server that does not hand out what it is asked for. */
enum ApiWords {
  /** Of an API whose rows are read. */
  ROWS(
      MessageCode.API_LOCKED,
      MessageCode.API_REFUSES,
      MessageCode.API_BREAKS_OFF,
      MessageCode.API_BUSY,
      MessageCode.API_REDIRECTS),
  /** Of a registry whose schemas are needed to read messages. */
  SCHEMAS(
      MessageCode.REGISTRY_LOCKED,
      MessageCode.REGISTRY_REFUSES,
      MessageCode.REGISTRY_AWAY,
      MessageCode.REGISTRY_BUSY,
      MessageCode.REGISTRY_REDIRECTS);

  private final MessageCode locked;
  private final MessageCode refuses;
  private final MessageCode breaksOff;
  private final MessageCode busy;
  private final MessageCode redirects;

  ApiWords(
      MessageCode locked,
      MessageCode refuses,
      MessageCode breaksOff,
      MessageCode busy,
      MessageCode redirects) {
    this.locked = locked;
    this.refuses = refuses;
    this.breaksOff = breaksOff;
    this.busy = busy;
    this.redirects = redirects;
  }

  /** It does not know us: address, status, and what it says. */
  MessageCode locked() {
    return locked;
  }

  /** It refuses the request: address, status, and what it says. */
  MessageCode refuses() {
    return refuses;
  }

  /** It cannot be reached, or its answer broke off: host and reason. */
  MessageCode breaksOff() {
    return breaksOff;
  }

  /** It is busy or broken: host, status, and what it says. */
  MessageCode busy() {
    return busy;
  }

  /** It leads to where it is not asked: host and address. */
  MessageCode redirects() {
    return redirects;
  }
}
