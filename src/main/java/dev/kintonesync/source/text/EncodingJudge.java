package dev.kintonesync.source.text;

import dev.kintonesync.source.Encoding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out the encoding of text that has no mark. UTF-8 and ISO-2022-JP show themselves by their
 * form. Of the others, in which nearly any bytes are some text, each candidate is read and the
 * texts are compared (see {@link Likelihood}); only a Japanese one is ever taken, and only when it
 * is clearly the best. Where none is, words decide that the text may be expected to hold: no chance
 * makes one of them of the bytes of another encoding.
 */
final class EncodingJudge {

  // A UTF-8 file may have a few bad rows; another encoding read as UTF-8 is wrong nearly
  // everywhere.
  private static final int GOOD_PER_BAD = 3;

  // So few characters of two bytes may be valid UTF-8 by chance.
  private static final int FEW = 8;

  // In bits: 7 of them are odds of 128 to 1.
  private static final double CLEARLY = 7;
  private static final double BITS_OF_ANY_BYTE = 7;
  private static final double BITS_OF_ASCII = 5;
  private static final double FOR_UTF_8 = 11;
  private static final double NO_KNOWN_ENCODING = 12;

  private static final int FIRST_HALF_WIDTH = 0xFF61;
  private static final int LAST_HALF_WIDTH = 0xFF9F;
  private static final int LONG_WORD = 4;

  /**
   * An encoding of the files that a user in Japan gets.
   *
   * @param before what stands against it before anything is read, in bits
   */
  private record Candidate(Encoding encoding, Likelihood language, double before) {
    double bits(byte[] sample) {
      return before + language.bits(text(sample, encoding.charset()));
    }
  }

  private static final List<Candidate> CANDIDATES =
      List.of(
          new Candidate(Encoding.SHIFT_JIS, Likelihood.JAPANESE, 0),
          new Candidate(Encoding.EUC_JP, Likelihood.JAPANESE, 3),
          new Candidate(Encoding.CP1252, Likelihood.WESTERN, 5),
          new Candidate(Encoding.GB18030, Likelihood.SIMPLIFIED_CHINESE, 8),
          new Candidate(Encoding.BIG5, Likelihood.TRADITIONAL_CHINESE, 8),
          new Candidate(Encoding.EUC_KR, Likelihood.KOREAN, 8));

  /**
   * What the contents say.
   *
   * @param encoding the one that is taken; null when there is a doubt
   * @param certain whether no other one is possible
   * @param possible those that come into question, the best one first
   */
  record Verdict(@Nullable Encoding encoding, boolean certain, List<Encoding> possible) {
    private Verdict(Encoding encoding, boolean certain) {
      this(encoding, certain, List.of(encoding));
    }
  }

  private record Judged(Encoding encoding, double bits) {}

  private EncodingJudge() {}

  /**
   * Judges the text of a file.
   *
   * @param words what it may be expected to hold, in whatever encoding it is
   */
  static Verdict judge(SeekableByteChannel channel, Set<String> words) throws IOException {
    EncodingSample sample = EncodingSample.of(channel);
    byte[] bytes = sample.bytes();
    if (sample.hasEscapesOnly() && isIso2022Jp(bytes)) {
      return new Verdict(Encoding.ISO_2022_JP, true);
    }
    if (!sample.isBeyondAscii()) {
      return new Verdict(Encoding.UTF_8, true);
    }
    String utf8 = text(bytes, Encoding.UTF_8.charset());
    int bad = strayBytes(utf8);
    long good = utf8.chars().filter(c -> c > 0x7F).count() - bad;
    boolean threeBytes = utf8.chars().anyMatch(c -> c > 0x7FF && !MalformedBytes.isKept((char) c));
    if (bad == 0 && (threeBytes || good > FEW)) {
      return new Verdict(Encoding.UTF_8, true);
    }
    Verdict verdict = compared(bytes, good >= (long) bad * GOOD_PER_BAD ? utf8 : null);
    Encoding known = verdict.encoding() == null ? known(bytes, verdict.possible(), words) : null;
    return known == null ? verdict : new Verdict(known, false, verdict.possible());
  }

