package dev.kintonesync.settings;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.apache.hc.core5.util.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends an exchange of request and answer that takes longer than the response timeout of the
 * request, from the connection to the last byte of the answer. The client's own timeout begins anew
 * with each byte, and none holds while a request is taken. What is cut off ends as a {@link
 * SocketTimeoutException}.
 */
final class TimeLimit implements ExecChainHandler {
  private static final Logger log = LoggerFactory.getLogger(TimeLimit.class);

  /** One thread, which is there while an exchange is. */
  private static final ScheduledThreadPoolExecutor CLOCK = clock();

  private final long bytesPerSecond;

  /**
   * A limit.
   *
   * @param bytesPerSecond when so many are carried, on an average over each time, another time
   *     begins; 0: the whole exchange has one
   */
  TimeLimit(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  private static ScheduledThreadPoolExecutor clock() {
    var clock =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              var thread = new Thread(work, "http-time-limit");
              thread.setDaemon(true);
              return thread;
            });
    clock.setRemoveOnCancelPolicy(true);
    clock.setKeepAliveTime(10, TimeUnit.SECONDS);
    clock.allowCoreThreadTimeOut(true);
    return clock;
  }

  @Override
  public ClassicHttpResponse execute(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    var time = scope.clientContext.getRequestConfigOrDefault().getResponseTimeout();
    if (time == null
        || !time.isEnabled()
        || !(scope.originalRequest instanceof Cancellable whole)) {
      return chain.proceed(request, scope);
    }
    var exchange = new Exchange(whole, time);
    var body = request.getEntity();
    if (body != null && bytesPerSecond > 0) {
      request.setEntity(exchange.counting(body));
    }
    try {
      var response = chain.proceed(request, scope);
      var answer = response.getEntity();
      if (answer == null) {
        exchange.ends();
      } else {
        response.setEntity(exchange.watching(answer));
      }
      return response;
    } catch (IOException | HttpException | RuntimeException e) {
      if (exchange.ends()) {
        throw exchange.tooSlow(e);
      }
      throw e;
    }
  }

  /** One request and its answer. */
  private final class Exchange implements Runnable {
    private final Cancellable whole;
    private final Timeout time;
    private final long least;
    private final AtomicLong carried = new AtomicLong();
    private final Future<?> timer;
    private volatile boolean overdue;

    private Exchange(Cancellable whole, Timeout time) {
      this.whole = whole;
      this.time = time;
      this.least =
          bytesPerSecond == 0 ? Long.MAX_VALUE : bytesPerSecond * time.toMilliseconds() / 1000;
      long millis = time.toMilliseconds();
      this.timer = CLOCK.scheduleAtFixedRate(this, millis, millis, TimeUnit.MILLISECONDS);
    }

    /** A time is over. */
    @Override
    public void run() {
      if (carried.getAndSet(0) < least) {
        overdue = true;
        ends();
        whole.cancel(); // closes the socket, so that whoever waits at it goes on
      }
    }

    /** It has come to its end; returns whether it was cut off. */
    private boolean ends() {
      timer.cancel(false);
      return overdue;
    }

    private SocketTimeoutException tooSlow(Exception cause) {
      var tooSlow =
          new SocketTimeoutException(
              bytesPerSecond == 0
                  ? "the whole answer did not come within " + words()
                  : "less than " + least + " bytes went over the line within " + words());
      tooSlow.initCause(cause);
      return tooSlow;
    }

    private String words() {
      long millis = time.toMilliseconds();
      return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }

    private HttpEntity counting(HttpEntity body) {
      return new HttpEntityWrapper(body) {
        @Override
        public void writeTo(OutputStream out) throws IOException {
          super.writeTo(new Counted(out));
        }
      };
    }

    private HttpEntity watching(HttpEntity answer) {
      return new HttpEntityWrapper(answer) {
        @Override
        public InputStream getContent() throws IOException {
          return new Watched(super.getContent());
        }
      };
    }

    private final class Counted extends FilterOutputStream {
      private Counted(OutputStream out) {
        super(out);
      }

      @Override
      public void write(int b) throws IOException {
        out.write(b);
        carried.incrementAndGet();
      }

      @Override
      public void write(byte[] bytes, int from, int count) throws IOException {
        out.write(bytes, from, count);
        carried.addAndGet(count);
      }
    }

    /** Closed before its end, it is cut off: there may be no end. */
    private final class Watched extends FilterInputStream {
      private boolean ended;

      private Watched(InputStream in) {
        super(in);
      }

      @Override
      public int read() throws IOException {
        try {
          return read(super.read(), 1);
        } catch (IOException e) {
          throw failed(e);
        }
      }

      @Override
      public int read(byte[] bytes, int from, int count) throws IOException {
        try {
          int read = super.read(bytes, from, count);
          return read(read, read);
        } catch (IOException e) {
          throw failed(e);
        }
      }

      private int read(int read, int count) {
        if (read < 0) {
          ended = true;
          ends();
        } else {
          carried.addAndGet(count);
        }
        return read;
      }

      private IOException failed(IOException failure) {
        ended = true;
        return ends() ? tooSlow(failure) : failure;
      }

      @Override
      public void close() throws IOException {
        ends();
        if (ended) {
          super.close();
          return;
        }
        ended = true;
        whole.cancel();
        try {
          super.close();
        } catch (IOException e) {
          log.trace("cut off", e); // as it was meant to be
        }
      }
    }
  }
}
