package dev.kintonesync.camel.batch;

import dev.kintonesync.camel.kintone.RequestContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the batches that are on their way to one app, of all runs of the process. A key in
 * here must not be planned a second time: the order of its rows would be left to chance. Whoever
 * wants keys gets all of them at once, in the order in which they were wanted, and holds none while
 * it waits.
 */
public final class KeysInFlight {
  /** Who has a key. */
  private final Map<String, RequestContext> held = new HashMap<>();

  /** Who wants keys that others have, the first one first. */
  private final List<Turn> waiting = new ArrayList<>();

  /** Somebody's wish for keys; it is free when nobody else has any of them, or wanted it before. */
  public static final class Turn {
    private final Set<String> keys;
    private final RequestContext run;
    private final @Nullable HookCall sentBy;
    private final CompletableFuture<Void> free = new CompletableFuture<>();

    private Turn(Collection<String> keys, RequestContext run, @Nullable HookCall sentBy) {
      this.keys = Set.copyOf(keys);
      this.run = run;
      this.sentBy = sentBy;
    }

    /** Does something once when the keys are there, in the thread that has given them back. */
    public void whenFree(Runnable then) {
      var unused = free.thenRun(then);
    }

    private boolean wantsAnyOf(Turn other) {
      return other.keys.stream().anyMatch(keys::contains);
    }
  }

  /** Takes a key for a run; false when another batch has it or waits for it. */
  public synchronized boolean claim(String key, RequestContext run) {
    return !isWanted(key) && held.putIfAbsent(key, run) == null;
  }

  /** Whether no batch has a key, and none waits for it. */
  public synchronized boolean isFree(String key) {
    return !isWanted(key) && !held.containsKey(key);
  }

  private boolean isWanted(String key) {
    for (int i = 0; i < waiting.size(); i++) { // for every row, and mostly nobody waits
      if (waiting.get(i).keys.contains(key)) {
        return true;
      }
    }
    return false;
  }

  /** Takes keys for a run, after the batches that have any of them are settled. */
  public void awaitAndClaim(Collection<String> keys, RequestContext run)
      throws InterruptedException {
    var turn = want(keys, run, null);
    try {
      turn.free.get();
    } catch (InterruptedException e) {
      giveUp(turn);
      throw e;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Takes keys for a run as soon as they can be had.
   *
   * @param sentBy the call of a user's route that waits until the records of these keys are written
   */
  public Turn want(Collection<String> keys, RequestContext run, @Nullable HookCall sentBy) {
    var turn = new Turn(keys, run, sentBy);
    synchronized (this) {
      waiting.add(turn);
    }
    letGoOn();
    return turn;
  }

  /** Whoever had the turn does not want its keys any more. */
  private void giveUp(Turn turn) {
    synchronized (this) {
      if (!waiting.remove(turn)) {
        turn.keys.forEach(held::remove);
      }
    }
    letGoOn();
  }

  /** Releases keys, so that others may claim them. */
  public void release(Collection<String> settled) {
    synchronized (this) {
      settled.forEach(held::remove); // removeAll of a list may compare each key with each
    }
    letGoOn();
  }

  /** Tells those who can have their keys now, when nobody is kept from asking meanwhile. */
  private void letGoOn() {
    served().forEach(turn -> turn.free.complete(null));
  }

  private synchronized List<Turn> served() {
    var served = new ArrayList<Turn>();
    var wantedBefore = new HashSet<String>();
    for (Iterator<Turn> turns = waiting.iterator(); turns.hasNext(); ) {
      var turn = turns.next();
      if (turn.keys.stream()
          .noneMatch(key -> held.containsKey(key) || wantedBefore.contains(key))) {
        turn.keys.forEach(key -> held.put(key, turn.run));
        turns.remove();
        served.add(turn);
      } else {
        wantedBefore.addAll(turn.keys);
      }
    }
    return served;
  }

  /**
   * Takes a turn away when it waits, directly or by way of others, for the run that waits for it: a
   * route that the run calls has sent its records and does not come back before they are written.
   *
   * @return a key that the run has; null when the turn goes on
   */
  public @Nullable String breakCircle(Turn turn) {
    String key = keyOfCircle(turn);
    if (key != null) {
      letGoOn();
    }
    return key;
  }

  private synchronized @Nullable String keyOfCircle(Turn turn) {
    if (turn.sentBy == null || turn.sentBy.isOver() || !waiting.contains(turn)) {
      return null;
    }
    var seen = new HashSet<Object>(Set.of(turn));
    var open = new ArrayDeque<>(List.of(turn));
    for (Turn next = open.poll(); next != null; next = open.poll()) {
      for (Turn before : waiting.subList(0, waiting.indexOf(next))) {
        if (before.wantsAnyOf(next) && seen.add(before)) {
          open.add(before);
        }
      }
      for (String key : next.keys) {
        RequestContext holder = held.get(key);
        if (holder == turn.sentBy.run()) {
          waiting.remove(turn);
          return key;
        }
        if (holder != null && seen.add(holder)) {
          waiting.stream()
              .filter(each -> each.sentBy != null && each.sentBy.run() == holder)
              .filter(seen::add)
              .forEach(open::add);
        }
      }
    }
    return null;
  }
}
