package dev.kintonesync.promises;

import dev.kintonesync.HostileServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/** What a server does that is broken or means harm, instead of answering. */
enum Misbehaviour {
  SAYS_NOTHING,
  DRIPS_ITS_BODY,
  DRIPS_CHUNKS,
  DRIPS_ONE_HEADER_LINE,
  DRIPS_HEADERS,
  FLOODS_WITH_1XX,
  HEADER_LINE_WITHOUT_END,
  HEADERS_WITHOUT_END,
  BODY_WITHOUT_END,
  PACKED_BODY_WITHOUT_END,
  PROMISES_MORE_THAN_IT_SENDS,
  PROMISES_LESS_THAN_IT_SENDS,
  DEEP_JSON,
  MANY_SMALL_NODES,
  A_NUMBER_OF_A_MILLION_DIGITS,
  NO_UTF_8,
  NO_HTTP;

  static final String JSON = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
  private static final String CHUNKED = JSON + "Transfer-Encoding: chunked\r\n";
  private static final String CLOSE = "Connection: close\r\n\r\n";
  private static final String SPACES = " ".repeat(65_536);

  /** Does it; returns when it is done or nobody reads any more. */
  void answer(HostileServer server, OutputStream out) throws IOException {
    switch (this) {
      case SAYS_NOTHING -> server.hang();
      case DRIPS_ITS_BODY -> drip(server, out, JSON + "Content-Length: 1000000\r\n\r\n{", " ", 20);
      case DRIPS_CHUNKS -> drip(server, out, CHUNKED + "\r\n", "1\r\n \r\n", 20);
      case DRIPS_ONE_HEADER_LINE -> drip(server, out, JSON + "X-Long: ", "x", 20);
      case DRIPS_HEADERS -> drip(server, out, JSON, "X-Many: x\r\n", 20);
      case FLOODS_WITH_1XX -> drip(server, out, "", "HTTP/1.1 102 Processing\r\n\r\n", 0);
      case HEADER_LINE_WITHOUT_END -> drip(server, out, JSON + "X-Long: ", SPACES, 0);
      case HEADERS_WITHOUT_END -> drip(server, out, JSON, "X-Many: x\r\n".repeat(1000), 0);
      case BODY_WITHOUT_END ->
          drip(server, out, CHUNKED + "\r\n", "10000\r\n" + SPACES + "\r\n", 0);
      case PACKED_BODY_WITHOUT_END -> packed(out);
      case PROMISES_MORE_THAN_IT_SENDS -> write(out, JSON + "Content-Length: 9999\r\n\r\n{}");
      case PROMISES_LESS_THAN_IT_SENDS ->
          write(out, JSON + "Content-Length: 1\r\n" + CLOSE + "{\"records\": []}");
      case DEEP_JSON -> write(out, JSON + CLOSE + "{\"records\": " + "[".repeat(500_000));
      case MANY_SMALL_NODES ->
          write(out, JSON + CLOSE + "{\"records\": [" + "[],".repeat(5_000_000) + "[]]}");
      case A_NUMBER_OF_A_MILLION_DIGITS ->
          write(out, JSON + CLOSE + "{\"records\": [" + "9".repeat(1_000_000) + "]}");
      case NO_UTF_8 -> write(out, JSON + CLOSE + "{\"records\": [\"\u00ff\u00fe\"]}");
      case NO_HTTP -> write(out, "220 smtp.example.com ESMTP\r\n");
    }
  }

  private static void drip(
      HostileServer server, OutputStream out, String first, String again, long pause)
      throws IOException {
    write(out, first);
    server.drip(out, again, pause);
  }

  private static void packed(OutputStream out) throws IOException {
    write(out, JSON + "Content-Encoding: gzip\r\n" + CLOSE);
    out.write(Packed.GIGABYTE);
    out.flush();
  }

  /** What takes seconds to pack is packed once, and is there when somebody asks. */
  private static final class Packed {
    /** A gigabyte of spaces, which is a megabyte on the line. */
    static final byte[] GIGABYTE = gigabyte();

    private static byte[] gigabyte() {
      var packed = new ByteArrayOutputStream();
      try (var packing = new GZIPOutputStream(packed)) {
        byte[] spaces = SPACES.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < 16_384; i++) {
          packing.write(spaces);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return packed.toByteArray();
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }
}
