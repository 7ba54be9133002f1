package dev.kintonesync.console.web;

import dev.kintonesync.console.JobOverview;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files that people give to jobs. The answer is the sentence that the page shows; to a {@code
 * PUT} it is that of the API.
 */
final class UploadApi {
  static final String PATH = "/upload";

  private static final int LONGEST_NAME = 200;

  private final JobOverview overview;
  private final PageActions actions;

  UploadApi(JobOverview overview, PageActions actions) {
    this.overview = overview;
    this.actions = actions;
  }

  /**
   * The answer to a request that cannot be meant, before its file is read; empty for every other.
   */
  Optional<PageResponse> refusal(PageRequest head, Role role, MessageBundle bundle) {
    var reason = head.path().equals(PATH) ? reason(head) : null;
    return reason == null
        ? Optional.empty()
        : Optional.of(refused(head, role, new UserErrorException(reason), bundle));
  }

  private @Nullable UserMessage reason(PageRequest head) {
    String job = head.of("job");
    if (job.isBlank()) {
      return MessageCode.UPLOAD_LACKS.with("job");
    }
    if (head.of("file").isBlank()) {
      return MessageCode.UPLOAD_LACKS.with("file");
    }
    boolean known = overview.jobs().stream().anyMatch(status -> status.name().equals(job));
    return known ? null : MessageCode.UPLOAD_NO_JOB.with(job);
  }

  /** Gives a file that is there whole to its job. */
  PageResponse answer(PageRequest asked, Role role, MessageBundle bundle) {
    String job = asked.of("job");
    try {
      var file = Objects.requireNonNull(asked.file(), "an upload has a file");
      var taken = actions.upload(job, file, fileName(asked.of("file")), isOfApi(asked));
      ActionLog.note(role, asked, "upload", job, true);
      return isOfApi(asked)
          ? DeskApi.taken(taken, bundle)
          : PageResponse.text(200, bundle.say(taken.message()));
    } catch (UserErrorException e) {
      return refused(asked, role, e, bundle);
    }
  }

  private static PageResponse refused(
      PageRequest asked, Role role, UserErrorException refused, MessageBundle bundle) {
    ActionLog.note(role, asked, "upload", asked.of("job"), false);
    return isOfApi(asked)
        ? DeskApi.refused(refused, bundle)
        : PageResponse.text(422, bundle.say(refused.reason()));
  }

  private static boolean isOfApi(PageRequest asked) {
    return asked.method().equals("PUT");
  }

  /** What the sender of a file calls it, without folders. */
  static String fileName(String sent) {
    String name = sent.substring(Math.max(sent.lastIndexOf('/'), sent.lastIndexOf('\\')) + 1);
    return name.isBlank() ? "file" : name.substring(0, Math.min(name.length(), LONGEST_NAME));
  }
}
