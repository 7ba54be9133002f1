package dev.kintonesync.console.notification;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** The TLS of a mail server before one that has none: from the first byte on, or by STARTTLS. */
final class MailFront implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final SSLContext tls;
  private final boolean startTls;
  private final int behind;

  /**
   * Lets in who is content with the certificate.
   *
   * @param startTls whether in plain until STARTTLS comes
   * @param behind the port of the mail server without TLS
   */
  MailFront(SSLContext tls, boolean startTls, int behind) throws IOException {
    this.tls = tls;
    this.startTls = startTls;
    this.behind = behind;
    threads.execute(this::accept);
  }

  int port() {
    return server.getLocalPort();
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

  private void serve(Socket plain) {
    try (plain) {
      if (startTls) {
        untilStartTls(plain);
      }
      var factory = tls.getSocketFactory();
      try (var client = (SSLSocket) factory.createSocket(plain, null, plain.getPort(), true);
          var there = new Socket(InetAddress.getLoopbackAddress(), behind)) {
        client.setUseClientMode(false);
        client.startHandshake();
        if (startTls) {
          readLine(there.getInputStream()); // the client was greeted in plain
        }
        threads.execute(() -> pipe(there, client));
        pipe(client, there);
      }
    } catch (IOException refused) {
      // whoever was served has hung up
    }
  }

  private static void untilStartTls(Socket plain) throws IOException {
    var in =
        new BufferedReader(
            new InputStreamReader(plain.getInputStream(), StandardCharsets.US_ASCII), 1);
    OutputStream out = plain.getOutputStream();
    say(out, "220 front");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.startsWith("EHLO")) {
        say(out, "250-front\r\n250 STARTTLS");
      } else if (line.equals("STARTTLS")) {
        say(out, "220 go ahead");
        return;
      } else {
        throw new IOException("not in plain: " + line);
      }
    }
    throw new IOException("hung up");
  }

  private static void say(OutputStream out, String line) throws IOException {
    out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private static void readLine(InputStream in) throws IOException {
    for (int letter = in.read(); letter != '\n' && letter >= 0; letter = in.read()) {}
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
