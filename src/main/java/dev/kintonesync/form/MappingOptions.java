package dev.kintonesync.form;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a job says of its mapping besides which column goes where.
 *
 * @param conversion what values mean
 * @param keys how keys are made alike
 * @param check which keys are not taken for what they say
 * @param keepsEmpty whether an empty value leaves its field as it is instead of clearing it
 * @param besides columns that are for something else than a field, which nobody need find
 * @param expressions the language of expressions in the map
 * @param tables how the rows of tables go together
 * @param grouped whether several rows of the source make one record, so that columns may fill the
 *     cells of a table
 * @param former the form when the job last ran well; null: not known
 */
public record MappingOptions(
    Conversion conversion,
    KeyNormalization keys,
    KeyCheck check,
    boolean keepsEmpty,
    Set<String> besides,
    Expressions expressions,
    TableOptions tables,
    boolean grouped,
    @Nullable FormerForm former) {

  /** Kintone's own formats, Japanese time, keys as they are, and empty values clear. */
  public static final MappingOptions DEFAULT =
      new MappingOptions(
          Conversion.DEFAULT,
          KeyNormalization.DEFAULT,
          KeyCheck.DEFAULT,
          false,
          Set.of(),
          Expressions.NONE,
          TableOptions.DEFAULT,
          false,
          null);

  public MappingOptions {
    besides = Set.copyOf(besides);
  }

  /** Returns these options for a source whose rows make records in groups, or do not. */
  public MappingOptions grouped(boolean inGroups) {
    return new MappingOptions(
        conversion, keys, check, keepsEmpty, besides, expressions, tables, inGroups, former);
  }
}
