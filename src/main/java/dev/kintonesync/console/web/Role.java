package dev.kintonesync.console.web;

import java.util.Locale;

/** What somebody who asks the page may do; each may do what the ones before it may. */
enum Role {
  /** See how the jobs stand. */
  LOOK,
  /** Have the jobs run, let runs pass and send files. */
  WORK,
  /** Set up the connection and the jobs. */
  SETUP;

  /** Whether it may do what another one may. */
  boolean includes(Role other) {
    return compareTo(other) >= 0;
  }

  /** As the API says it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
