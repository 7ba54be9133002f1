package dev.kintonesync.source.sheet;

import dev.kintonesync.source.DamagedException;
import java.io.Closeable;
import java.io.IOException;
import org.apache.poi.hssf.record.FilePassRecord;
import org.apache.poi.hssf.record.RecordInputStream;
import org.apache.poi.hssf.record.common.UnicodeString;
import org.apache.poi.poifs.crypt.EncryptionInfo;
import org.apache.poi.poifs.filesystem.DocumentEntry;
import org.apache.poi.poifs.filesystem.DocumentInputStream;
import org.apache.poi.util.LittleEndian;
import org.jspecify.annotations.Nullable;

/**
 * The records of an old workbook, one by one: of each the caller reads what it wants, and the rest
 * is passed over. Whatever POI throws on the way, the file is damaged. Source: [MS-XLS].
 */
final class BiffRecords implements Closeable {

  static final int BOF = 0x809;
  static final int EOF = 0x0A;
  static final int CONTINUE = 0x3C;

  /** The bytes before the content of a record: its kind and its length. */
  static final int HEAD = 4;

  private static final int BLOCK = 1 << 16;

  private final DocumentInputStream bytes;
  private final RecordInputStream records;
  private final long totalBytes;

  /**
   * Records from this place on.
   *
   * @param key by which they are encrypted; null: they are not
   */
  BiffRecords(DocumentEntry stream, long from, @Nullable EncryptionInfo key) throws IOException {
    totalBytes = Math.max(1, stream.getSize());
    try {
      bytes = new DocumentInputStream(stream);
      byte[] block = new byte[BLOCK];
      for (long left = from; left > 0; ) {
        int read = bytes.read(block, 0, (int) Math.min(left, BLOCK));
        if (read <= 0) {
          throw new DamagedException("it ends before its sheet");
        }
        left -= read;
      }
      records =
          key == null
              ? new RecordInputStream(bytes)
              : new RecordInputStream(bytes, key, Math.toIntExact(from));
    } catch (RuntimeException e) {
      throw broken(e);
    }
  }

  /** What POI says in its first line. */
  static DamagedException broken(Exception e) {
    String said = String.valueOf(e.getMessage());
    return new DamagedException(said.lines().findFirst().orElse(""), e);
  }

  /** Goes on to the next record; false at the end. */
  boolean next() throws DamagedException {
    try {
      while (records.remaining() > 0) {
        records.readRemainder();
      }
      if (!records.hasNextRecord()) {
        return false;
      }
      records.nextRecord();
      return true;
    } catch (RuntimeException e) {
      throw broken(e);
    }
  }

  /** The kind of this record. */
  int kind() {
    return records.getSid();
  }

  /** How many bytes of this record are left. */
  int left() {
    return records.remaining();
  }

  /** Whether there is more of this record, in its continuation too. */
  boolean hasMore() {
    return records.remaining() > 0 || records.getNextSid() == CONTINUE;
  }

  int readByte() throws DamagedException {
    try {
      return records.readUByte();
    } catch (RuntimeException e) {
      throw broken(e);
    }
  }

  int readShort() throws DamagedException {
    try {
      return records.readUShort();
    } catch (RuntimeException e) {
      throw broken(e);
    }
  }

  int readInt() throws DamagedException {
    try {
      return records.readInt();
    } catch (RuntimeException e) {
      throw broken(e);
    }
  }

  /** A number that is never encrypted. */
  int readPlainInt() throws DamagedException {
    byte[] plain = new byte[Integer.BYTES];
    try {
      records.readPlain(plain, 0, plain.length);
      return LittleEndian.getInt(plain);
    } catch (RuntimeException e) {
      throw broken(e);
    }
  }

  /** How the records after this one are encrypted. */
  EncryptionInfo readKey() throws DamagedException {
    try {
      return new FilePassRecord(records).getEncryptionInfo();
    } catch (RuntimeException e) {
      throw broken(e);
    }
  }

  long readLong() throws DamagedException {
    try {
      return records.readLong();
    } catch (RuntimeException e) {
      throw broken(e);
    }
  }

  /** Text of so many characters, which a byte before them says how to read. */
  String readText(int length) throws DamagedException {
    boolean wide = (readByte() & 1) != 0;
    try {
      return wide ? records.readUnicodeLEString(length) : records.readCompressedUnicode(length);
    } catch (RuntimeException e) {
      throw broken(e);
    }
  }

  /** A text with its length and, passed over, its fonts and readings (furigana). */
  String readSharedText() throws DamagedException {
    try {
      return new UnicodeString(records).getString();
    } catch (RuntimeException e) {
      throw broken(e);
    }
  }

  long bytesRead() {
    return totalBytes - bytes.available();
  }

  long totalBytes() {
    return totalBytes;
  }

  @Override
  public void close() {
    bytes.close();
  }
}
