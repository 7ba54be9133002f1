package dev.kintonesync.source.sheet;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.Shown;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.DamagedException;
import dev.kintonesync.source.Decompressed;
import dev.kintonesync.source.SourceFileReader;
import dev.kintonesync.source.SourceFormat;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.source.text.TableReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * An Excel workbook ({@code .xlsx}) with one of its sheets chosen. Source of its parts: ECMA-376
 * part 1 (SpreadsheetML).
 */
public final class Workbook implements Closeable {

  private static final String TYPES = "[Content_Types].xml";

  /** More sheets, or formats of cells, than Excel makes (65,490 formats); all are in memory. */
  private static final int MOST_PARTS = 1 << 16;

  private final Path file;
  private final ZipFile zip;
  private final String folder;
  private final List<Sheet> sheets = new ArrayList<>();
  private final Map<String, String> partById = new HashMap<>();
  private final SpilledTexts texts = new SpilledTexts();
  private final List<CellFormat> formats = new ArrayList<>();
  private boolean from1904;
  private @Nullable String textsPart;
  private @Nullable String stylesPart;

  private record Sheet(String name, String id, boolean visible) {}

  private Workbook(Path file, ZipFile zip, String part) throws IOException {
    this.file = file;
    this.zip = zip;
    this.folder = part.substring(0, part.lastIndexOf('/') + 1);
    readRelations(folder + "_rels/" + part.substring(folder.length()) + ".rels");
    readSheets(part);
    readFormats();
    readTexts();
  }

  /** Whether an archive is a document of an Office program. */
  public static boolean is(ZipFile zip) {
    return zip.getEntry(TYPES) != null;
  }

  /**
   * Opens the sheet that the options name, or the first that is not hidden. The reader closes the
   * archive.
   *
   * @throws UserErrorException if it is another document, damaged, or lacks the sheet
   */
  public static SourceFileReader open(Path file, ZipFile zip, SourceOptions options)
      throws IOException {
    try {
      Workbook workbook = new Workbook(file, zip, mainPart(zip));
      try {
        Sheet sheet = workbook.sheet(options.sheet());
        String part = workbook.partById.get(sheet.id());
        if (part == null) {
          throw new DamagedException("the sheet " + Shown.name(sheet.name()) + " is not in it");
        }
        workbook.checked(part).close();
        // Half of a damaged sheet must not be written: it is read twice, and its rows used then.
        new SheetRows(workbook, part, sheet.name(), null).readThrough();
        return new TableReader(
            file,
            new SheetRows(workbook, part, sheet.name(), workbook),
            options,
            SourceFormat.workbook(sheet.name()));
      } catch (IOException | RuntimeException e) {
        workbook.texts.close();
        throw e;
      }
    } catch (IOException e) {
      if (DamagedException.is(e)) {
        throw new UserErrorException(
            MessageCode.FILE_WORKBOOK_BROKEN.with(file, DamagedException.why(e)), e);
      }
      throw e;
    }
  }

  private static String mainPart(ZipFile zip) throws IOException {
    String part = "xl/workbook.xml";
    if (zip.getEntry(part) == null && zip.getEntry("_rels/.rels") != null) {
      try (XmlPart relations = new XmlPart(zip, "_rels/.rels")) {
        while (relations.nextStart("Relationship")) {
          String target = relations.attribute("Target");
          if (target != null && ends(relations.attribute("Type"), "/officeDocument")) {
            part = target.startsWith("/") ? target.substring(1) : target;
          }
        }
      }
    }
    return part;
  }

  private XmlPart checked(String part) throws IOException {
    ZipEntry entry = zip.getEntry(part);
    if (entry != null) {
      Decompressed.check(file, zip, entry);
    }
    return new XmlPart(zip, part);
  }

  private static boolean ends(@Nullable String type, String ending) {
    return type != null && type.endsWith(ending);
  }

