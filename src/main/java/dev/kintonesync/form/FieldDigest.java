package dev.kintonesync.form;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.StringJoiner;

/**
 * By what a field is known again: a short hash of all settings that decide whether Kintone takes a
 * value, and what becomes of it. Labels and the place in the form are none of them.
 */
public final class FieldDigest {
  private static final int HEX_DIGITS = 16;

  private FieldDigest() {}

  /** Returns the digest of a field; of a table, that of its inner fields too. */
  public static String of(Field field) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest(text(field).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, HEX_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  private static String text(Field field) {
    var text = new StringJoiner("\n");
    text.add(field.code()).add(field.type().name()).add(String.valueOf(field.writable()));
    text.add(String.valueOf(field.required())).add(String.valueOf(field.unique()));
    text.add(field.minLength() + ".." + field.maxLength());
    text.add(field.minValue() + ".." + field.maxValue());
    text.add(field.precision().toString()).add(field.protocol());
    text.add(String.join("\t", field.options())).add(String.valueOf(field.lookup()));
    field.inner().values().forEach(inner -> text.add(text(inner)));
    return text.toString();
  }
}
