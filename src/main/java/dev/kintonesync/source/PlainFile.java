package dev.kintonesync.source;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An ordinary file: neither a link nor a pipe, a device, a socket or a folder. Input is opened here
 * only, so that no link leads to a file that was not meant, and no pipe holds a run up.
 */
public final class PlainFile {
  private PlainFile() {}

  /** Whether it is an ordinary file; false when there is none. */
  public static boolean is(Path file) {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Why a file into whose folder others may write is not to be touched; null when it may be.
   *
   * <p>A second name (a hard link) is as good as a link: somebody may have given it to a file that
   * he cannot read himself. Where the file system does not count names, none is refused.
   *
   * @throws IOException when there is no such file
   */
  public static @Nullable UserMessage objection(Path file) throws IOException {
    boolean counted = file.getFileSystem().supportedFileAttributeViews().contains("unix");
    var attributes =
        Files.readAttributes(
            file,
            counted ? "unix:isSymbolicLink,isRegularFile,nlink" : "isSymbolicLink,isRegularFile",
            LinkOption.NOFOLLOW_LINKS);
    if (Boolean.TRUE.equals(attributes.get("isSymbolicLink"))) {
      return MessageCode.IS_A_LINK.with();
    } else if (Boolean.FALSE.equals(attributes.get("isRegularFile"))) {
      return MessageCode.IS_A_DEVICE.with();
    }
    return attributes.get("nlink") instanceof Integer names && names > 1
        ? MessageCode.HAS_A_SECOND_NAME.with()
        : null;
  }

  /**
   * Opens a file to read it.
   *
   * @throws UserErrorException when it is no ordinary file
   * @throws IOException when it is missing or cannot be read
   */
  public static SeekableByteChannel open(Path file) throws IOException {
    var attributes =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (attributes.isDirectory()) {
      throw new UserErrorException(MessageCode.FILE_IS_FOLDER.with(file));
    } else if (!attributes.isRegularFile()) {
      throw new UserErrorException(MessageCode.FILE_IS_DEVICE.with(file));
    }
    return Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
  }

  /** Opens an ordinary file as a stream. */
  static InputStream stream(Path file) throws IOException {
    return Channels.newInputStream(open(file));
  }
}
