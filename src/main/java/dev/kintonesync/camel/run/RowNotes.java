package dev.kintonesync.camel.run;

import dev.kintonesync.form.MappedRow;
import dev.kintonesync.form.Mapping;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.Position;
import dev.kintonesync.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** What Kintone does not keep as the source has it. For one thread at a time. */
final class RowNotes {
  private long count;
  private @Nullable UserMessage first;

  /** Takes in what is to be said of a row. */
  void add(SourceRecord source, Mapping mapping, MappedRow mapped) {
    for (var note : mapped.notes()) {
      add(source.place(note.row()), note.message());
    }
    for (var note : InexactNumbers.elsewhere(mapping, source)) {
      add(source.position(), note);
    }
  }

  private void add(Position place, UserMessage note) {
    first = count++ == 0 ? MessageCode.NOTE_IN_ROW.with(place, note) : first;
  }

  /** All of it in one sentence; null when there is nothing. */
  @Nullable UserMessage inWords() {
    return first == null ? null : MessageCode.VALUES_NOTED.with(count, first);
  }
}
