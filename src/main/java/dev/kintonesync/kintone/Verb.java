package dev.kintonesync.kintone;

/** What a request does to a resource of Kintone's REST API. */
public enum Verb {
  GET,
  POST,
  PUT,
  DELETE
}
