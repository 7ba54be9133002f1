package dev.kintonesync.simulator.rules;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The language of messages. */
public enum Language {
  EN,
  JA;

  /**
   * What the caller asked for with {@code Accept-Language}. The header that Node's fetch sends by
   * itself, {@code *}, counts as none.
   *
   * @param otherwise where the header is absent, unreadable, or names neither language
   */
  public static Language accepted(@Nullable String header, Language otherwise) {
    if (header == null) {
      return otherwise;
    }
    try {
      for (Locale.LanguageRange range : Locale.LanguageRange.parse(header)) {
        if (range.getWeight() > 0) {
          Language language = named(range.getRange());
          if (language != null) {
            return language;
          }
        }
      }
    } catch (IllegalArgumentException unreadable) {
      return otherwise;
    }
    return otherwise;
  }

  private static @Nullable Language named(String tag) {
    for (Language language : List.of(EN, JA)) {
      if (tag.startsWith(language.name().toLowerCase(Locale.ROOT))) {
        return language;
      }
    }
    return null;
  }

  /** The language a setting names: {@code en} or anything else for Japanese. */
  public static Language of(String setting) {
    return setting.startsWith("en") ? EN : JA;
  }

  String choose(String english, String japanese, String... arguments) {
    String text = this == EN ? english : japanese;
    for (int i = 0; i < arguments.length; i++) {
      text = text.replace("{" + i + "}", arguments[i]);
    }
    return text;
  }
}
