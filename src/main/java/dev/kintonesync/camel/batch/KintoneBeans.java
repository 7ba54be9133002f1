package dev.kintonesync.camel.batch;

import dev.kintonesync.camel.kintone.DailyQuota;
import dev.kintonesync.camel.kintone.KintoneCall;
import dev.kintonesync.camel.kintone.KintoneClient;
import dev.kintonesync.camel.kintone.KintoneHttp;
import dev.kintonesync.camel.kintone.LeaseGuard;
import dev.kintonesync.camel.kintone.OutageMonitor;
import dev.kintonesync.camel.kintone.WritePermits;
import dev.kintonesync.form.Expressions;
import dev.kintonesync.kintone.Backoff;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Settings;
import dev.kintonesync.sync.AdaptiveLimiter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/**
 * What {@code routes/core} and the Kamelets stand on, in kintone-sync itself as in another Camel
 * application: the beans that they name.
 */
public final class KintoneBeans implements AutoCloseable {
  private static final String NAME = "kintoneCore";

  private final Expressions expressions;
  private final Settings settings;
  private final BiFunction<String, Map<String, String>, Configuration> configuration;
  private final WritePermits writers;
  private final Clock clock;
  private final KintoneCall.Pauses pauses;
  private final ExecutorService readerThreads;
  private final KintoneClient client;
  private final Map<String, KeysInFlight> keysInFlight = new ConcurrentHashMap<>();
  private final Map<String, Object> beans = new HashMap<>();
  private final @Nullable Path operations;

  /** The Kamelets that take messages; of those that are gone nothing waits. */
  private final Set<Answering> sinks = ConcurrentHashMap.newKeySet();

  /**
   * What an application gives.
   *
   * @param expressions what stands in a mapping and is no column
   * @param settings sizes, pauses and limits
   * @param configuration reads the properties for a job by its name, with those of a Kamelet going
   *     before them
   * @param clock tells the time
   * @param hooks where the user's routes take part in runs
   * @param apps what is known of forms
   * @param domains which Kintone is away
   * @param calls what may be asked of an app in a day
   * @param operations the folder for what is known of operations that may not be carried out twice;
   *     null where each Kamelet names its own
   */
  public KintoneBeans(
      Expressions expressions,
      Settings settings,
      BiFunction<String, Map<String, String>, Configuration> configuration,
      Clock clock,
      Hooks hooks,
      Preflight apps,
      OutageMonitor domains,
      DailyQuota calls,
      @Nullable Path operations) {
    this.operations = operations;
    this.expressions = expressions;
    this.settings = settings;
    this.configuration = configuration;
    this.clock = clock;
    this.writers =
        new WritePermits(
            () ->
                new AdaptiveLimiter(
                    settings.maxWriters(), settings.requestsPerBatch(), settings.answerTime()));
    this.readerThreads = Executors.newFixedThreadPool(settings.maxReaders(), named("reader"));
    this.pauses =
        new KintoneCall.Pauses(
            new Backoff(settings.retryDelay(), settings.maxRetryDelay()), settings.patience());
    beans.put(NAME, this);
    beans.put("kintoneHooks", hooks);
    beans.put("kintoneApps", apps);
    beans.put("kintonePlans", new PlanSteps(hooks, clock));
    beans.put("kintoneWritePermits", writers);
    beans.put("kintoneHttp", new KintoneHttp(pauses, clock, domains));
    beans.put("kintoneDailyQuota", calls);
    beans.put("kintoneLeaseGuard", new LeaseGuard());
    client = KintoneClient.of(settings.network());
    beans.put("kintoneClient", client);
    beans.put("kintoneFiles", client.forFiles());
    beans.put("kintoneLookUpStrategy", AggregationStrategies.LOOK_UP);
    beans.put("kintoneSourcesStrategy", AggregationStrategies.SOURCES);
    beans.put("kintoneAnswersStrategy", AggregationStrategies.ANSWERS);
    beans.put("kintoneBulkRequestStrategy", AggregationStrategies.BULK_REQUEST);
    beans.put("kintoneReaderThreads", readerThreads);
  }

  /** Returns the core of an application; null where it has none. */
  public static @Nullable KintoneBeans find(CamelContext context) {
    return context.getRegistry().lookupByNameAndType(NAME, KintoneBeans.class);
  }

  /** Returns the core of an application that has one. */
  public static KintoneBeans of(CamelContext context) {
    return Objects.requireNonNull(find(context), "the application has no beans of kintone-sync");
  }

  public static ThreadFactory named(String kind) {
    var count = new AtomicInteger();
    return work -> {
      var thread = new Thread(work, kind + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** The beans by the names by which the routes know them. */
  public Map<String, Object> beans() {
    return beans;
  }

  public Expressions expressions() {
    return expressions;
  }

  public Settings settings() {
    return settings;
  }

  /** Makes the targets of batches. */
  public TargetFactory targets() {
    return new TargetFactory(settings, writers);
  }

  public WritePermits writers() {
    return writers;
  }

  /** The pauses before something is asked again. */
  public KintoneCall.Pauses pauses() {
    return pauses;
  }

  public Clock clock() {
    return clock;
  }

  /** The folder for what is known of operations; null where each Kamelet names its own. */
  public @Nullable Path operations() {
    return operations;
  }

  /** There is one more Kamelet that takes messages. */
  public void has(Answering sink) {
    sinks.add(sink);
  }

  /** The Kamelets that take messages. */
  public Set<Answering> sinks() {
    return sinks;
  }

  /** Whether no message waits for its answer. */
  public boolean isIdle() {
    return sinks.stream().allMatch(Answering::isIdle);
  }

  /** The keys that are on their way to the app of a job. */
  public KeysInFlight keysInFlight(Job job) {
    return keysInFlight.computeIfAbsent(
        WritePermits.place(job.connection(), job.app()), place -> new KeysInFlight());
  }

  /**
   * A job that gets its rows as messages.
   *
   * @param name the name of a job, or {@link Job#IMPORT}
   * @param said what goes before the properties of that job, by their own names
   */
  public Job job(String name, Map<String, String> said) {
    var overrides = new HashMap<String, String>();
    said.forEach((property, value) -> overrides.put("job." + name + "." + property, value));
    return configuration.apply(name, overrides).importing(name, Path.of("messages"));
  }

  /** Cuts the connections to Kintone, whatever is asked there. */
  public void cutConnections() {
    client.cut();
  }

  @Override
  public void close() {
    client.cut();
    readerThreads.shutdownNow();
  }
}
