package dev.kintonesync.source.file;

import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.PlainFile;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What tells whether a file is still the one it was: taken before and after it is read, two equal
 * identities mean that it did not change meanwhile. Cheap at any size: of the content only the head
 * is looked at.
 *
 * @param size in bytes
 * @param modified when it was last written, as precise as the file system says
 * @param head SHA-256 of its first 64 KiB, in hex
 */
public record FileIdentity(long size, Instant modified, String head) {

  private static final int HEAD = 1 << 16;

  /**
   * By hand: Java makes that of a record when it is first asked, which takes longer than a look.
   */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FileIdentity that
        && size == that.size
        && modified.equals(that.modified)
        && head.equals(that.head);
  }

  @Override
  public int hashCode() {
    return head.hashCode();
  }

  /**
   * The identity of the file as it is now.
   *
   * @throws UserErrorException if it is gone, no ordinary file, or cannot be read
   */
  public static FileIdentity of(Path file) {
    try (SeekableByteChannel channel = PlainFile.open(file)) {
      byte[] head = Channels.newInputStream(channel).readNBytes(HEAD);
      return new FileIdentity(
          channel.size(),
          Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant(),
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(head)));
    } catch (IOException e) {
      throw SourceFile.refused(file, e);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
