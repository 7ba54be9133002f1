package dev.kintonesync.simulator.http;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.kintonesync.simulator.state.Domain;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.SortedSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The HTTP server, on this machine's own address only. */
public final class SimulatorServer implements AutoCloseable {
  /** Each connection on which a request is on its way takes a thread, half-open ones too. */
  private static final int MOST_CONNECTIONS = 4096;

  private static final int MOST_WAITING = 512;

  private static final AtomicInteger THREADS = new AtomicInteger();

  static {
    // read once, when the JDK's first server starts: answers leave at once instead of waiting 40 ms
    // for more, and neither idle nor half-sent requests hold a thread for ever (in seconds)
    setUnlessSet("sun.net.httpserver.nodelay", "true");
    setUnlessSet("sun.net.httpserver.idleInterval", "60");
    setUnlessSet("sun.net.httpserver.maxReqTime", "120");
  }

  private final HttpServer server;
  private final ExecutorService threads;

  /**
   * Starts serving.
   *
   * @param port 0 for any free one
   * @param certificate with which it speaks https; null for http
   * @throws java.net.BindException when the port is taken
   */
  public SimulatorServer(
      int port, Domain domain, Instruments instruments, @Nullable OwnCertificate certificate)
      throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    if (certificate == null) {
      server = HttpServer.create(address, MOST_WAITING);
    } else {
      HttpsServer secure = HttpsServer.create(address, MOST_WAITING);
      secure.setHttpsConfigurator(new HttpsConfigurator(certificate.context()));
      server = secure;
    }
    threads =
        new ThreadPoolExecutor(
            0,
            MOST_CONNECTIONS,
            30,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            SimulatorServer::thread);
    server.setExecutor(threads);
    server.createContext("/", new Dispatcher(domain, instruments)::handle);
    server.start();
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "simulator-" + THREADS.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }

  /** The calls of Kintone that are answered, by method and resource: {@code GET records}. */
  public static SortedSet<String> endpoints() {
    return Endpoints.lines();
  }

  /** The port it serves on, also when it was started with 0. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Stops at once; calls in flight are cut off. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
