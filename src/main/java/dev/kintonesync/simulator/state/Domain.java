package dev.kintonesync.simulator.state;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All that one Kintone domain has. Readers run beside each other, a writer runs alone; a write that
 * ends with an exception leaves nothing behind but consumed ids.
 */
public final class Domain {
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);
  private final Map<Long, App> apps = new TreeMap<>();
  private long lastAppId;
  private final SimulatedClock clock = new SimulatedClock();
  private final Tokens tokens = new Tokens();
  private final Directory directory = new Directory();
  private final Files files = new Files(clock);
  private final RowLocks locks = new RowLocks();
  private final Statistics statistics = new Statistics();
  private final Cursors cursors = new Cursors(clock);
  private final Comments comments = new Comments();
  private final KeyFolding folding = new KeyFolding(() -> settings().foldKeys());
  private volatile Settings settings = Settings.DEFAULTS;
  private long lastRowId;

  /** Runs what only reads; nothing changes meanwhile. */
  public <T> T read(Supplier<T> reading) {
    lock.readLock().lock();
    try {
      return reading.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Runs a change; it is committed when it returns and taken back when it throws. */
  public <T> T write(Function<Transaction, T> change) {
    Transaction transaction = new Transaction(clock, settings.likeLagMs());
    lock.writeLock().lock();
    boolean done = false;
    try {
      T result = change.apply(transaction);
      done = true;
      statistics.committed(transaction);
      return result;
    } finally {
      if (!done) {
        transaction.rollback();
      }
      lock.writeLock().unlock();
    }
  }

  /** The app of an id, or null. */
  public @Nullable App app(long id) {
    return apps.get(id);
  }

  /** All apps in the order of their ids. */
  public Collection<App> apps() {
    return Collections.unmodifiableCollection(apps.values());
  }

  /** Makes an app that is not live yet. */
  public App createApp(@Nullable Long space, boolean inGuestSpace, String creator, Design design) {
    App app = new App(++lastAppId, space, inGuestSpace, creator, clock.minute(), design, folding);
    apps.put(app.id(), app);
    return app;
  }

  /** Takes back an app that could not be made; its id stays consumed. */
  public void discard(App app) {
    apps.remove(app.id());
  }

  /** The next id of a table row, one row of numbers for all apps. */
  public long nextRowId() {
    return ++lastRowId;
  }

  public SimulatedClock clock() {
    return clock;
  }

  public Tokens tokens() {
    return tokens;
  }

  public Directory directory() {
    return directory;
  }

  public Files files() {
    return files;
  }

  public RowLocks locks() {
    return locks;
  }

  public Statistics statistics() {
    return statistics;
  }

  public Cursors cursors() {
    return cursors;
  }

  public Comments comments() {
    return comments;
  }

  public Settings settings() {
    return settings;
  }

  /** Changes the settings; the indexes follow. */
  public void settings(Settings changed) {
    write(
        transaction -> {
          boolean sameKeys = settings.foldKeys() == changed.foldKeys();
          settings = changed;
          if (!sameKeys) {
            apps().forEach(App::reindex);
          }
          return changed;
        });
  }

  /** Forgets everything, apps, tokens, users, settings and counts; app ids start at 1 again. */
  public void reset() {
    write(
        transaction -> {
          apps.clear();
          lastAppId = 0;
          tokens.clear();
          directory.clear();
          files.clear();
          cursors.clear();
          comments.clear();
          clock.reset();
          statistics.clear();
          settings = Settings.DEFAULTS;
          return settings;
        });
  }
}
