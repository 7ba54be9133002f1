package dev.kintonesync.camel.job;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Tells of files in a job's folder that are not read, once for each name as long as it is there. Of
 * a flood of names only the first are told: whoever may drop files must not fill the log with them.
 */
final class PassedOver {
  private static final int MOST_TOLD = 50;

  private final String job;
  private final Consumer<UserMessage> listener;
  private final Set<Path> told = ConcurrentHashMap.newKeySet();

  PassedOver(String job, Consumer<UserMessage> listener) {
    this.job = job;
    this.listener = listener;
  }

  /** A file is not read. */
  void add(Path file, UserMessage objection) {
    if (told.contains(file)) {
      return;
    }
    if (told.size() == MOST_TOLD) {
      told.removeIf(each -> Files.notExists(each, LinkOption.NOFOLLOW_LINKS));
    }
    if (told.size() < MOST_TOLD && told.add(file)) {
      listener.accept(MessageCode.FILE_PASSED_OVER.with(file, objection));
      if (told.size() == MOST_TOLD) {
        listener.accept(MessageCode.FILES_PASSED_OVER.with(job));
      }
    }
  }
}
