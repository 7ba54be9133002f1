package dev.kintonesync.simulator.state;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record as it is kept. It never changes: an update stores another one under the same id, so that
 * a reader may go on with the one it has. All but its id is held as bytes and read when it is asked
 * for: a rehearsal may have millions of records.
 */
public final class StoredRecord {
  private final long id;
  private final byte[] content;
  private final List<StoredFile> files;

  /**
   * A record of these values.
   *
   * @param revision 1 for a new record
   * @param creator the creator's login name; likewise {@code modifier}
   * @param created to the minute; likewise {@code updated}
   * @param cells the values by slot, in the shapes of {@link FieldType.Shape}. It may be shorter
   *     than the form has slots: fields that came later are empty
   */
  public StoredRecord(
      long id,
      long revision,
      String creator,
      Instant created,
      String modifier,
      Instant updated,
      @Nullable Object[] cells) {
    List<StoredFile> attached = new ArrayList<>(0);
    CellEncoder encoder = new CellEncoder(attached);
    encoder.number(revision);
    encoder.instant(created);
    encoder.instant(updated);
    encoder.cell(creator);
    encoder.cell(modifier);
    encoder.cells(cells);
    this.id = id;
    this.content = encoder.toBytes();
    this.files = List.copyOf(attached);
  }

  private CellDecoder decoder() {
    return new CellDecoder(content, files);
  }

  /** The files in its cells. */
  List<StoredFile> files() {
    return files;
  }

  /** How many bytes the files in its cells have. */
  public long bytesOfFiles() {
    return files.stream().mapToLong(file -> file.content().length).sum();
  }

  /** The record's number. */
  public long id() {
    return id;
  }

  /** How often it was written, 1 for a new record. */
  public long revision() {
    return decoder().number();
  }

  /** When it was added. */
  public Instant created() {
    CellDecoder decoder = decoder();
    decoder.number();
    return decoder.instant();
  }

  /** When it was last written. */
  public Instant updated() {
    CellDecoder decoder = decoder();
    decoder.number();
    decoder.instant();
    return decoder.instant();
  }

  /** The login name of who added it. */
  public String creator() {
    return String.valueOf(people().cell());
  }

  /** The login name of who wrote it last. */
  public String modifier() {
    CellDecoder decoder = people();
    decoder.skip();
    return String.valueOf(decoder.cell());
  }

  private CellDecoder people() {
    CellDecoder decoder = decoder();
    decoder.number();
    decoder.instant();
    decoder.instant();
    return decoder;
  }

  private CellDecoder values() {
    CellDecoder decoder = people();
    decoder.skip();
    decoder.skip();
    return decoder;
  }

  /** The values by slot, in an array of the caller's own. */
  public @Nullable Object[] cells() {
    return values().cells();
  }

  /** The value of a field outside tables, null when empty. Not for system fields. */
  public @Nullable Object cell(FormField field) {
    CellDecoder decoder = values();
    for (int slot = 0; slot < field.slot() && decoder.hasNext(); slot++) {
      decoder.skip();
    }
    return decoder.hasNext() ? decoder.cell() : null;
  }
}
