package dev.kintonesync;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The network between a program and a server, which a test cuts: the connections stay open and
 * nothing arrives. What then becomes of them is up to the test, as it is up to the routers.
 */
public final class CutNetwork implements AutoCloseable {
  private final ServerSocket entrance;
  private final int target;
  private final List<Link> links = new ArrayList<>();
  private boolean cut;

  /** What a program still says, one after the other, before its connection is lost. */
  private final Deque<String> lastWords = new ArrayDeque<>();

  /** A connection of the program, and the one to the server that belongs to it. */
  private record Link(Socket near, Socket far, State state) {
    void close() {
      try (near;
          far) {
        state.lost = true;
      } catch (IOException e) {
        // it is gone, which is what was wanted
      }
    }
  }

  private static final class State {
    private boolean lost;

    /** Whether the server's next answer does not arrive. */
    private volatile boolean losesAnswer;
  }

  private CutNetwork(ServerSocket entrance, int target) {
    this.entrance = entrance;
    this.target = target;
  }

  /** A way to a port of this machine. */
  public static CutNetwork to(int port) throws IOException {
    var entrance = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    var network = new CutNetwork(entrance, port);
    begin(network::accept);
    return network;
  }

  /** The port at which programs find the server. */
  public int port() {
    return entrance.getLocalPort();
  }

  /** From now on nothing arrives, in neither direction, on connections old and new. */
  public synchronized void cut() {
    cut = true;
  }

  /**
   * The next time that a program has said all these words, the server still hears the last of them
   * and does what they ask for, but its answer is lost, and the connection with it.
   *
   * @param words each of one message, one message after the other
   */
  public synchronized void loseAnswerTo(String... words) {
    lastWords.addAll(List.of(words));
  }

  /** Whether the answer that was to be lost has been. */
  public synchronized boolean hasLostAnswer() {
    return lastWords.isEmpty();
  }

  private synchronized void hear(Link link, byte[] said, int length) {
    String awaited = lastWords.peek();
    if (awaited != null
        && new String(said, 0, length, StandardCharsets.ISO_8859_1).contains(awaited)) {
      lastWords.remove();
      link.state().losesAnswer = lastWords.isEmpty();
    }
  }

  /** What was under way arrives now, and all that follows. */
  public synchronized void goOn() {
    cut = false;
    notifyAll();
  }

  /**
   * The network is there again, but has forgotten the connections there were: nothing arrives on
   * them any more, and neither side is told.
   */
  public synchronized void forgetConnections() {
    links.forEach(link -> link.state().lost = true);
    goOn();
  }

  /** The network is there again, and resets the connections there were. */
  public synchronized void resetConnections() throws IOException {
    for (Link link : links) {
      for (Socket socket : List.of(link.near(), link.far())) {
        if (!socket.isClosed()) {
          socket.setSoLinger(true, 0);
        }
      }
      link.close();
    }
    links.clear();
    goOn();
  }

  private void accept() {
    while (true) {
      Socket near;
      try {
        near = entrance.accept();
      } catch (IOException e) {
        return; // the test is over
      }
      Link link = linked(near);
      if (link != null) {
        begin(() -> pass(link, link.near(), link.far()));
        begin(() -> pass(link, link.far(), link.near()));
      }
    }
  }

  private @Nullable Link linked(Socket near) {
    try {
      near.setTcpNoDelay(true);
      var far = new Socket(InetAddress.getLoopbackAddress(), target);
      far.setTcpNoDelay(true);
      var link = new Link(near, far, new State());
      synchronized (this) {
        links.add(link);
      }
      return link;
    } catch (IOException e) {
      try {
        near.close(); // the server is not there
      } catch (IOException gone) {
        e.addSuppressed(gone);
      }
      return null;
    }
  }

  private void pass(Link link, Socket from, Socket to) {
    var buffer = new byte[65_536];
    try {
      int read = from.getInputStream().read(buffer);
      while (read >= 0) {
        if (!passes(link)) {
          return; // it stays open, and nobody reads it any more
        }
        if (from == link.near()) {
          hear(link, buffer, read);
        } else if (link.state().losesAnswer) {
          break;
        }
        to.getOutputStream().write(buffer, 0, read);
        read = from.getInputStream().read(buffer);
      }
    } catch (IOException e) {
      // one of the sides has gone, and the other one is told below
    }
    if (passes(link)) {
      link.close();
    }
  }

  /** Waits while the network is cut; false: it has forgotten this connection. */
  private synchronized boolean passes(Link link) {
    while (cut && !link.state().lost) {
      try {
        wait();
      } catch (InterruptedException e) {
        throw new IllegalStateException("nobody interrupts a network", e);
      }
    }
    return !link.state().lost;
  }

  private static void begin(Runnable work) {
    var thread = new Thread(work, "network");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public synchronized void close() throws IOException {
    entrance.close();
    links.forEach(Link::close);
    links.clear();
    goOn();
  }
}
