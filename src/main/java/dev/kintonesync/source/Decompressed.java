package dev.kintonesync.source;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.Shown;
import dev.kintonesync.message.UserErrorException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A file as it is without its packing. What was packed lies in a temporary file until this is
 * closed; names inside a package are only read, never used as paths.
 *
 * @param plain the file itself, or what was in it
 * @param name the name of the plain file
 * @param temporary whether the plain file goes when this is closed
 */
public record Decompressed(Path plain, String name, boolean temporary) implements Closeable {

  /** Text packs to a tenth; that of a table of zeros to a hundredth. */
  static final int MOST_TIMES = 250;

  /** Up to here any ratio is harmless. */
  static final long HARMLESS = 1L << 26;

  private static final long MOST_GIGABYTES = 8;
  private static final long MOST_BYTES = MOST_GIGABYTES << 30;

  private static final Set<String> INPUT =
      Set.of("csv", "tsv", "tab", "txt", "json", "jsonl", "ndjson", "xlsx", "xls", "html", "htm");

  /** A file that is not packed. */
  public static Decompressed asItIs(Path file) {
    return new Decompressed(file, String.valueOf(file.getFileName()), false);
  }

  /** A file as it is, in a temporary one of which nobody else knows the name. */
  public static Decompressed copy(Path file) throws IOException {
    Path plain = newFile();
    try (InputStream in = PlainFile.stream(file);
        OutputStream out = Files.newOutputStream(plain)) {
      in.transferTo(out);
      return new Decompressed(plain, String.valueOf(file.getFileName()), true);
    } catch (IOException | RuntimeException e) {
      Files.delete(plain);
      throw e;
    }
  }

  /**
   * What comes out of a file, in a temporary one.
   *
   * @throws UserErrorException if it is more than any file may hold
   */
  public static Decompressed copy(Path file, InputStream in) throws IOException {
    Path plain = newFile();
    try {
      copy(file, in, plain, Files.size(file));
      return new Decompressed(plain, String.valueOf(file.getFileName()), true);
    } catch (IOException | RuntimeException e) {
      Files.delete(plain);
      throw e;
    }
  }

  /**
   * What is in a gzip file, also if it has several parts.
   *
   * @throws UserErrorException if it is cut off, damaged or a bomb
   */
  public static Decompressed gzip(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    int end = name.toLowerCase(Locale.ROOT).endsWith(".gz") ? name.length() - 3 : name.length();
    Path plain = newFile();
    try (InputStream packed = PlainFile.stream(file);
        InputStream in = gunzip(file, packed)) {
      copy(file, in, plain, Files.size(file));
      return new Decompressed(plain, name.substring(0, end), true);
    } catch (IOException | RuntimeException e) {
      Files.delete(plain);
      throw e;
    }
  }

  private static InputStream gunzip(Path file, InputStream packed) throws IOException {
    try {
      return new GZIPInputStream(packed, 1 << 16);
    } catch (IOException e) {
      throw brokenOrFault(file, e);
    }
  }

  /**
   * The one file in a zip archive that has rows.
   *
   * @throws UserErrorException if there is none or more than one, or it is damaged or a bomb
   */
  public static Decompressed zip(Path file, ZipFile zip) throws IOException {
    ZipEntry entry = entry(file, zip);
    check(file, zip, entry);
    Path plain = newFile();
    try (InputStream in = zip.getInputStream(entry)) {
      copy(file, in, plain, entry.getCompressedSize());
      return new Decompressed(plain, lastName(entry), true);
    } catch (IOException | RuntimeException e) {
      Files.delete(plain);
      throw e;
    }
  }

  /**
   * Opens an archive, with names as Windows in Japan writes them or as others do.
   *
   * @param file as people know it
   * @param archive where its content is
   * @throws UserErrorException if it is none, cut off, or has a password
   */
  public static ZipFile open(Path file, Path archive) throws IOException {
    try {
      return new ZipFile(archive.toFile(), StandardCharsets.UTF_8);
    } catch (ZipException notUtf8) {
      try {
        return new ZipFile(archive.toFile(), Charset.forName("windows-31j"));
      } catch (ZipException e) {
        throw brokenOrFault(file, e);
      }
    }
  }