  private void readRelations(String part) throws IOException {
    try (XmlPart relations = checked(part)) {
      while (relations.nextStart("Relationship")) {
        String id = relations.attribute("Id");
        String target = relations.attribute("Target");
        String type = relations.attribute("Type");
        if (id == null || target == null) {
          continue;
        }
        String path = target.startsWith("/") ? target.substring(1) : folder + target;
        refuseMore(partById.size());
        partById.put(id, path);
        textsPart = ends(type, "/sharedStrings") ? path : textsPart;
        stylesPart = ends(type, "/styles") ? path : stylesPart;
      }
    }
  }

  private void readSheets(String part) throws IOException {
    try (XmlPart book = checked(part)) {
      while (book.next()) {
        if (book.starts("workbookPr")) {
          from1904 = isTrue(book.attribute("date1904"));
        } else if (book.starts("sheet")) {
          String name = book.attribute("name");
          String id = book.attribute("id");
          if (name != null && id != null) {
            String state = book.attribute("state");
            refuseMore(sheets.size());
            sheets.add(new Sheet(name, id, state == null || state.equals("visible")));
          }
        }
      }
    }
    if (sheets.isEmpty()) {
      throw new DamagedException("it has no sheets");
    }
  }

  private static void refuseMore(int parts) throws DamagedException {
    if (parts >= MOST_PARTS) {
      throw new DamagedException("more than " + MOST_PARTS + " sheets or formats");
    }
  }

  private static boolean isTrue(@Nullable String value) {
    return "1".equals(value) || "true".equals(value);
  }

  private void readFormats() throws IOException {
    if (stylesPart == null || zip.getEntry(stylesPart) == null) {
      return;
    }
    Map<Integer, String> codes = new HashMap<>();
    String within = "";
    try (XmlPart styles = checked(stylesPart)) {
      while (styles.next()) {
        if (styles.starts("numFmts") || styles.starts("cellXfs")) {
          within = styles.name();
        } else if (styles.ends(within)) {
          within = "";
        } else if (within.equals("numFmts") && styles.starts("numFmt")) {
          String code = styles.attribute("formatCode");
          refuseMore(codes.size());
          codes.put(number(styles.attribute("numFmtId")), code == null ? "General" : code);
        } else if (within.equals("cellXfs") && styles.starts("xf")) {
          int id = number(styles.attribute("numFmtId"));
          String code = codes.get(id);
          refuseMore(formats.size());
          formats.add(code == null ? CellFormat.builtIn(id) : CellFormat.of(code));
        }
      }
    }
  }

  private static int number(@Nullable String text) {
    return text == null || !text.matches("[0-9]{1,9}") ? 0 : Integer.parseInt(text);
  }

  private void readTexts() throws IOException {
    if (textsPart == null || zip.getEntry(textsPart) == null) {
      return;
    }
    try (XmlPart strings = checked(textsPart)) {
      while (strings.nextStart("si")) {
        texts.add(strings.stringItem());
      }
    } catch (IOException e) {
      texts.close();
      throw e;
    }
  }

  private Sheet sheet(@Nullable String named) {
    for (Sheet sheet : sheets) {
      if (named == null ? sheet.visible() : sheet.name().equals(named)) {
        return sheet;
      }
    }
    if (named == null) {
      return sheets.get(0);
    }
    throw new UserErrorException(
        MessageCode.SHEET_MISSING.with(
            file, named, Shown.names(sheets.stream().map(Sheet::name).toList())));
  }

  /** Opens a part of the package. */
  XmlPart part(String name) throws IOException {
    return new XmlPart(zip, name);
  }

  /** The text with this number among those that cells share, or null. */
  @Nullable String text(String number) throws IOException {
    return number.matches("[0-9]{1,9}") ? texts.get(Integer.parseInt(number)) : null;
  }

  /**
   * The number in a cell as it is shown there.
   *
   * @param style the style of the cell, or null
   * @return null if the number cannot be shown: it is none, or no date
   */
  @Nullable String shown(String number, @Nullable String style) {
    int index = number(style);
    CellFormat format = index < formats.size() ? formats.get(index) : CellFormat.GENERAL;
    return format.show(number, from1904);
  }

  @Override
  public void close() throws IOException {
    texts.close();
    zip.close();
  }
}
