package dev.kintonesync.form;

import dev.kintonesync.message.Blank;
import dev.kintonesync.message.EditDistance;
import dev.kintonesync.message.MessageCode;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One change to a value on its way from a column to a field, as a map names it. Immutable. */
public sealed interface Step
    permits Step.OfText,
        Step.Pad,
        Step.Default,
        Step.Values,
        Step.Split,
        Step.Join,
        Step.Part,
        Step.Simple,
        NumberStep,
        DateStep {

  /**
   * The value as the next step gets it. Of a list, most steps are given one member after the other.
   *
   * @param value as {@link RawValues#unwrap} gives it
   * @throws ConversionException when the step cannot take it
   */
  @Nullable Object apply(
      @Nullable Object value, Map<String, ? extends @Nullable Object> row, MappingOptions options)
      throws ConversionException;

  /** Whether the step wants a list as a whole. */
  default boolean takesLists() {
    return false;
  }

  /** Whether an empty value may be filled by it. */
  default boolean fillsEmpty() {
    return false;
  }

  /** The steps one after the other. */
  static @Nullable Object all(
      List<Step> steps,
      @Nullable Object value,
      Map<String, ? extends @Nullable Object> row,
      MappingOptions options)
      throws ConversionException {
    Object now = value;
    for (Step step : steps) {
      Iterable<?> list = step.takesLists() ? null : RawValues.list(now);
      if (list == null) {
        now = step.apply(now, row, options);
        continue;
      }
      var members = new ArrayList<@Nullable Object>();
      for (Object member : list) {
        members.add(step.apply(RawValues.unwrap(member), row, options));
      }
      now = members;
    }
    return now;
  }

  /** A change to text; what is no text passes as it is. */
  enum OfText implements Step {
    /** Blanks around a text go, full-width ones too. */
    TRIM,
    /** Full-width letters and digits become ordinary ones, half-width kana full ones. */
    NFKC,
    UPPER,
    LOWER;

    @Override
    public @Nullable Object apply(
        @Nullable Object value,
        Map<String, ? extends @Nullable Object> row,
        MappingOptions options) {
      if (!(value instanceof CharSequence)) {
        return value;
      }
      String text = value.toString();
      return switch (this) {
        case TRIM -> Blank.strip(text);
        case NFKC -> Normalizer.normalize(text, Normalizer.Form.NFKC);
        case UPPER -> text.toUpperCase(Locale.ROOT);
        case LOWER -> text.toLowerCase(Locale.ROOT);
      };
    }
  }

  /** Digits that are too few get zeros in front. */
  record Pad(int length) implements Step {
    @Override
    public @Nullable Object apply(
        @Nullable Object value,
        Map<String, ? extends @Nullable Object> row,
        MappingOptions options) {
      String text = RawValues.text(value);
      return text == null ? value : KeyNormalization.padded(text, length);
    }
  }

  /** An empty value becomes this text. */
  record Default(String text) implements Step {
    @Override
    public @Nullable Object apply(
        @Nullable Object value,
        Map<String, ? extends @Nullable Object> row,
        MappingOptions options) {
      return RawValues.isBlank(value) ? text : value;
    }

    @Override
    public boolean takesLists() {
      return true;
    }

    @Override
    public boolean fillsEmpty() {
      return true;
    }
  }

  /**
   * A text becomes another one.
   *
   * @param table the text to what it becomes, in the order written; the empty text stands for an
   *     empty value, which otherwise stays empty
   * @param otherwise what every other value becomes; null: it is refused
   */
  record Values(Map<String, String> table, @Nullable String otherwise) implements Step {
    public Values {
      table = Collections.unmodifiableMap(new LinkedHashMap<>(table));
    }

    @Override
    public @Nullable Object apply(
        @Nullable Object value, Map<String, ? extends @Nullable Object> row, MappingOptions options)
        throws ConversionException {
      boolean blank = RawValues.isBlank(value);
      String text = blank ? "" : RawValues.text(value);
      String found = text == null ? null : table.get(Blank.strip(text));
      if (found != null || blank) {
        return found == null ? value : found;
      }
      if (otherwise == null) {
        throw new ConversionException(
            MessageCode.STEP_VALUE_NOT_IN_TABLE.with(
                RawValues.excerpt(value),
                EditDistance.sample(String.valueOf(value), List.copyOf(table.keySet()))));
      }
      return otherwise;
    }

    @Override
    public boolean fillsEmpty() {
      return table.containsKey("");
    }
  }

  /** A text becomes the list of the parts between separators, for multiple choices and users. */
  record Split(String separator) implements Step {
    @Override
    public @Nullable Object apply(
        @Nullable Object value,
        Map<String, ? extends @Nullable Object> row,
        MappingOptions options) {
      String text = RawValues.text(value);
      return text == null
          ? value
          : parts(text, separator).stream().filter(part -> !part.isEmpty()).toList();
    }
  }

  /** A list becomes one text. */
  record Join(String separator) implements Step {
    @Override
    public @Nullable Object apply(
        @Nullable Object value, Map<String, ? extends @Nullable Object> row, MappingOptions options)
        throws ConversionException {
      Iterable<?> list = RawValues.list(value);
      if (list == null) {
        return value;
      }
      var texts = new ArrayList<String>();
      for (Object member : list) {
        String text = RawValues.text(RawValues.unwrap(member));
        if (text == null) {
          throw new ConversionException(MessageCode.STEP_NOT_TEXTS.with(RawValues.excerpt(value)));
        }
        texts.add(text);
      }
      return String.join(separator, texts);
    }

    @Override
    public boolean takesLists() {
      return true;
    }
  }

  /** One of the parts of a text between separators, counted from 1; empty where there is none. */
  record Part(int number, String separator) implements Step {
    @Override
    public @Nullable Object apply(
        @Nullable Object value,
        Map<String, ? extends @Nullable Object> row,
        MappingOptions options) {
      String text = RawValues.text(value);
      if (text == null) {
        return value;
      }
      List<String> parts = parts(text, separator);
      return number <= parts.size() ? parts.get(number - 1) : "";
    }
  }

  /** What Camel's Simple language, or whatever stands behind {@link Expressions}, makes of it. */
  record Simple(String text) implements Step {
    @Override
    public @Nullable Object apply(
        @Nullable Object value, Map<String, ? extends @Nullable Object> row, MappingOptions options)
        throws ConversionException {
      return RawValues.unwrap(options.expressions().evaluate(text, value, row));
    }

    @Override
    public boolean takesLists() {
      return true;
    }

    @Override
    public boolean fillsEmpty() {
      return true;
    }
  }

  private static List<String> parts(String text, String separator) {
    return Pattern.compile(Pattern.quote(separator))
        .splitAsStream(Blank.strip(text))
        .map(Blank::strip)
        .toList();
  }
}