  /** The only one of these encodings in which the text has a word; null: none or several have. */
  private static @Nullable Encoding known(
      byte[] sample, List<Encoding> possible, Set<String> words) {
    List<String> telling = words.stream().filter(EncodingJudge::tells).toList();
    List<Encoding> knowing =
        telling.isEmpty()
            ? List.of()
            : possible.stream()
                .filter(encoding -> holds(text(sample, encoding.charset()), telling))
                .toList();
    return knowing.size() == 1 ? knowing.get(0) : null;
  }

  private static boolean holds(String text, List<String> words) {
    return words.stream().anyMatch(text::contains);
  }

  /**
   * Whether a word is more than what any bytes may look like: it has two characters beyond ASCII or
   * is longer. Kana of half width are one byte in Shift_JIS, and tell nothing.
   */
  private static boolean tells(String word) {
    long beyond =
        word.chars().filter(c -> c > 0x7F && (c < FIRST_HALF_WIDTH || c > LAST_HALF_WIDTH)).count();
    return beyond >= 2 || (beyond == 1 && word.length() >= LONG_WORD);
  }

  private static double unicode(String text) {
    double bits = Double.MAX_VALUE;
    for (Candidate candidate : CANDIDATES) {
      bits = Math.min(bits, candidate.language().bits(text));
    }
    return bits - FOR_UTF_8;
  }

  private static Verdict compared(byte[] sample, @Nullable String utf8) {
    List<Judged> all = new ArrayList<>();
    if (utf8 != null) {
      all.add(new Judged(Encoding.UTF_8, unicode(utf8)));
    }
    for (Candidate candidate : CANDIDATES) {
      all.add(new Judged(candidate.encoding(), candidate.bits(sample)));
    }
    all.sort(Comparator.comparingDouble(Judged::bits));
    Judged best = all.get(0);
    double none = NO_KNOWN_ENCODING;
    for (byte b : sample) {
      none += b < 0 ? BITS_OF_ANY_BYTE : BITS_OF_ASCII;
    }
    List<Encoding> possible =
        all.stream()
            .filter(judged -> judged.bits() < best.bits() + CLEARLY)
            .map(Judged::encoding)
            .toList();
    boolean alone = possible.size() == 1;
    if (alone && utf8 != null && best.encoding() == Encoding.UTF_8) {
      return new Verdict(Encoding.UTF_8, strayBytes(utf8) == 0);
    }
    boolean japanese = best.encoding() == Encoding.SHIFT_JIS || best.encoding() == Encoding.EUC_JP;
    boolean clear = japanese && alone && best.bits() + CLEARLY <= none;
    return new Verdict(clear ? best.encoding() : null, false, possible);
  }

  private static boolean isIso2022Jp(byte[] sample) {
    String text = text(sample, Encoding.ISO_2022_JP.charset());
    return text.indexOf('\u001B') < 0 && strayBytes(text) == 0;
  }

  /** How many bytes of the sample are not in this encoding. */
  static int faults(byte[] sample, Charset charset) {
    return strayBytes(text(sample, charset));
  }

  private static int strayBytes(String text) {
    int count = 0;
    char[] chars = text.toCharArray();
    for (int i = MalformedBytes.find(chars, 0, chars.length);
        i >= 0;
        i = MalformedBytes.find(chars, i + 1, chars.length)) {
      count++;
    }
    return count;
  }

  /** The text of these bytes, those that are not in the encoding as {@link MalformedBytes}. */
  private static String text(byte[] sample, Charset charset) {
    CharsetDecoder decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer bytes = ByteBuffer.wrap(sample);
    CharBuffer chars = CharBuffer.allocate(sample.length + 1);
    for (CoderResult result = decoder.decode(bytes, chars, true);
        result.isError();
        result = decoder.decode(bytes, chars, true)) {
      for (int i = 0; i < result.length(); i++) {
        chars.put(MalformedBytes.keep(bytes.get()));
      }
    }
    return chars.flip().toString();
  }
}
