package dev.kintonesync.camel;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * The keys of the batches that are on their way to one app, of all runs of the process. A key in
 * here must not be planned a second time: the order of its rows would be left to chance.
 */
final class KeysInFlight {
  private final Set<String> keys = new HashSet<>();

  /** Takes a key; false when another batch has it. */
  synchronized boolean claim(String key) {
    return keys.add(key);
  }

  /** Takes a key, after the batch that has it is settled. */
  synchronized void awaitAndClaim(String key) throws InterruptedException {
    while (!keys.add(key)) {
      wait();
    }
  }

  /** Takes several keys, after the batches that have any of them are settled. */
  synchronized void awaitAndClaimAll(Collection<String> all) throws InterruptedException {
    while (all.stream().anyMatch(keys::contains)) {
      wait();
    }
    keys.addAll(all);
  }

  synchronized void release(Collection<String> settled) {
    settled.forEach(keys::remove); // removeAll of a list may compare each key with each
    notifyAll();
  }
}
