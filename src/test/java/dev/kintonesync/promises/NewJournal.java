package dev.kintonesync.promises;

import dev.kintonesync.journal.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The journal of a home that has none yet: a copy of one that is made once, since to make its
 * tables takes longer than to open it. The tests of the journal itself have it made.
 */
final class NewJournal {
  private static final List<String> FILES = List.of("journal.mv.db", "journal.password");

  private static Path made;

  private NewJournal() {}

  /** Opens the journal in this folder, which may be there. */
  static Journal open(Path folder) throws IOException {
    if (!Files.exists(folder)
        && folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Path original = made();
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      for (String file : FILES) {
        Files.copy(
            original.resolve(file), folder.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return Journal.open(folder);
  }

  private static synchronized Path made() throws IOException {
    if (made == null) {
      Path folder = Files.createTempDirectory("journal");
      Journal.open(folder).close();
      folder.toFile().deleteOnExit(); // after what is in it, which is named later
      try (var files = Files.list(folder)) {
        files.forEach(file -> file.toFile().deleteOnExit());
      }
      made = folder;
    }
    return made;
  }
}
