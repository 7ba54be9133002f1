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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * An Excel workbook ({@code .xlsx}) with one of its sheets chosen. Source of its parts: ECMA-376
 * part 1 (SpreadsheetML).
 */
public final class Workbook implements Closeable {

  private static final String USUAL_PART = "xl/workbook.xml";

  /** More formats of cells than Excel makes (65,490 formats); all are in memory. */
  private static final int MOST_PARTS = PackageParts.MOST;

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  private final ZipFile zip;
  private final PackageParts parts;
  private final Sheets<String> sheets;
  private final Map<String, String> sheetPartById = new HashMap<>();
  private final SpilledTexts texts = new SpilledTexts();
  private final List<CellFormat> formats = new ArrayList<>();
  private boolean from1904;
  private @Nullable String textsPart;
  private @Nullable String stylesPart;

  private Workbook(Path file, ZipFile zip) throws IOException {
    this.zip = zip;
    this.parts = new PackageParts(file, zip);
    this.sheets = new Sheets<>(file);
    String part = parts.main(USUAL_PART);
    readRelations(part);
    readSheets(part);
    readFormats();
    readTexts();
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
      Workbook workbook = new Workbook(file, zip);
      try {
        Sheets.Sheet<String> sheet = workbook.sheets.choose(options.sheet());
        String part = sheet.place();
        workbook.parts.openChecked(part).close();
        // Half of a damaged sheet must not be written: it is read twice, and its rows used then.
        if (!new SheetRows(workbook, part, sheet.name(), null).readThrough()) {
          workbook.sheets.refuseEmpty(sheet);
        }
        return new TableReader(
            file,
            new SheetRows(workbook, part, sheet.name(), workbook),
            options,
            SourceFormat.workbook(sheet.name()),
            Understanding.ofSheet(
                new Understanding.Taken<>(
                    sheet.name(),
                    options.sheet() != null ? Understanding.How.SETTING : Understanding.How.USUAL),
                workbook.sheets.visible()));
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

  private void readRelations(String part) throws IOException {
    parts
        .relations(part)
        .forEach(
            (id, relation) -> {
              switch (relation.kind()) {
                case "worksheet" -> sheetPartById.put(id, relation.part());
                case "sharedStrings" -> textsPart = relation.part();
                case "styles" -> stylesPart = relation.part();
                default -> {}
              }
            });
  }

  private void readSheets(String part) throws IOException {
    try (XmlPart book = parts.openChecked(part)) {
      while (book.next()) {
        if (book.starts("workbookPr")) {
          from1904 = isTrue(book.attribute("date1904"));
        } else if (book.starts("sheet")) {
          String name = book.attribute("name");
          String id = book.relationId();
          String sheet = id == null ? null : sheetPartById.get(id);
          // a chart or a dialogue has no rows
          if (name != null && sheet != null) {
            String state = book.attribute("state");
            sheets.add(name, sheet, state == null || state.equals("visible"));
          }
        }
      }
    }
  }

  private static void refuseMore(int parts) throws DamagedException {
    if (parts >= MOST_PARTS) {
      throw new DamagedException("more than " + MOST_PARTS + " formats");
    }
  }

  private static boolean isTrue(@Nullable String value) {
    return "1".equals(value) || "true".equals(value);
  }

  private void readFormats() throws IOException {
    if (stylesPart == null || !parts.has(stylesPart)) {
      return;
    }
    Map<Integer, String> codes = new HashMap<>();
    String within = "";
    try (XmlPart styles = parts.openChecked(stylesPart)) {
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
    return text == null || !NUMBER.matcher(text).matches() ? 0 : Integer.parseInt(text);
  }

  private void readTexts() throws IOException {
    if (textsPart == null || !parts.has(textsPart)) {
      return;
    }
    try (XmlPart strings = parts.openChecked(textsPart)) {
      while (strings.nextStart("si")) {
        texts.add(strings.stringItem());
      }
    } catch (IOException e) {
      texts.close();
      throw e;
    }
  }

  /** Opens a part of the package. */
  XmlPart part(String name) throws IOException {
    return parts.open(name);
  }

  /** The text with this number among those that cells share, or null. */
  @Nullable String text(String number) throws IOException {
    return NUMBER.matcher(number).matches() ? texts.get(Integer.parseInt(number)) : null;
  }

  /**
   * The number in a cell as it is shown there.
   *
   * @param style the style of the cell, or null
   * @return null if the number cannot be shown: it is none, or no date
   */
  @Nullable CharSequence shown(String number, @Nullable String style) {
    int index = number(style);
    CellFormat format = index < formats.size() ? formats.get(index) : CellFormat.GENERAL;
    return format.cell(number, from1904);
  }

  @Override
  public void close() throws IOException {
    texts.close();
    zip.close();
  }
}
