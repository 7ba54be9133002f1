package dev.kintonesync.source.text;

import java.nio.charset.Charset;
import java.util.Arrays;
import org.mozilla.universalchardet.prober.distributionanalysis.Big5DistributionAnalysis;
import org.mozilla.universalchardet.prober.distributionanalysis.EUCJPDistributionAnalysis;
import org.mozilla.universalchardet.prober.distributionanalysis.EUCKRDistributionAnalysis;
import org.mozilla.universalchardet.prober.distributionanalysis.GB2312DistributionAnalysis;

/**
 * How common the characters of a language are, by the tables of juniversalchardet: the most common
 * one has rank 0.
 */
final class CharacterRanks {

  /** The rank of a character that is in no table. */
  static final int NONE = -1;

  private final short[] ranks = new short[Character.MAX_VALUE + 1];

  /** The table of one language: the rank of the character that these two bytes are. */
  private interface Table {
    int rank(byte[] character);
  }

  private CharacterRanks(String charset, Table table) {
    Arrays.fill(ranks, (short) NONE);
    Charset encoding = Charset.forName(charset);
    for (int lead = 0xA1; lead < 0xFF; lead++) {
      for (int trail = 0x40; trail < 0xFF; trail++) {
        byte[] bytes = {(byte) lead, (byte) trail};
        String character = new String(bytes, encoding);
        if (character.length() == 1 && character.charAt(0) != '\uFFFD') {
          ranks[character.charAt(0)] = (short) table.rank(bytes);
        }
      }
    }
  }

  static CharacterRanks japanese() {
    return new CharacterRanks("EUC-JP", new Japanese());
  }

  static CharacterRanks simplifiedChinese() {
    return new CharacterRanks("GB2312", new SimplifiedChinese());
  }

  static CharacterRanks traditionalChinese() {
    return new CharacterRanks("Big5", new TraditionalChinese());
  }

  static CharacterRanks korean() {
    return new CharacterRanks("EUC-KR", new Korean());
  }

  private static int at(int[] orders, int index) {
    return index < 0 || index >= orders.length ? NONE : orders[index];
  }

  /** The rank of a character, or {@link #NONE}. */
  int rank(char c) {
    return ranks[c];
  }

  private static final class Japanese extends EUCJPDistributionAnalysis implements Table {
    @Override
    public int rank(byte[] character) {
      return at(charToFreqOrder, getOrder(character, 0));
    }
  }

  private static final class SimplifiedChinese extends GB2312DistributionAnalysis implements Table {
    @Override
    public int rank(byte[] character) {
      return at(charToFreqOrder, getOrder(character, 0));
    }
  }

  private static final class TraditionalChinese extends Big5DistributionAnalysis implements Table {
    @Override
    public int rank(byte[] character) {
      return at(charToFreqOrder, getOrder(character, 0));
    }
  }

  private static final class Korean extends EUCKRDistributionAnalysis implements Table {
    @Override
    public int rank(byte[] character) {
      return at(charToFreqOrder, getOrder(character, 0));
    }
  }
}
