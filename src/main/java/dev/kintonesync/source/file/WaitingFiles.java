package dev.kintonesync.source.file;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.PlainFile;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which files of a folder are input, and in which order. Whoever watches, counts, plans or reads a
 * folder asks here.
 */
public final class WaitingFiles {
  /**
   * How names end that programs give to files in transfer: wget and Firefox, WinSCP, Chrome and
   * Edge, FileZilla and rsync, Safari, Opera, aria2, editors, and Camel's own lock.
   */
  private static final List<String> UNFINISHED =
      List.of(
          ".tmp",
          ".temp",
          ".part",
          ".filepart",
          ".crdownload",
          ".partial",
          ".download",
          ".opdownload",
          ".aria2",
          ".uploading",
          ".upload",
          ".inprogress",
          ".incomplete",
          ".writing",
          ".swp",
          ".swx",
          ".lock",
          ".camellock");

  /** How the files are called that people correct rejected rows in and give back on the page. */
  public static final String CORRECTED = "corrected-";

  /** A file that says what became of another one. */
  private static final Pattern RESULT = Pattern.compile(".+\\.[a-z0-9]{1,8}\\.result\\.txt");

  private static final Set<String> NOT_INPUT =
      Set.of("thumbs.db", "desktop.ini", OwnFolder.DONE, OwnFolder.FAILED, OwnFolder.REJECTS);

  /** What stands in a name that the computer cannot turn into text. */
  private static final String NO_CHARACTER = "\uFFFD";

  private WaitingFiles() {}

  /** A file with the time by which it is ordered, which may change while files are sorted. */
  private record Aged(Path file, FileTime modified) {}

  /**
   * Whether a name is that of an input: files of editors, mail programs and half finished copies
   * are none, nor is anything that kintone-sync or Camel itself puts into a folder.
   */
  public static boolean isInput(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return !lower.startsWith("~$")
        && !lower.startsWith(".")
        && !lower.endsWith("~")
        && !(lower.startsWith("#") && lower.endsWith("#"))
        && UNFINISHED.stream().noneMatch(lower::endsWith)
        && !lower.contains(".kintone-sync-")
        && !RESULT.matcher(lower).matches()
        && !NOT_INPUT.contains(lower);
  }

  /**
   * Why a file of a watched folder that has the name of an input is passed over all the same: it is
   * no ordinary file of this folder. Null when it is input, and also when it is gone or a folder,
   * of which there is nothing to say.
   */
  public static @Nullable UserMessage objection(Path file) {
    try {
      if (!isInput(String.valueOf(file.getFileName()))) {
        return null;
      }
      UserMessage objection =
          hasName(file) ? PlainFile.objection(file) : MessageCode.HAS_NO_NAME.with();
      boolean ofNoInterest =
          objection != null && Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
      return ofNoInterest ? null : objection;
    } catch (IOException e) {
      boolean mangled = String.valueOf(file.getFileName()).contains(NO_CHARACTER);
      return mangled ? MessageCode.HAS_NO_NAME.with() : null;
    }
  }

  /** Whether the file is found again by its name as text, by which runs and reports know it. */
  private static boolean hasName(Path file) {
    try {
      return Path.of(file.toString()).equals(file);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** When it was last written; of a file that vanishes just now any time will do. */
  private static FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException gone) {
      return FileTime.fromMillis(0);
    }
  }

  /**
   * Lists the files of a folder that are input, oldest first, then by name.
   *
   * @throws UserErrorException when the folder cannot be read
   */
  public static List<Path> in(Path folder, @Nullable DoneFile doneFile) {
    return in(folder, doneFile, (file, why) -> {});
  }

  /**
   * Lists the files of a folder that are input, oldest first, then by name, and reports the others.
   *
   * @param doneFile how other programs say that a file is complete; those files are no input
   * @param passedOver is told of each file that would be input if it were an ordinary one, and why
   *     it is none
   */
  public static List<Path> in(
      Path folder, @Nullable DoneFile doneFile, BiConsumer<Path, UserMessage> passedOver) {
    var waiting = new ArrayList<Aged>();
    try (var files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (doneFile != null && doneFile.matches(name)) {
          continue;
        }
        UserMessage objection = objection(file);
        if (objection != null) {
          passedOver.accept(file, objection);
        } else if (isInput(name) && PlainFile.is(file)) {
          waiting.add(new Aged(file, modified(file)));
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw new UserErrorException(MessageCode.FOLDER_NOT_USABLE.with(folder, e), e);
    }
    return waiting.stream()
        .sorted(
            Comparator.comparing(Aged::modified)
                .thenComparing(aged -> String.valueOf(aged.file().getFileName())))
        .map(Aged::file)
        .toList();
  }
}
