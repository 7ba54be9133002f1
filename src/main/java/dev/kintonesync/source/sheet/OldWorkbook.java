package dev.kintonesync.source.sheet;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.DamagedException;
import dev.kintonesync.source.SourceFileReader;
import dev.kintonesync.source.SourceFormat;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.source.Understanding;
import dev.kintonesync.source.text.TableReader;
import java.io.Closeable;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.poi.poifs.crypt.EncryptionInfo;
import org.apache.poi.poifs.filesystem.DirectoryNode;
import org.apache.poi.poifs.filesystem.DocumentEntry;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.jspecify.annotations.Nullable;

/**
 * A workbook of Excel 97 to 2003 ({@code .xls}, BIFF8) with one of its sheets chosen. It is read
 * record by record and never held. Source: [MS-XLS].
 */
public final class OldWorkbook implements Closeable {

  private static final String STREAM = "Workbook";
  private static final String STREAM_OF_EXCEL_95 = "Book";

  private static final int BIFF8 = 0x0600;
  private static final int FILE_PASS = 0x2F;
  private static final int WRITE_PROTECT = 0x86;
  private static final int DATE_1904 = 0x22;
  private static final int BOUND_SHEET = 0x85;
  private static final int FORMAT = 0x41E;
  private static final int XF = 0xE0;
  private static final int SST = 0xFC;

  private static final long LARGEST_DOUBLE_INTEGER = 1L << 53;

  private final Path file;
  private final POIFSFileSystem container;
  private final DocumentEntry stream;
  private final Sheets<Integer> sheets;
  private final SpilledTexts texts = new SpilledTexts();
  private final Map<Integer, String> codes = new HashMap<>();
  private final List<CellFormat> formats = new ArrayList<>();
  private boolean from1904;

  /** By which the records are encrypted; null: they are not. */
  private @Nullable EncryptionInfo key;

  private OldWorkbook(Path file, POIFSFileSystem container, DocumentEntry stream)
      throws IOException {
    this.file = file;
    this.container = container;
    this.stream = stream;
    this.sheets = new Sheets<>(file);
    try {
      long behindKey;
      try (BiffRecords records = new BiffRecords(stream, 0, null)) {
        behindKey = readGlobals(records);
      }
      if (behindKey > 0) {
        try (BiffRecords records = new BiffRecords(stream, behindKey, key)) {
          readRest(records);
        }
      }
    } catch (IOException | RuntimeException e) {
      texts.close();
      throw e;
    }
  }

  /**
   * Opens the sheet that the options name, or the first that is not hidden.
   *
   * @param file as people know it
   * @param content where its content is
   * @throws UserErrorException if it is another document, damaged, has a password, or lacks the
   *     sheet
   */
  public static SourceFileReader open(Path file, Path content, SourceOptions options)
      throws IOException {
    POIFSFileSystem container = null;
    OldWorkbook workbook = null;
    try {
      container = new POIFSFileSystem(content.toFile(), true);
      workbook = new OldWorkbook(file, container, stream(file, container.getRoot()));
      return workbook.reader(options);
    } catch (UserErrorException e) {
      close(container, workbook);
      throw e;
    } catch (IOException | RuntimeException e) {
      close(container, workbook);
      // It lies in a file of our own: what POI stumbles over is in it.
      DamagedException damage =
          e instanceof DamagedException damaged ? damaged : BiffRecords.broken(e);
      throw new UserErrorException(
          MessageCode.FILE_OLD_EXCEL_BROKEN.with(file, DamagedException.why(damage)), e);
    }
  }

  private static void close(@Nullable POIFSFileSystem container, @Nullable OldWorkbook workbook)
      throws IOException {
    if (workbook != null) {
      workbook.texts.close();
    }
    if (container != null) {
      container.close();
    }
  }

  private static DocumentEntry stream(Path file, DirectoryNode root) throws IOException {
    if (root.hasEntryCaseInsensitive(STREAM)
        && root.getEntryCaseInsensitive(STREAM) instanceof DocumentEntry stream) {
      return stream;
    }
    if (root.hasEntryCaseInsensitive(STREAM_OF_EXCEL_95)) {
      throw new UserErrorException(MessageCode.FILE_OLD_EXCEL.with(file));
    }
    throw new UserErrorException(
        MessageCode.FILE_NOT_CSV.with(file, MessageCode.KIND_OFFICE_DOCUMENT.with()));
  }

