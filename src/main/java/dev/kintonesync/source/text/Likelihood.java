package dev.kintonesync.source.text;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How well a text fits a language, as the number of bits that it takes to write it down when common
 * characters take few of them: the fewer, the likelier. So the same bytes, read in several
 * encodings, can be compared.
 */
final class Likelihood {

  static final Likelihood JAPANESE = new Likelihood(CharacterRanks::japanese);
  static final Likelihood SIMPLIFIED_CHINESE = new Likelihood(CharacterRanks::simplifiedChinese);
  static final Likelihood TRADITIONAL_CHINESE = new Likelihood(CharacterRanks::traditionalChinese);
  static final Likelihood KOREAN = new Likelihood(CharacterRanks::korean);
  static final Likelihood WESTERN = new Likelihood(null);

  private static final double ASCII = 5;
  private static final double CONTROL = 15;
  private static final double FAULT = 30;
  // Half-width kana are 46 signs that follow each other in words of several.
  private static final double KANA = 5.5;
  private static final double FIRST_KANA = 9;
  private static final double KANA_OUT_OF_PLACE = 14;
  private static final double BEYOND_TABLE = 19;
  private static final double PRIVATE = 24;
  private static final double OTHER = 14;
  private static final double EXTENSION = 12;
  // A character of the Far East beside a small letter of ours, or a kana between two letters.
  private static final double INSIDE_A_WORD = 4;
  private static final double ACCENTED = 6;
  private static final double ACCENTED_CAPITAL = 8;
  private static final double WESTERN_SIGN = 9;
  private static final double APART_FROM_LETTERS = 6;
  private static final double IN_A_ROW = 5;

  // Beyond JIS X 0208 and in every address list of Japan all the same.
  private static final String COMMON_EXTENSIONS = "①②③④⑤⑥⑦⑧⑨⑩㈱㈲㈹№℡髙﨑";
  private static final String COMMON_ACCENTED = "äöüßéèàçùêâîôûëïñáíóúãõåøæ";
  private static final String COMMON_SIGNS = "’‘“”–—•€«»°£§®©ª¿¡´\u00A0…™";
  private static final String VOICED = "ｳｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎﾜ";
  private static final String SEMIVOICED = "ﾊﾋﾌﾍﾎ";

  // Null for Western text, which no table ranks.
  private final @Nullable Supplier<CharacterRanks> source;
  private volatile @Nullable CharacterRanks ranks;

  private Likelihood(@Nullable Supplier<CharacterRanks> source) {
    this.source = source;
  }

  /** The bits of this text, in which the bytes that were no characters are stray ones. */
  double bits(String text) {
    double bits = 0;
    char[] chars = text.toCharArray();
    char before = '\n';
    for (int i = 0; i < chars.length; i++) {
      char c = chars[i];
      bits +=
          c >= ' ' && c < 0x80
              ? ASCII // as most are, and without a call
              : bits(c, before, i + 1 == chars.length ? '\n' : chars[i + 1]);
      before = c;
    }
    return bits;
  }

  private double bits(char c, char before, char after) {
    if (c < 0x80) {
      return c < ' ' && c != '\t' && c != '\n' && c != '\r' ? CONTROL : ASCII;
    }
    if (Character.isSurrogate(c)) {
      return MalformedBytes.isKept(c) && !Character.isHighSurrogate(before)
          ? FAULT
          : BEYOND_TABLE / 2;
    }
    if (c < 0xA0) {
      return PRIVATE;
    }
    if (source == null) {
      return western(c, before, after);
    }
    return isHalfWidthKana(c) ? kana(c, before, after) : ranked(c, before, after);
  }

  private static double western(char c, char before, char after) {
    boolean capital = Character.isUpperCase(c);
    boolean common = COMMON_ACCENTED.indexOf(Character.toLowerCase(c)) >= 0;
    if (c == '’' && isLetter(before) && isLetter(after)) {
      return ACCENTED;
    }
    if (!common) {
      return COMMON_SIGNS.indexOf(c) >= 0 ? WESTERN_SIGN : OTHER;
    }
    boolean apart = !isLetter(before) && !isLetter(after);
    return (capital ? ACCENTED_CAPITAL : ACCENTED)
        + (apart ? APART_FROM_LETTERS : 0)
        + (before >= 0x80 ? IN_A_ROW : 0);
  }

  private static boolean isLetter(char c) {
    return c < 0x80 && Character.isLetter(c);
  }

  private static boolean isSmall(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isHalfWidthKana(char c) {
    return c >= '｡' && c <= 'ﾟ';
  }

  private static double kana(char c, char before, char after) {
    boolean wellPlaced =
        switch (c) {
          case 'ﾞ' -> VOICED.indexOf(before) >= 0;
          case 'ﾟ' -> SEMIVOICED.indexOf(before) >= 0;
          case 'ｧ', 'ｨ', 'ｩ', 'ｪ', 'ｫ' -> "ﾌｳｸﾃﾄﾞﾂｼﾁｼﾞ".indexOf(before) >= 0;
          case 'ｬ', 'ｭ', 'ｮ' -> "ｷｼﾁﾆﾋﾐﾘﾞﾟ".indexOf(before) >= 0;
          case 'ｯ', 'ｰ' -> isHalfWidthKana(before) && before > 'ｯ';
          case '｡', '｢', '｣', '､', '･', 'ｦ' -> false;
          default -> true;
        };
    if (!wellPlaced) {
      return KANA_OUT_OF_PLACE;
    }
    double bits = isHalfWidthKana(before) ? KANA : FIRST_KANA;
    return isLetter(before) && isLetter(after) ? bits + INSIDE_A_WORD : bits;
  }

  private double ranked(char c, char before, char after) {
    int rank = ranks().rank(c);
    if (rank != CharacterRanks.NONE) {
      // Characters are about as common as one over their rank.
      double bits = Math.log(5.7 * (rank + 20)) / Math.log(2);
      return bits + (isSmall(before) ? INSIDE_A_WORD : 0) + (isSmall(after) ? INSIDE_A_WORD : 0);
    }
    if (this == JAPANESE && COMMON_EXTENSIONS.indexOf(c) >= 0) {
      return EXTENSION;
    }
    if (c >= '\uE000' && c <= '\uF8FF') {
      return PRIVATE;
    }
    return Character.isIdeographic(c) || (c >= '가' && c <= '힣') ? BEYOND_TABLE : OTHER;
  }

  private CharacterRanks ranks() {
    CharacterRanks known = ranks;
    if (known == null) {
      known = Objects.requireNonNull(source, "a table").get();
      ranks = known;
    }
    return known;
  }
}
