package dev.kintonesync.source.file;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.DamagedException;
import dev.kintonesync.source.Decompressed;
import dev.kintonesync.source.PlainFile;
import dev.kintonesync.source.SourceFileReader;
import dev.kintonesync.source.SourceFormat;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.Understanding;
import dev.kintonesync.source.json.JsonReader;
import dev.kintonesync.source.json.JsonText;
import dev.kintonesync.source.page.WebPage;
import dev.kintonesync.source.sheet.OldWorkbook;
import dev.kintonesync.source.sheet.PackageParts;
import dev.kintonesync.source.sheet.ProtectedWorkbook;
import dev.kintonesync.source.sheet.Workbook;
import dev.kintonesync.source.text.DelimitedRows;
import dev.kintonesync.source.text.DelimiterFinder;
import dev.kintonesync.source.text.FoundEncoding;
import dev.kintonesync.source.text.TableReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.zip.ZipFile;

/** The door to files of rows, whatever their format: callers see a {@link SourceReader} only. */
public final class SourceFile {

  private static final int HEAD = 1 << 16;
  private static final Set<String> JSON = Set.of("json", "jsonl", "ndjson");

  private SourceFile() {}

  /**
   * Opens a file and reads its header. The caller closes the reader.
   *
   * <p>Read are delimited text, JSON (a list, or an object in each line), Excel workbooks ({@code
   * .xlsx}, {@code .xls}) and the tables of web pages, each also packed by gzip or zip. Which of
   * them a file is, it shows itself.
   *
   * @throws UserErrorException if no row of it can ever become a record: it is missing, unreadable,
   *     no ordinary file, empty, of another kind, damaged or cut off as a whole, or its header
   *     names no columns
   * @throws UncheckedIOException if the disk or the network fails while it is read
   */
  public static SourceFileReader open(Path file, SourceOptions options) {
    try {
      return GroupedRows.of(file, open(file, Decompressed.asItIs(file), options), options);
    } catch (NoSuchFileException | AccessDeniedException e) {
      throw refused(file, e);
    } catch (IOException e) {
      if (DamagedException.is(e)) {
        throw new UserErrorException(
            MessageCode.FILE_PACKED_BROKEN.with(file, DamagedException.why(e)), e);
      }
      throw new UncheckedIOException(e.toString(), e);
    } catch (UserErrorException | UncheckedIOException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      // A reader that stumbles would stumble again: what cannot succeed is not tried for ever.
      throw new UserErrorException(MessageCode.FILE_NOT_UNDERSTOOD.with(file, e), e);
    }
  }

  private static SourceFileReader open(Path file, Decompressed content, SourceOptions options)
      throws IOException {
    byte[] head = head(content.plain());
    if (head.length == 0) {
      throw new UserErrorException(MessageCode.FILE_EMPTY.with(file));
    }
    FileKind kind = FileKind.of(head);
    return switch (kind) {
      case GZIP -> openPacked(file, content, () -> Decompressed.gzip(file), options);
      case ZIP -> openZip(file, content, options);
      case OLD_EXCEL -> openOldExcel(file, content, options);
      case OLDER_EXCEL -> throw new UserErrorException(MessageCode.FILE_OLD_EXCEL.with(file));
      case PDF -> throw notRows(file, MessageCode.KIND_PDF);
      case WEB_PAGE -> WebPage.open(file, content.plain(), head, options);
      case WEB_ARCHIVE -> throw notRows(file, MessageCode.KIND_WEB_PAGE);
      case XML_WORKBOOK -> throw notRows(file, MessageCode.KIND_XML_WORKBOOK);
      case OPEN_DOCUMENT -> throw notRows(file, MessageCode.KIND_ODS);
      case XML -> throw notRows(file, MessageCode.KIND_XML);
      case JSON, TEXT -> openText(file, content, head, kind, options);
    };
  }

  private interface Unpacking {
    Decompressed unpack() throws IOException;
  }

  private static SourceFileReader openPacked(
      Path file, Decompressed packed, Unpacking unpacking, SourceOptions options)
      throws IOException {
    if (packed.temporary()) {
      throw new UserErrorException(MessageCode.FILE_PACKED_TWICE.with(file));
    }
    Decompressed content = unpacking.unpack();
    try {
      return new DecompressedReader(open(file, content, options), content);
    } catch (IOException | RuntimeException e) {
      content.close();
      throw e;
    }
  }

