package dev.kintonesync.simulator.state;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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
  private final Rights rights = new Rights();
  private final Files files = new Files(clock);
  private final RowLocks locks = new RowLocks();
  private final Statistics statistics = new Statistics();
  private final Cursors cursors = new Cursors(clock);
  private final Comments comments = new Comments();
  private final MemoryGuard memory = MemoryGuard.ofThisProcess();
  private final KeyFolding folding = new KeyFolding(() -> settings().foldKeys());
  private volatile DomainSettings settings = DomainSettings.DEFAULTS;
  private long lastRowId;
  private @Nullable Consumer<Commit> keeper;
  private final AtomicLong commits = new AtomicLong();

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
    Transaction transaction = new Transaction(clock, settings);
    lock.writeLock().lock();
    boolean done = false;
    try {
      T result = change.apply(transaction);
      done = true;
      commits.incrementAndGet();
      statistics.committed(transaction);
      keep(transaction);
      return result;
    } finally {
      if (!done) {
        transaction.rollback();
      }
      lock.writeLock().unlock();
    }
  }

  private void keep(Transaction transaction) {
    if (keeper != null) {
      Commit commit = commit(transaction);
      if (!commit.isEmpty()) {
        keeper.accept(commit);
      }
    }
  }

  private Commit commit(Transaction transaction) {
    Map<Commit.RecordId, @Nullable StoredRecord> records = new LinkedHashMap<>();
    Map<Long, Long> lastRecordIds = new LinkedHashMap<>();
    for (Commit.RecordId place : transaction.touched()) {
      App app = apps.get(place.app());
      if (app != null) {
        records.put(place, app.record(place.record()));
        lastRecordIds.put(app.id(), app.lastRecordId());
      }
    }
    List<AppImage> images = apps.values().stream().filter(App::takeEdited).map(App::image).toList();
    return new Commit(
        transaction.isReset(),
        images,
        records,
        new Commit.Counters(lastAppId, lastRowId, lastRecordIds));
  }

  /** Tells somebody of each write that is committed, in their order; null for nobody. */
  void keeper(@Nullable Consumer<Commit> told) {
    write(
        transaction -> {
          keeper = told;
          return transaction;
        });
  }

  /** The apps without their records, as a commit that makes them. */
  Commit image() {
    return read(
        () ->
            new Commit(
                false,
                apps.values().stream().map(App::image).toList(),
                Map.of(),
                new Commit.Counters(lastAppId, lastRowId, Map.of())));
  }

  /**
   * Some records as they are now, as a commit that stores them; null when an app has no more.
   *
   * @param after the place of the last record that the caller has: those of its app follow it
   */
  @Nullable Commit imageAfter(Commit.RecordId after, int records) {
    return read(
        () -> {
          App app = apps.get(after.app());
          Map<Commit.RecordId, @Nullable StoredRecord> next = new LinkedHashMap<>();
          if (app != null) {
            for (StoredRecord record : app.records().tailMap(after.record(), false).values()) {
              if (next.size() == records) {
                break;
              }
              next.put(new Commit.RecordId(app.id(), record.id()), record);
            }
          }
          Commit.Counters counters = new Commit.Counters(lastAppId, lastRowId, Map.of());
          return next.isEmpty() ? null : new Commit(false, List.of(), next, counters);
        });
  }

  /** The keys of the files that records have. */
  Set<String> fileKeys() {
    return read(
        () ->
            apps.values().stream()
                .flatMap(app -> app.records().values().stream())
                .flatMap(record -> record.files().stream())
                .map(StoredFile::key)
                .collect(Collectors.toSet()));
  }

  /** How many records there are in all apps. */
  public long records() {
    return read(() -> apps.values().stream().mapToLong(app -> app.records().size()).sum());
  }

  /** Does again what was done once, before anybody else uses this domain. */
  void repeat(Commit commit) {
    if (commit.reset()) {
      reset();
    }
    for (AppImage image : commit.apps()) {
      App before = apps.get(image.id());
      App app = new App(image, folding);
      if (before != null) {
        before.records().values().forEach(app::put);
        app.consumeRecordIds(before.lastRecordId());
      }
      app.takeEdited(); // it is kept already
      apps.put(app.id(), app);
    }
    commit
        .records()
        .forEach(
            (place, record) -> {
              App app = apps.get(place.app());
              if (app != null && record != null) {
                app.put(record);
              } else if (app != null) {
                app.remove(place.record());
              }
            });
    commit
        .counters()
        .records()
        .forEach(
            (id, last) -> {
              App app = apps.get(id);
              if (app != null) {
                app.consumeRecordIds(last);
              }
            });
    lastAppId = Math.max(lastAppId, commit.counters().app());
    lastRowId = Math.max(lastRowId, commit.counters().row());
  }

  /** How many writes there have been: it grows with each change of apps, records or settings. */
  public long commits() {
    return commits.get();
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
    return createApp(lastAppId + 1, space, inGuestSpace, creator, design);
  }

  /**
   * Makes an app that is not live yet, under an id of its own.
   *
   * @throws IllegalArgumentException when there is an app of that id
   */
  public App createApp(
      long id, @Nullable Long space, boolean inGuestSpace, String creator, Design design) {
    if (id < 1 || apps.containsKey(id)) {
      throw new IllegalArgumentException("there can be no new app of the id " + id);
    }
    App app = new App(id, space, inGuestSpace, creator, clock.minute(), design, folding);
    apps.put(id, app);
    lastAppId = Math.max(lastAppId, id);
    return app;
  }

  /** Takes back an app that could not be made; its id stays consumed. */
  public void discard(App app) {
    apps.remove(app.id());
  }

  /** Never lets an id of a table row up to this one be given again. */
  public void consumeRowIds(long upTo) {
    lastRowId = Math.max(lastRowId, upTo);
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

  public Rights rights() {
    return rights;
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

  /** The day of Kintone's daily limit, which ends at 09:00 in Japan: midnight in UTC. */
  public LocalDate day() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  public Cursors cursors() {
    return cursors;
  }

  public Comments comments() {
    return comments;
  }

  /** Knows whether there is memory for more. */
  public MemoryGuard memory() {
    return memory;
  }

  public DomainSettings settings() {
    return settings;
  }

  /** Changes the settings; the indexes follow. */
  public void settings(DomainSettings changed) {
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
          transaction.reset();
          apps.clear();
          lastAppId = 0;
          tokens.clear();
          directory.clear();
          rights.clear();
          files.clear();
          cursors.clear();
          comments.clear();
          clock.reset();
          statistics.clear();
          settings = DomainSettings.DEFAULTS;
          return settings;
        });
  }
}
