package dev.kintonesync.form;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import org.jspecify.annotations.Nullable;

/** What a form that somebody has changed means for rows that were mapped before. */
public final class FormChange {
  private FormChange() {}

  /**
   * Why mapped rows cannot be written any more, for people; null when they can. A field that became
   * required, or whose options or lengths are others, is no obstacle: that is judged row by row.
   *
   * @param mapping the mapping, by the form as it was
   * @param now the form as it is
   */
  public static @Nullable UserMessage obstacle(Mapping mapping, Form now) {
    for (Field field : mapping.fields()) {
      Field changed = now.field(field.code());
      if (changed == null) {
        return MessageCode.FIELD_GONE_MEANWHILE.with(field.name(), now.app());
      } else if (changed.type() != field.type()) {
        return MessageCode.FIELD_OF_OTHER_TYPE_MEANWHILE.with(
            field.name(), now.app(), field.type().name(), changed.type().name());
      }
      UserMessage readOnly = changed.readOnlyReason();
      if (readOnly != null) {
        return MessageCode.FIELD_READ_ONLY_MEANWHILE.with(field.name(), now.app(), readOnly);
      }
    }
    try {
      now.requireKey(mapping.key().code());
      return null;
    } catch (UserErrorException e) {
      return MessageCode.KEY_UNFIT_MEANWHILE.with(e.reason());
    }
  }
}