  private SourceFileReader reader(SourceOptions options) throws IOException {
    Sheets.Sheet<Integer> sheet = sheets.choose(options.sheet());
    // Half of a damaged sheet must not be written: it is read twice, and its rows used then.
    if (!new OldSheetRows(this, sheet, null).readThrough()) {
      sheets.refuseEmpty(sheet);
    }
    return new TableReader(
        file,
        new OldSheetRows(this, sheet, this),
        options,
        SourceFormat.workbook(sheet.name()),
        Understanding.ofSheet(
            new Understanding.Taken<>(
                sheet.name(),
                options.sheet() != null ? Understanding.How.SETTING : Understanding.How.USUAL),
            sheets.visible()));
  }

  /**
   * Reads what holds for all sheets.
   *
   * @return the place behind the record from which on all are encrypted; 0 if none is
   */
  private long readGlobals(BiffRecords records) throws IOException {
    long place = 0;
    for (boolean first = true; records.next(); first = false) {
      place += BiffRecords.HEAD + records.left();
      if (first && (records.kind() != BiffRecords.BOF || records.readShort() != BIFF8)) {
        break;
      } else if (records.kind() == FILE_PASS) {
        key = records.readKey();
        if (ProtectedWorkbook.decryptor(key) != null) {
          return place;
        }
        break;
      } else if (!first && records.kind() != WRITE_PROTECT) {
        readGlobal(records);
        readRest(records);
        return 0;
      }
    }
    throw new UserErrorException(MessageCode.FILE_OLD_EXCEL.with(file));
  }

  private void readRest(BiffRecords records) throws IOException {
    while (records.next() && records.kind() != BiffRecords.EOF) {
      readGlobal(records);
    }
  }

  private void readGlobal(BiffRecords records) throws IOException {
    switch (records.kind()) {
      case DATE_1904 -> from1904 = records.readShort() == 1;
      case BOUND_SHEET -> readSheet(records);
      case FORMAT -> codes.put(records.readShort(), records.readText(records.readShort()));
      case XF -> readFormat(records);
      case SST -> readTexts(records);
      default -> {}
    }
  }

  private void readSheet(BiffRecords records) throws IOException {
    int place = records.readPlainInt();
    boolean visible = (records.readByte() & 3) == 0;
    boolean hasRows = records.readByte() == 0;
    String name = records.readText(records.readByte());
    // a chart, a macro or a module of Visual Basic has no rows
    if (hasRows) {
      sheets.add(name, place, visible);
    }
  }

  private void readFormat(BiffRecords records) throws IOException {
    if (formats.size() >= PackageParts.MOST) {
      throw new DamagedException("more than " + PackageParts.MOST + " formats");
    }
    records.readShort();
    int id = records.readShort();
    String code = codes.get(id);
    formats.add(code == null ? CellFormat.builtIn(id) : CellFormat.of(code));
  }

  private void readTexts(BiffRecords records) throws IOException {
    records.readInt();
    int count = records.readInt();
    while (texts.size() < count && records.hasMore()) {
      texts.add(records.readSharedText());
    }
  }

  /** Opens the records of a sheet. */
  BiffRecords records(Sheets.Sheet<Integer> sheet) throws IOException {
    return new BiffRecords(stream, Integer.toUnsignedLong(sheet.place()), key);
  }

  /** The text with this number among those that cells share, or null. */
  @Nullable String text(int number) throws IOException {
    return texts.get(number);
  }

  /**
   * The number in a cell as it is shown there.
   *
   * @param style the number of the cell's style
   * @return null if it cannot be shown: it is no date
   */
  @Nullable CharSequence shown(double number, int style) {
    if (!Double.isFinite(number)) {
      return null;
    }
    boolean integer = number == Math.rint(number) && Math.abs(number) <= LARGEST_DOUBLE_INTEGER;
    String digits = integer ? new BigDecimal(number).toPlainString() : Double.toString(number);
    CellFormat format = style < formats.size() ? formats.get(style) : CellFormat.GENERAL;
    return format.cell(digits, from1904);
  }

  @Override
  public void close() throws IOException {
    texts.close();
    container.close();
  }
}
