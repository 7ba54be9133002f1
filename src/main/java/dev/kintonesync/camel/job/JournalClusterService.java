package dev.kintonesync.camel.job;

import dev.kintonesync.journal.Lease;
import dev.kintonesync.journal.LeasedException;
import dev.kintonesync.journal.Leases;
import dev.kintonesync.message.RepeatedFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.cluster.CamelClusterMember;
import org.apache.camel.support.cluster.AbstractCamelClusterService;
import org.apache.camel.support.cluster.AbstractCamelClusterView;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Camel's cluster service over the leases of the journal: of the programs that share a journal, one
 * leads each namespace. Routes of the user's that begin with {@code master:NAMESPACE:} run in that
 * one.
 */
public final class JournalClusterService
    extends AbstractCamelClusterService<JournalClusterService.View> {
  private static final Logger log = LoggerFactory.getLogger(JournalClusterService.class);
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final Leases leases;

  /** The leaders by the leases of this process. */
  public JournalClusterService(Leases leases) {
    super("kintone-sync-journal");
    this.leases = leases;
  }

  @Override
  protected View createView(String namespace) {
    return new View(this, namespace, leases);
  }

  /** One namespace, and whether this process leads it. */
  static final class View extends AbstractCamelClusterView {
    private final Leases leases;
    private final RepeatedFailure unasked;
    private final RepeatedFailure untold;
    private final CamelClusterMember local =
        new CamelClusterMember() {
          @Override
          public boolean isLeader() {
            return lease != null;
          }

          @Override
          public boolean isLocal() {
            return true;
          }

          @Override
          public String getId() {
            return "kintone-sync-" + ProcessHandle.current().pid();
          }
        };

    private volatile @Nullable Lease lease;

    /** Whether all listeners know who leads. */
    private boolean isTold = true;

    private @Nullable ScheduledExecutorService ticker;
    private @Nullable Future<?> ticking;

    private View(JournalClusterService service, String namespace, Leases leases) {
      super(service, namespace);
      this.leases = leases;
      this.unasked = new RepeatedFailure(log, "who leads " + namespace + " cannot be asked");
      this.untold = new RepeatedFailure(log, "not all routes know who leads " + namespace);
    }

    @Override
    public Optional<CamelClusterMember> getLeader() {
      return lease == null ? Optional.empty() : Optional.of(local);
    }

    @Override
    public CamelClusterMember getLocalMember() {
      return local;
    }

    @Override
    public List<CamelClusterMember> getMembers() {
      return List.of(local);
    }

    @Override
    protected void doStart() {
      var looking =
          Executors.newSingleThreadScheduledExecutor(
              work -> {
                var thread = new Thread(work, "leader-" + getNamespace());
                thread.setDaemon(true);
                return thread;
              });
      ticker = looking;
      ticking =
          looking.scheduleWithFixedDelay(this::look, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whatever is thrown here would end the looking for ever, and nobody would know. */
    private synchronized void look() {
      if (!isTold) {
        tell();
      }
      try {
        if (lease == null) {
          lease = leases.namespace(getNamespace());
          tell();
        } else if (leases.isNamespaceLost(getNamespace())) {
          Lease lost = lease;
          lease = null;
          tell();
          lost.close(); // at last, since the journal may not answer
        }
        unasked.passed();
      } catch (LeasedException another) {
        log.debug("{} is led by another process", getNamespace());
      } catch (RuntimeException e) {
        unasked.happened(e);
      }
    }

    /** One listener that fails keeps the next ones from being told: then all are told again. */
    private void tell() {
      isTold = false;
      try {
        fireLeadershipChangedEvent(lease == null ? null : local);
        isTold = true;
        untold.passed();
      } catch (RuntimeException e) {
        untold.happened(e);
      }
    }

    private void release() {
      Lease held = lease;
      lease = null;
      if (held != null) {
        held.close();
      }
    }

    @Override
    protected void doStop() {
      Future<?> looks = ticking;
      if (looks != null) {
        looks.cancel(false);
      }
      ScheduledExecutorService looking = ticker;
      if (looking != null) {
        looking.shutdown();
      }
      synchronized (this) {
        release();
      }
    }
  }
}
