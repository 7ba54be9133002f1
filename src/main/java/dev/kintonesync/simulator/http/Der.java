package dev.kintonesync.simulator.http;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes the few kinds of ASN.1 values of which a certificate consists, in DER. */
final class Der {
  static final byte[] TRUE = of(0x01, new byte[] {(byte) 0xff});

  private static final DateTimeFormatter UTC_TIME =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Der() {}

  /** A value of a tag, of these parts. */
  static byte[] of(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    value.write(tag);
    int length = content.size();
    if (length > 127) {
      byte[] bytes = BigInteger.valueOf(length).toByteArray();
      int zero = bytes[0] == 0 ? 1 : 0;
      value.write(0x80 | (bytes.length - zero));
      value.write(bytes, zero, bytes.length - zero);
    } else {
      value.write(length);
    }
    value.writeBytes(content.toByteArray());
    return value.toByteArray();
  }

  static byte[] sequence(byte[]... parts) {
    return of(0x30, parts);
  }

  static byte[] set(byte[]... parts) {
    return of(0x31, parts);
  }

  static byte[] integer(BigInteger value) {
    return of(0x02, value.toByteArray());
  }

  static byte[] text(String value) {
    return of(0x0c, value.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] octets(byte[] value) {
    return of(0x04, value);
  }

  /** A string of bits, of which the last ones are not used. */
  static byte[] bits(int unused, byte... value) {
    return of(0x03, new byte[] {(byte) unused}, value);
  }

  /** A moment before 2050. */
  static byte[] time(Instant moment) {
    return of(0x17, UTC_TIME.format(moment).getBytes(StandardCharsets.US_ASCII));
  }

  /** An object identifier: {@code 2.5.4.3}. */
  static byte[] oid(String dotted) {
    String[] arcs = dotted.split("\\.", -1);
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.write(Integer.parseInt(arcs[0]) * 40 + Integer.parseInt(arcs[1]));
    for (int i = 2; i < arcs.length; i++) {
      int arc = Integer.parseInt(arcs[i]);
      for (int shift = 28; shift > 0; shift -= 7) {
        if (arc >>> shift > 0) {
          content.write(0x80 | (arc >>> shift & 0x7f));
        }
      }
      content.write(arc & 0x7f);
    }
    return of(0x06, content.toByteArray());
  }
}
