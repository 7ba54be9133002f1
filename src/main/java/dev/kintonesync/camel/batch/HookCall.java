package dev.kintonesync.camel.batch;

import dev.kintonesync.camel.kintone.RequestContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * A route of the user's at work on behalf of a run, which waits for it. Records that the route
 * sends to the very app may have to wait for the run, and neither would ever go on; so their sink
 * has to know where they come from.
 */
public final class HookCall implements AutoCloseable {
  private static final String PROPERTY = "kintoneHookCall";

  /** For routes whose own code sends by itself, in an exchange that is not the one of the call. */
  private static final ThreadLocal<@Nullable HookCall> HERE = new ThreadLocal<>();

  private final RequestContext run;
  private final Hooks.HookPoint place;
  private final Thread thread = Thread.currentThread();
  private volatile boolean over;

  private HookCall(RequestContext run, Hooks.HookPoint place) {
    this.run = run;
    this.place = place;
  }

  /** Begins a call in this thread. */
  static HookCall begin(RequestContext run, Hooks.HookPoint place) {
    var call = new HookCall(run, place);
    HERE.set(call);
    return call;
  }

  /** The call that an exchange belongs to; null when no run waits for it. */
  public static @Nullable HookCall of(Exchange exchange) {
    var here = HERE.get();
    var call = here == null ? exchange.getProperty(PROPERTY, HookCall.class) : here;
    return call == null || call.isOver() ? null : call;
  }

  /** Marks what belongs to it. */
  void mark(Exchange exchange) {
    exchange.setProperty(PROPERTY, this);
  }

  RequestContext run() {
    return run;
  }

  public Hooks.HookPoint place() {
    return place;
  }

  /** Whether what is sent in this thread certainly holds up the call. */
  public boolean isHere() {
    return thread == Thread.currentThread();
  }

  /** Whether the route has come back. */
  boolean isOver() {
    return over;
  }

  @Override
  public void close() {
    over = true;
    HERE.remove();
  }
}
