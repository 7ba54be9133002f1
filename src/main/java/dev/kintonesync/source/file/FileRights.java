package dev.kintonesync.source.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may read and write a file. Files that are made of another one, such as its rejects, are for
 * nobody who may not read that one. On a file system without such rights (Windows) they have those
 * of their folder.
 */
public final class FileRights {
  private static final Set<PosixFilePermission> OWNER =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
  private static final Set<PosixFilePermission> EXECUTE =
      Set.of(
          PosixFilePermission.OWNER_EXECUTE,
          PosixFilePermission.GROUP_EXECUTE,
          PosixFilePermission.OTHERS_EXECUTE);

  private final @Nullable Set<PosixFilePermission> permissions;
  private final @Nullable GroupPrincipal group;

  private FileRights(
      @Nullable Set<PosixFilePermission> permissions, @Nullable GroupPrincipal group) {
    this.permissions = permissions;
    this.group = group;
  }

  /** Those of a file; of one that is gone, those of its owner alone. */
  public static FileRights of(Path file) {
    var view =
        Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (view == null) {
      return new FileRights(null, null);
    }
    try {
      var attributes = view.readAttributes();
      var permissions = EnumSet.copyOf(OWNER);
      permissions.addAll(attributes.permissions());
      permissions.removeAll(EXECUTE);
      return new FileRights(permissions, attributes.group());
    } catch (IOException gone) {
      return new FileRights(OWNER, null);
    }
  }

  /** With what a file is made; the mask of the process makes it narrower still. */
  FileAttribute<?>[] attributes() {
    return permissions == null
        ? new FileAttribute<?>[0]
        : new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)};
  }

  /**
   * What the group of the one file may do is nothing for the group of another: a file that has just
   * been made, and is still empty, gets the same group, or no right for its own.
   */
  void settleGroup(@Nullable PosixFileAttributeView made) throws IOException {
    if (permissions == null || made == null) {
      return;
    }
    var attributes = made.readAttributes();
    if (attributes.group().equals(group)) {
      return;
    }
    try {
      if (group != null) {
        made.setGroup(group);
        return;
      }
    } catch (IOException e) {
      // we are not of that group
    }
    var narrower = EnumSet.copyOf(attributes.permissions());
    if (!narrower.contains(PosixFilePermission.OTHERS_READ)) {
      narrower.remove(PosixFilePermission.GROUP_READ);
    }
    if (!narrower.contains(PosixFilePermission.OTHERS_WRITE)) {
      narrower.remove(PosixFilePermission.GROUP_WRITE);
    }
    made.setPermissions(narrower);
  }
}
