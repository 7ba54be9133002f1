package dev.kintonesync.source.sheet;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.Decompressed;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.apache.poi.EncryptedDocumentException;
import org.apache.poi.poifs.crypt.Decryptor;
import org.apache.poi.poifs.crypt.EncryptionInfo;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.jspecify.annotations.Nullable;

/**
 * Workbooks that Excel encrypts although nobody has set a password to open them, such as those
 * whose structure is protected: with one that every Excel knows. Source: [MS-OFFCRYPTO].
 */
public final class ProtectedWorkbook {
  static final String STREAM = "EncryptedPackage";

  private ProtectedWorkbook() {}

  /**
   * Returns what is in such a workbook of Excel 2007 or later, in a temporary file; null if it is
   * none at all.
   *
   * @param file as people know it
   * @param content where its content is
   * @throws UserErrorException if it has a password of somebody's, or is damaged
   */
  public static @Nullable Decompressed unlocked(Path file, Path content) throws IOException {
    POIFSFileSystem opened;
    try {
      opened = new POIFSFileSystem(content.toFile(), true);
    } catch (IOException | RuntimeException e) {
      return null; // whoever reads old workbooks says what is wrong with it
    }
    try (var container = opened) {
      if (!container.getRoot().hasEntryCaseInsensitive(STREAM)) {
        return null;
      }
      try (InputStream plain = plain(file, container)) {
        return Decompressed.copy(file, plain);
      }
    }
  }

  private static InputStream plain(Path file, POIFSFileSystem container) {
    try {
      var decryptor = decryptor(new EncryptionInfo(container));
      if (decryptor != null) {
        return new Broken(decryptor.getDataStream(container));
      }
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw new UserErrorException(MessageCode.FILE_OLD_EXCEL.with(file), e);
    }
    throw new UserErrorException(MessageCode.FILE_OLD_EXCEL.with(file));
  }

  /** It lies in a file of our own: what POI stumbles over is in it. */
  private static final class Broken extends FilterInputStream {
    Broken(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] buffer, int from, int most) throws IOException {
      try {
        return super.read(buffer, from, most);
      } catch (IOException | RuntimeException e) {
        throw BiffRecords.broken(e);
      }
    }
  }

  /** Opens what every Excel can open; null if it takes a password of somebody's. */
  static @Nullable Decryptor decryptor(EncryptionInfo info) {
    try {
      var decryptor = info.getDecryptor();
      return decryptor.verifyPassword(Decryptor.DEFAULT_PASSWORD) ? decryptor : null;
    } catch (GeneralSecurityException | EncryptedDocumentException unknown) {
      return null;
    }
  }
}