  /**
   * Reads an entry through, because what Java hands out of an archive it does not check.
   *
   * @throws UserErrorException if it is damaged or a bomb
   */
  public static void check(Path file, ZipFile zip, ZipEntry entry) throws IOException {
    byte[] buffer = new byte[1 << 16];
    CRC32 sum = new CRC32();
    long size = 0;
    try (InputStream in = zip.getInputStream(entry)) {
      for (int count = unpack(file, in, buffer); count >= 0; count = unpack(file, in, buffer)) {
        size += count;
        refuseTooMuch(file, size, entry.getCompressedSize());
        sum.update(buffer, 0, count);
      }
    } catch (ZipException e) {
      throw brokenOrFault(file, e);
    }
    if (sum.getValue() != entry.getCrc()) {
      throw new UserErrorException(
          MessageCode.FILE_PACKED_BROKEN.with(file, "CRC " + Shown.name(lastName(entry))));
    }
  }

  private static void refuseTooMuch(Path file, long size, long packedSize) {
    if (size > MOST_BYTES || (size > HARMLESS && size / MOST_TIMES > packedSize)) {
      throw new UserErrorException(
          MessageCode.FILE_PACKED_TOO_MUCH.with(file, MOST_TIMES, MOST_GIGABYTES));
    }
  }

  private static ZipEntry entry(Path file, ZipFile zip) {
    List<? extends ZipEntry> files =
        zip.stream().filter(entry -> !entry.isDirectory() && !isByProduct(entry)).toList();
    List<? extends ZipEntry> input =
        files.size() == 1 ? files : files.stream().filter(Decompressed::isInput).toList();
    if (input.size() == 1) {
      return input.get(0);
    }
    String names = Shown.names(files.stream().map(Decompressed::lastName).toList());
    throw new UserErrorException(
        MessageCode.FILE_ZIP_CHOICE.with(file, names.isEmpty() ? "0" : names));
  }

  /** What archivers and file managers add. */
  private static boolean isByProduct(ZipEntry entry) {
    String name = lastName(entry).toLowerCase(Locale.ROOT);
    return entry.getName().startsWith("__MACOSX/")
        || name.startsWith(".")
        || name.startsWith("~$")
        || name.equals("thumbs.db")
        || name.equals("desktop.ini");
  }

  private static boolean isInput(ZipEntry entry) {
    String name = lastName(entry).toLowerCase(Locale.ROOT);
    return INPUT.contains(name.substring(name.lastIndexOf('.') + 1));
  }

  private static String lastName(ZipEntry entry) {
    String name = entry.getName().replace('\\', '/');
    return name.substring(name.lastIndexOf('/') + 1);
  }

  private static Path newFile() throws IOException {
    return TemporaryFile.create();
  }

  private static void copy(Path file, InputStream in, Path plain, long packedSize)
      throws IOException {
    byte[] buffer = new byte[1 << 16];
    long size = 0;
    try (OutputStream out = Files.newOutputStream(plain)) {
      for (int count = unpack(file, in, buffer); count >= 0; count = unpack(file, in, buffer)) {
        size += count;
        refuseTooMuch(file, size, packedSize);
        out.write(buffer, 0, count);
      }
    }
  }

  private static int unpack(Path file, InputStream in, byte[] buffer) throws IOException {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw brokenOrFault(file, e);
    }
  }

  /**
   * The fault of a disk or network as it is.
   *
   * @throws UserErrorException if the package is broken
   */
  private static IOException brokenOrFault(Path file, IOException e) {
    if (DamagedException.is(e)) {
      throw new UserErrorException(
          MessageCode.FILE_PACKED_BROKEN.with(file, DamagedException.why(e)), e);
    }
    return e;
  }

  @Override
  public void close() throws IOException {
    if (temporary) {
      Files.deleteIfExists(plain);
    }
  }
}
