package dev.kintonesync.simulator.http;

import dev.kintonesync.simulator.state.Domain;

/** What a simulator has and the real one has not, or does not show. */
public record Instruments(Faults faults, Recorder recorder, Webhooks webhooks) {

  /** A fresh set for a domain. */
  public static Instruments of(Domain domain) {
    return new Instruments(new Faults(), new Recorder(domain), new Webhooks());
  }

  /** Forgets faults, requests and listeners. */
  public void clear() {
    faults.clear();
    recorder.clear();
    webhooks.clear();
  }
}
