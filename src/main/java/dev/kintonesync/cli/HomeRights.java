package dev.kintonesync.cli;

import dev.kintonesync.journal.OwnerOnly;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Who else may write where the program reads code, or read where it writes. Whoever can change a
 * route, a library or a property runs code as the user of this program, so nothing of them may be
 * writable for everybody. That a group may write is the decision of whoever chose the group: with a
 * umask of 002, which is common, it is a group of the user alone.
 *
 * <p>Where the file system knows no such rights (Windows), nothing is judged.
 */
final class HomeRights {
  /** Holds what the program runs, as code or as it says. */
  private static final List<String> READ =
      List.of(
          "application.properties",
          "secrets.properties",
          "routes",
          "kamelets",
          "lib",
          "bin",
          "runtime");

  private static final List<String> WRITTEN =
      List.of("journal", "runs", "logs", "rejects", "drafts");

  private static final int OTHERS_WRITE = 0002;
  private static final int STICKY = 01000;

  private final Path home;
  private final Path program;
  private final List<UserMessage> caveats = new ArrayList<>();

  private HomeRights(Home home) {
    this.home = home.path();
    this.program = home.program();
  }

  /**
   * Judges a home and the folder of the program, and closes the folders in which it writes to
   * everybody but their owner.
   *
   * @return what a person should know, where something is open that cannot be closed
   * @throws UserErrorException when others may change what is run: what, and how to put it right
   */
  static List<UserMessage> judge(Home home) {
    var rights = new HomeRights(home);
    try {
      if (home.path().getFileSystem().supportedFileAttributeViews().contains("unix")) {
        rights.judge();
      }
    } catch (IOException e) {
      throw new UserErrorException(MessageCode.FILE_UNREADABLE.with(home.path(), e), e);
    }
    return rights.caveats;
  }

  private void judge() throws IOException {
    for (Path root : new LinkedHashSet<>(List.of(home, program))) {
      refuseOpen(root, root);
      for (Path above = root.toRealPath().getParent(); above != null; above = above.getParent()) {
        // in a sticky one, such as /tmp, nobody can put another folder in the place of ours
        if ((mode(above) & (OTHERS_WRITE | STICKY)) == OTHERS_WRITE) {
          refuse(above, "chmod o-w " + above);
        }
      }
      for (String part : READ) {
        refuseOpenBelow(root, root.resolve(part));
      }
    }
    for (String part : WRITTEN) {
      close(home.resolve(part));
    }
  }

  private void refuseOpenBelow(Path root, Path part) throws IOException {
    if (!Files.isReadable(part)) {
      return; // what cannot be read is not run
    }
    try (var files = Files.walk(part, FileVisitOption.FOLLOW_LINKS)) {
      for (Path file : files.filter(Files::exists).toList()) { // a link may lead nowhere
        refuseOpen(root, file);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void refuseOpen(Path root, Path file) throws IOException {
    if ((mode(file) & OTHERS_WRITE) != 0) {
      refuse(file, "chmod -R o-w " + root);
    }
  }

  /** Unless the file system says of every file that everybody may write it, and can say no more. */
  private void refuse(Path open, String remedy) throws IOException {
    Path folder = Files.isDirectory(open) ? open : open.resolveSibling("");
    if (Files.isWritable(folder)) {
      Path probe = Files.createTempFile(folder, ".rights", "");
      boolean kept = (mode(probe) & OTHERS_WRITE) == 0;
      Files.delete(probe);
      if (!kept) {
        UserMessage caveat = MessageCode.RIGHTS_NOT_KEPT.with(home);
        if (!caveats.contains(caveat)) {
          caveats.add(caveat);
        }
        return;
      }
    }
    throw new UserErrorException(MessageCode.OTHERS_MAY_WRITE.with(open, remedy));
  }

  private void close(Path folder) throws IOException {
    if (!Files.isDirectory(folder) || OwnerOnly.close(folder)) {
      return;
    }
    String remedy = "chown " + System.getProperty("user.name") + " " + folder;
    if ((mode(folder) & OTHERS_WRITE) != 0) {
      refuse(folder, remedy);
    } else {
      caveats.add(MessageCode.OTHERS_MAY_READ.with(folder, remedy));
    }
  }

  private static int mode(Path file) throws IOException {
    return (int) Files.getAttribute(file, "unix:mode");
  }
}