  private static SourceFileReader openZip(Path file, Decompressed content, SourceOptions options)
      throws IOException {
    // an archive is opened by its name, which may by now be that of a link
    boolean ours = content.temporary();
    Decompressed archive = ours ? content : Decompressed.copy(content.plain());
    ZipFile zip = null;
    boolean open = false;
    try {
      ZipFile opened = Decompressed.open(file, archive.plain());
      zip = opened;
      MessageCode other = PackageParts.otherKind(opened);
      if (other != null) {
        throw notRows(file, other);
      }
      if (PackageParts.areIn(opened)) {
        SourceFileReader reader = Workbook.open(file, opened, options);
        open = true;
        return ours ? reader : new DecompressedReader(reader, archive);
      }
      return openPacked(file, content, () -> Decompressed.zip(file, opened), options);
    } finally {
      if (!open && zip != null) {
        zip.close();
      }
      if (!open && !ours) {
        archive.close();
      }
    }
  }

  private static SourceFileReader openOldExcel(
      Path file, Decompressed content, SourceOptions options) throws IOException {
    if (content.temporary()) {
      return openContainer(file, content.plain(), options);
    }
    // it is opened by its name, which may by now be that of a link
    Decompressed copy = Decompressed.copy(content.plain());
    try {
      return new DecompressedReader(openContainer(file, copy.plain(), options), copy);
    } catch (IOException | RuntimeException e) {
      copy.close();
      throw e;
    }
  }

  /** An old workbook, or one that is encrypted, which lies in a container of the same kind. */
  private static SourceFileReader openContainer(Path file, Path content, SourceOptions options)
      throws IOException {
    Decompressed unlocked = ProtectedWorkbook.unlocked(file, content);
    if (unlocked == null) {
      return OldWorkbook.open(file, content, options);
    }
    try {
      return new DecompressedReader(openZip(file, unlocked, options), unlocked);
    } catch (IOException | RuntimeException e) {
      unlocked.close();
      throw e;
    }
  }

  private static SourceFileReader openText(
      Path file, Decompressed content, byte[] head, FileKind kind, SourceOptions options)
      throws IOException {
    FoundEncoding encoding;
    try (SeekableByteChannel channel = PlainFile.open(content.plain())) {
      encoding =
          FoundEncoding.of(file, options.encoding(), options.expected().words(), head, channel);
    }
    // Rejects hold whatever their source held.
    if (encoding.holdsNul(head) && !encoding.isOfRejects(head)) {
      throw new UserErrorException(MessageCode.FILE_BINARY.with(file));
    }
    String name = content.name().toLowerCase(Locale.ROOT);
    String extension = name.substring(name.lastIndexOf('.') + 1);
    if (kind == FileKind.JSON || JSON.contains(extension)) {
      return JsonReader.open(file, new JsonText(content.plain(), encoding, extension), options);
    }
    var finder = new DelimiterFinder(wholeLines(head, encoding));
    var delimiter = finder.find(file, options, extension);
    var format = new SourceFormat(encoding.charset(), delimiter.value());
    if (finder.hasSeparatorLine()) {
      format = format.withSeparatorLine();
    }
    DelimitedRows rows = new DelimitedRows(content.plain(), encoding, format);
    try {
      return new TableReader(
          file, rows, options, format, Understanding.ofText(encoding.taken(), delimiter));
    } catch (IOException | RuntimeException e) {
      rows.close();
      throw e;
    }
  }

  /** The beginning of the text, without a last line that is only begun. */
  private static String wholeLines(byte[] head, FoundEncoding encoding) {
    String start = new String(head, encoding.charset());
    int end = Math.max(start.lastIndexOf('\n'), start.lastIndexOf('\r'));
    return head.length < HEAD || end < 0 ? start : start.substring(0, end);
  }

  private static UserErrorException notRows(Path file, MessageCode kind) {
    return new UserErrorException(MessageCode.FILE_NOT_CSV.with(file, kind.with()));
  }

  private static byte[] head(Path file) throws IOException {
    try (SeekableByteChannel channel = PlainFile.open(file)) {
      ByteBuffer head = ByteBuffer.allocate((int) Math.min(HEAD, channel.size()));
      while (head.hasRemaining() && channel.read(head) >= 0) {
        // A channel may give less than it is asked for.
      }
      byte[] bytes = new byte[head.flip().remaining()];
      head.get(bytes);
      return bytes;
    }
  }

  /** Why a file could not be opened, in words. */
  public static UserErrorException refused(Path file, IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return new UserErrorException(MessageCode.FILE_MISSING.with(file), cause);
    }
    return new UserErrorException(MessageCode.FILE_UNREADABLE.with(file, cause), cause);
  }
}
