package dev.kintonesync.source;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The encodings that a file may be declared to have. */
public enum Encoding {
  UTF_8("utf8", StandardCharsets.UTF_8),
  /** Always Microsoft's Shift_JIS, which is what every Windows program means by the word. */
  SHIFT_JIS("sjis", Charset.forName("windows-31j")),
  EUC_JP("euc-jp", Charset.forName("EUC-JP")),
  /** In the byte order of its mark; without a mark in the order that the text shows. */
  UTF_16("utf16", StandardCharsets.UTF_16),
  UTF_16LE("utf16le", StandardCharsets.UTF_16LE),
  UTF_16BE("utf16be", StandardCharsets.UTF_16BE),
  LATIN1("latin1", StandardCharsets.ISO_8859_1);

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
    return switch (name.strip().toLowerCase(Locale.ROOT)) {
      case "utf8", "utf-8" -> UTF_8;
      case "sjis", "shift_jis", "shift-jis", "shiftjis", "windows-31j", "cp932", "ms932" ->
          SHIFT_JIS;
      case "euc-jp", "eucjp" -> EUC_JP;
      case "utf16", "utf-16" -> UTF_16;
      case "utf16le", "utf-16le" -> UTF_16LE;
      case "utf16be", "utf-16be" -> UTF_16BE;
      case "latin1", "iso-8859-1" -> LATIN1;
      default -> throw new UserErrorException(MessageCode.ENCODING_UNKNOWN.with(name, known()));
    };
  }

  /** The usual name of each encoding, for help and messages: {@code utf8, sjis, euc-jp ...} */
  public static String known() {
    return Arrays.stream(values())
        .map(encoding -> encoding.usualName)
        .collect(Collectors.joining(", "));
  }

  /** How Java reads and writes it. */
  public Charset charset() {
    return charset;
  }
}
