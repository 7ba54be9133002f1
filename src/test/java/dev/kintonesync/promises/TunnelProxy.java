package dev.kintonesync.promises;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP proxy as offices have it: it tunnels TLS for whoever logs in. */
public final class TunnelProxy implements AutoCloseable {
  private final ServerSocket server;
  private final String login;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger tunnels = new AtomicInteger();

  /** A proxy that opens to {@code name:password}. */
  public TunnelProxy(String pair) throws IOException {
    byte[] bytes = pair.getBytes(StandardCharsets.UTF_8);
    login = "Proxy-Authorization: Basic " + Base64.getEncoder().encodeToString(bytes);
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  /** Where it is. */
  public String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /** How many tunnels were opened. */
  public int tunnels() {
    return tunnels.get();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        threads.execute(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      var head =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1), 1);
      for (String asked = head.readLine(); asked != null; asked = head.readLine()) {
        boolean known = false;
        for (String line = head.readLine();
            line != null && !line.isEmpty();
            line = head.readLine()) {
          known |= line.equals(login);
        }
        if (known) {
          tunnel(client, asked.split(" ")[1].split(":"));
          return;
        }
        answer(
            client,
            "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"office\""
                + "\r\nContent-Length: 0");
      }
    } catch (IOException gone) {
      // whoever was served has hung up
    }
  }

  private void tunnel(Socket client, String[] target) throws IOException {
    try (var there = new Socket(target[0], Integer.parseInt(target[1]))) {
      answer(client, "200 Connection established");
      tunnels.incrementAndGet();
      threads.execute(() -> pipe(there, client));
      pipe(client, there);
    }
  }

  private static void answer(Socket client, String words) throws IOException {
    client
        .getOutputStream()
        .write(("HTTP/1.1 " + words + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void pipe(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException gone) {
      // the other end has hung up
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
  }
}
