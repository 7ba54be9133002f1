package dev.kintonesync.setup;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.journal.OwnerOnly;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps drafts in the folder {@code drafts} of the home, which is its owner's alone: each in a
 * folder of its own, with its secrets and its sample. What was written is there after a restart.
 */
final class Drafts {
  private static final Logger log = LoggerFactory.getLogger(Drafts.class);
  private static final Pattern ID = Pattern.compile("[0-9a-f-]{36}");

  /** Of a name of a file only this part tells what the file is. */
  private static final Pattern ENDING = Pattern.compile("(?:\\.[A-Za-z0-9]{1,8}){0,2}$");

  private static final String DRAFT = "draft.json";
  private static final String SECRETS = "secrets.json";

  private final ObjectMapper json = new ObjectMapper();
  private final Path folder;
  private final Clock clock;

  Drafts(Path home, Clock clock) {
    this.folder = home.resolve("drafts");
    this.clock = clock;
  }

  /** Begins a draft. */
  synchronized Draft begin(
      String name, @Nullable String job, String before, Map<String, String> properties) {
    String id = UUID.randomUUID().toString();
    var draft =
        new Draft(id, 1, name, job, before, properties, null, Draft.written(clock.instant()));
    try {
      OwnerOnly.folders(folder);
      OwnerOnly.folders(folder(id));
      write(folder(id).resolve(DRAFT), draft);
      return draft;
    } catch (IOException e) {
      throw new UserErrorException(MessageCode.OUTPUT_NOT_WRITABLE.with(folder, e), e);
    }
  }

  /** All drafts, the one that was changed last first. */
  synchronized List<Draft> all() {
    var all = new ArrayList<Draft>();
    try (DirectoryStream<Path> each = Files.newDirectoryStream(folder)) {
      for (Path one : each) {
        String id = String.valueOf(one.getFileName());
        if (ID.matcher(id).matches()) {
          find(id).ifPresent(all::add);
        }
      }
    } catch (IOException e) {
      return List.of(); // nobody has begun one yet
    }
    all.sort(Comparator.comparing(Draft::changed).reversed());
    return all;
  }

  /** The draft of an id. */
  synchronized Optional<Draft> find(String id) {
    if (!ID.matcher(id).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(json.readValue(folder(id).resolve(DRAFT).toFile(), Draft.class));
    } catch (IOException e) {
      if (Files.exists(folder(id).resolve(DRAFT))) {
        log.warn("the draft {} cannot be read: {}", id, e.toString());
      }
      return Optional.empty();
    }
  }

  /**
   * The draft of an id.
   *
   * @throws UserErrorException when there is none
   */
  Draft get(String id) {
    return find(id).orElseThrow(() -> new UserErrorException(MessageCode.SETUP_NO_DRAFT.with()));
  }

  /** Keeps the next version of a draft, and returns it. */
  synchronized Draft keep(Draft changed) {
    var next = changed.next(clock.instant());
    write(folder(changed.id()).resolve(DRAFT), next);
    return next;
  }

  /** The secrets of a draft that no file of the home has yet, by their properties. */
  synchronized Map<String, String> secrets(String id) {
    try {
      return json.readValue(
          folder(id).resolve(SECRETS).toFile(),
          new TypeReference<LinkedHashMap<String, String>>() {});
    } catch (IOException e) {
      return Map.of(); // it has none
    }
  }

  /** Keeps the secrets of a draft. */
  synchronized void keepSecrets(String id, Map<String, String> secrets) {
    write(folder(id).resolve(SECRETS), secrets);
  }

  /** The sample of a draft; null: it has none. */
  @Nullable Path sample(Draft draft) {
    String name = draft.sample();
    return name == null ? null : folder(draft.id()).resolve("sample" + ending(name));
  }

  /**
   * Takes a file as the sample of a draft, in the place of an earlier one.
   *
   * @param file is moved
   * @param name how its sender calls it
   */
  synchronized Draft take(Draft draft, Path file, String name) {
    Path old = sample(draft);
    Path kept = folder(draft.id()).resolve("sample" + ending(name));
    try {
      if (old != null) {
        Files.deleteIfExists(old);
      }
      OwnerOnly.close(file);
      Files.move(file, kept, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UserErrorException(MessageCode.OUTPUT_NOT_WRITABLE.with(kept, e), e);
    }
    return keep(draft.withSample(name));
  }

  private static String ending(String name) {
    var ending = ENDING.matcher(name);
    return ending.find() ? ending.group() : "";
  }

  /** Removes a draft with all that belongs to it. */
  synchronized void remove(String id) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder(id))) {
      for (Path file : files) {
        Files.delete(file);
      }
      Files.delete(folder(id));
    } catch (NoSuchFileException e) {
      log.debug("the draft {} is gone already", id);
    } catch (IOException e) {
      throw new UserErrorException(MessageCode.OUTPUT_NOT_WRITABLE.with(folder(id), e), e);
    }
  }

  private void write(Path file, Object content) {
    Path whole = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.deleteIfExists(whole);
      OwnerOnly.file(whole);
      json.writeValue(whole.toFile(), content);
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE); // the other way removes it first
    } catch (IOException e) {
      throw new UserErrorException(MessageCode.OUTPUT_NOT_WRITABLE.with(file, e), e);
    }
  }

  private Path folder(String id) {
    return folder.resolve(id);
  }
}
