package dev.kintonesync.camel.run;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.Shown;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.Understanding;
import org.jspecify.annotations.Nullable;

/** Says what a file was taken for, and why, so that a wrong guess is seen at the first run. */
public final class Understood {
  private Understood() {}

  /** One sentence about the file. */
  public static UserMessage sentence(Understanding file) {
    var header =
        file.header() == 0
            ? MessageCode.UNDERSTOOD_NO_HEADER.with()
            : MessageCode.UNDERSTOOD_HEADER.with(
                (file.sheet() == null ? MessageCode.ROW_POSITION : MessageCode.ROW_NUMBER)
                    .with(file.header()));
    if (file.sheet() != null && file.encoding() != null) {
      return MessageCode.UNDERSTOOD_PAGE.with(why(file.encoding()), why(file.sheet()), header);
    }
    if (file.sheet() != null) {
      return MessageCode.UNDERSTOOD_SHEET.with(why(file.sheet()), header);
    }
    UserMessage encoding = why(file.encoding());
    return file.delimiter() == null
        ? MessageCode.UNDERSTOOD_JSON.with(encoding)
        : MessageCode.UNDERSTOOD_TEXT.with(encoding, why(file.delimiter()), header);
  }

  private static UserMessage why(Understanding.@Nullable Taken<?> taken) {
    if (taken == null) {
      return MessageCode.UNDERSTOOD_USUAL.with("-");
    }
    String value = taken.value().equals('\t') ? "tab" : Shown.name(String.valueOf(taken.value()));
    var text =
        switch (taken.how()) {
          case SETTING -> MessageCode.UNDERSTOOD_SETTING;
          case MARK -> MessageCode.UNDERSTOOD_MARK;
          case CERTAIN -> MessageCode.UNDERSTOOD_CERTAIN;
          case GUESS -> MessageCode.UNDERSTOOD_GUESS;
          case NAME -> MessageCode.UNDERSTOOD_NAME;
          case USUAL -> MessageCode.UNDERSTOOD_USUAL;
        };
    return text.with(value);
  }
}
