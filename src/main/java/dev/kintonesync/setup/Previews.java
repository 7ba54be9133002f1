package dev.kintonesync.setup;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.camel.run.SourcePreview;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Network;
import dev.kintonesync.settings.Source;
import dev.kintonesync.source.Expected;
import dev.kintonesync.source.api.BrokenAnswerException;
import dev.kintonesync.source.file.SourceFile;
import dev.kintonesync.source.file.WaitingFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The first rows of what the jobs of drafts read. They are kept as long as nothing changes that
 * decides what is read, so that looking at a map asks no database or API again.
 */
final class Previews {
  /** So many rows are shown. */
  static final int ROWS = 20;

  private static final int MOST = 20;

  private final JobSetup.Home home;
  private final Drafts drafts;
  private final Map<KeptFor, Kept> kept =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<KeptFor, Kept> eldest) {
          return size() > MOST;
        }
      };

  private final Map<String, KeptAnswer> answers = new ConcurrentHashMap<>();

  /** Rows that are read without the form of the app, and those that are read with it. */
  private record KeptFor(String draft, boolean withForm) {}

  private record Kept(String question, SourcePreview preview) {}

  private record KeptAnswer(String question, @Nullable ObjectNode answer) {}

  Previews(JobSetup.Home home, Drafts drafts) {
    this.home = home;
    this.drafts = drafts;
  }

  /**
   * The first rows of a draft.
   *
   * @param fresh whether they are read anew
   * @return null: there is nothing to read yet
   * @throws UserErrorException when it cannot be read: why
   */
  @Nullable SourcePreview of(Draft draft, DraftProperties properties, boolean fresh) {
    return of(draft, properties, fresh, Expected.NOTHING);
  }

  /**
   * The first rows of a draft, read as a run reads them that knows the form of the app.
   *
   * @return null: there is nothing to read yet
   * @throws UserErrorException when it cannot be read: why
   */
  @Nullable SourcePreview of(Draft draft, DraftProperties properties, Expected expected) {
    return of(draft, properties, false, expected);
  }

  private @Nullable SourcePreview of(
      Draft draft, DraftProperties properties, boolean fresh, Expected expected) {
    Path file = file(draft, properties);
    boolean withForm = file != null && !expected.equals(Expected.NOTHING);
    var keptFor = new KeptFor(draft.id(), withForm);
    String question = question(draft, file) + (withForm ? expected : "");
    synchronized (kept) {
      var before = kept.get(keptFor);
      if (!fresh && before != null && before.question().equals(question)) {
        return before.preview();
      }
    }
    var preview = read(draft, properties, file, expected);
    if (preview != null) {
      synchronized (kept) {
        kept.put(keptFor, new Kept(question, preview));
      }
    }
    return preview;
  }

  private @Nullable SourcePreview read(
      Draft draft, DraftProperties properties, @Nullable Path file, Expected expected) {
    String source = draft.properties().getOrDefault("source", "");
    if (file != null) {
      var reading = properties.read().reading(properties.job()).withExpected(expected);
      try (var reader = SourceFile.open(file, reading)) {
        return SourcePreview.of(reader, ROWS);
      } catch (UserErrorException e) {
        String name = draft.sample();
        throw name == null ? e : new UserErrorException(e.reason().naming(file, name), e);
      }
    }
    if (source.isEmpty() || source.equals("folder")) {
      return null;
    }
    var job = properties.incomplete();
    try {
      return home.runner().get().preview(job, ROWS);
    } catch (UncheckedIOException e) {
      throw new UserErrorException(whyUnread(job, e), e);
    }
  }

  private static UserMessage whyUnread(Job job, UncheckedIOException e) {
    Throwable cause = e.getCause();
    return cause != null && cause.getCause() instanceof BrokenAnswerException broken
        ? broken.reason()
        : MessageCode.SOURCE_UNREACHABLE.with(job.source().name(), String.valueOf(e.getMessage()));
  }

  /**
   * The first answer of the API of a draft.
   *
   * @param fresh whether it is asked anew
   * @return null: it reads no API, or none that can be asked yet, which is said of its rows
   */
  @Nullable ObjectNode answer(
      Draft draft, DraftProperties properties, Network network, boolean fresh) {
    if (!draft.properties().getOrDefault("source", "").equals("api")) {
      return null;
    }
    String question = question(draft, null);
    var before = answers.get(draft.id());
    if (!fresh && before != null && before.question().equals(question)) {
      return before.answer();
    }
    ObjectNode answer;
    try {
      answer = properties.source() instanceof Source.Api api ? ApiAnswer.of(api, network) : null;
    } catch (UserErrorException e) {
      return null;
    }
    answers.put(draft.id(), new KeptAnswer(question, answer));
    return answer;
  }

  /** A draft is over. */
  void forget(String draft) {
    answers.remove(draft);
    synchronized (kept) {
      kept.keySet().removeIf(each -> each.draft().equals(draft));
    }
  }

  /** The sample, or else the first file that waits in the folder; null: there is none. */
  @Nullable Path file(Draft draft, DraftProperties properties) {
    String source = draft.properties().getOrDefault("source", "folder");
    if (!source.equals("folder")) {
      return null;
    }
    Path sample = drafts.sample(draft);
    String folder = draft.properties().get("folder");
    if (sample != null || folder == null) {
      return sample;
    }
    Path path = properties.read().settings().resolve(Path.of(folder));
    return Files.isDirectory(path)
        ? WaitingFiles.in(path, null).stream().findFirst().orElse(null)
        : null;
  }

  /** A job of a draft that reads its sample, or what its source says. */
  Job jobOfRows(Draft draft, DraftProperties properties) {
    Path file = file(draft, properties);
    String source = draft.properties().getOrDefault("source", "folder");
    if (file != null) {
      return properties.read().importing(properties.job(), file);
    }
    if (source.equals("folder")) {
      throw new UserErrorException(MessageCode.SETUP_NO_SAMPLE.with());
    }
    return properties.incomplete();
  }

  private String question(Draft draft, @Nullable Path file) {
    var asked = new TreeMap<>(draft.properties());
    boolean ofMap = draft.properties().getOrDefault("source", "").equals("kafka");
    asked
        .keySet()
        .removeIf(
            property -> !SetupStep.decidesRows(property) && !(ofMap && property.equals("map")));
    String state = file == null ? "" : file + " " + modified(file);
    return asked + " " + drafts.secrets(draft.id()).hashCode() + " " + state;
  }

  private static String modified(Path file) {
    try {
      return Files.getLastModifiedTime(file) + " " + Files.size(file);
    } catch (IOException e) {
      return "gone";
    }
  }
}
