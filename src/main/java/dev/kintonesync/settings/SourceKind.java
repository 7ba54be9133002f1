package dev.kintonesync.settings;

import java.util.Arrays;
import java.util.function.Function;

/**
 * The kinds of source, in the order in which documents name them. A new kind is a line here, a
 * {@link KindBlock} that reads its properties, and a case of {@link Source.Cases}, by which the
 * compiler names every place that has to decide about it.
 */
enum SourceKind {
  FOLDER("folder", FolderBlock::new),
  DATABASE("database", DatabaseBlock::new),
  API("api", ApiBlock::new),
  KINTONE("kintone", KintoneBlock::new),
  KAFKA("kafka", KafkaBlock::new);

  private final String word;

  @SuppressWarnings("ImmutableEnumChecker") // a constructor
  private final Function<SourceBlock, KindBlock> block;

  SourceKind(String word, Function<SourceBlock, KindBlock> block) {
    this.word = word;
    this.block = block;
  }

  /** Returns what stands in {@code job.NAME.source}. */
  String word() {
    return word;
  }

  /** Returns what may stand in {@code job.NAME.source}. */
  static String[] words() {
    return Arrays.stream(values()).map(SourceKind::word).toArray(String[]::new);
  }

  /** Returns the kind of a word that was checked. */
  static SourceKind of(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst().orElseThrow();
  }

  /** Returns what reads the properties of this kind. */
  KindBlock block(SourceBlock shared) {
    return block.apply(shared);
  }
}
