package dev.kintonesync.source;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The encodings that a file may be declared to have. Of those that Microsoft has extended it is
 * always the extended one, which is what every Windows program means by the name.
 */
public enum Encoding {
  UTF_8("utf8", StandardCharsets.UTF_8),
  SHIFT_JIS("sjis", Charset.forName("windows-31j")),
  EUC_JP("euc-jp", Charset.forName("EUC-JP")),
  ISO_2022_JP("iso-2022-jp", Charset.forName("x-windows-iso2022jp")),
  /** In the byte order of its mark; without a mark in the order that the text shows. */
  UTF_16("utf16", StandardCharsets.UTF_16),
  UTF_16LE("utf16le", StandardCharsets.UTF_16LE),
  UTF_16BE("utf16be", StandardCharsets.UTF_16BE),
  /** In the byte order of its mark; without a mark in the order that the text shows. */
  UTF_32("utf32", Charset.forName("UTF-32BE")),
  UTF_32LE("utf32le", Charset.forName("UTF-32LE")),
  CP1252("cp1252", Charset.forName("windows-1252")),
  LATIN1("latin1", StandardCharsets.ISO_8859_1),
  GB18030("gb18030", Charset.forName("GB18030")),
  BIG5("big5", Charset.forName("x-windows-950")),
  EUC_KR("euckr", Charset.forName("x-windows-949"));

  private final String usualName;
  private final Charset charset;

  Encoding(String usualName, Charset charset) {
    this.usualName = usualName;
    this.charset = charset;
  }

  /**
   * The encoding by one of the names that users know, in upper or lower case.
   *
   * @throws UserErrorException naming the known ones
   */
  public static Encoding named(String name) {
    Encoding known = find(name);
    if (known == null) {
      throw new UserErrorException(MessageCode.ENCODING_UNKNOWN.with(name, known()));
    }
    return known;
  }

  private static @Nullable Encoding find(String name) {
    return switch (name.strip().toLowerCase(Locale.ROOT)) {
      case "utf8", "utf-8" -> UTF_8;
      case "sjis",
          "shift_jis",
          "shift-jis",
          "shiftjis",
          "x-sjis",
          "ms_kanji",
          "csshiftjis",
          "windows-31j",
          "cswindows31j",
          "cp932",
          "ms932" ->
          SHIFT_JIS;
      case "euc-jp", "eucjp", "x-euc-jp" -> EUC_JP;
      case "iso-2022-jp", "iso2022jp", "csiso2022jp", "jis" -> ISO_2022_JP;
      case "utf16", "utf-16" -> UTF_16;
      case "utf16le", "utf-16le" -> UTF_16LE;
      case "utf16be", "utf-16be" -> UTF_16BE;
      case "utf32", "utf-32", "utf32be", "utf-32be" -> UTF_32;
      case "utf32le", "utf-32le" -> UTF_32LE;
      case "cp1252", "windows-1252" -> CP1252;
      case "latin1", "iso-8859-1" -> LATIN1;
      case "gb18030", "gbk", "gb2312", "cp936", "x-gbk" -> GB18030;
      case "big5", "cp950", "csbig5" -> BIG5;
      case "euc-kr", "euckr", "cp949", "ks_c_5601-1987", "cseuckr" -> EUC_KR;
      default -> null;
    };
  }

  /**
   * How Java reads what somebody else calls by this name: as {@link #named} does, so that an answer
   * of a server is read like a file, else by Java's own name.
   *
   * @throws IllegalArgumentException if nobody knows it
   */
  public static Charset charsetNamed(String name) {
    Encoding known = find(name);
    return known != null ? known.charset : Charset.forName(name);
  }

  /** The usual name of each encoding, for help and messages: {@code utf8, sjis, euc-jp ...} */
  public static String known() {
    return Arrays.stream(values())
        .map(encoding -> encoding.usualName)
        .collect(Collectors.joining(", "));
  }

  /** The name that users write and read. */
  public String usualName() {
    return usualName;
  }

  /** How Java reads and writes it. */
  public Charset charset() {
    return charset;
  }

  /** The name of an encoding as its standard writes it, for messages. */
  public static String standardName(Charset charset) {
    return switch (charset.name()) {
      case "windows-31j" -> "Shift_JIS";
      case "x-windows-iso2022jp" -> "ISO-2022-JP";
      case "x-windows-950" -> "Big5";
      case "x-windows-949" -> "EUC-KR";
      default -> charset.name();
    };
  }
}
