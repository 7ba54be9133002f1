package dev.kintonesync.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known of operations, as a folder with a file for each id. Several processes may share the
 * folder where its file system knows hard links.
 *
 * <p>These are files and no rows of the journal, as every one of them has to outlive a kill: when
 * H2 opens a file that a killed process has left, it may go back to an older state of it.
 */
public final class OperationFolder implements OperationRepository {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ENDING = ".json";

  private final Path folder;

  /**
   * Makes the folder when it is missing.
   *
   * @throws UserErrorException when it cannot be made or written to
   */
  public OperationFolder(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
    guarded(
        () -> {
          OwnerOnly.folders(this.folder);
          Files.delete(written(""));
          return true;
        });
  }

  @Override
  public @Nullable Kept find(String id) {
    try {
      return read(file(id));
    } catch (IOException e) {
      throw unkept(e);
    }
  }

  private static @Nullable Kept read(Path file) throws IOException {
    JsonNode kept;
    try {
      kept = JSON.readTree(Files.readString(file));
    } catch (NoSuchFileException none) {
      return null;
    }
    return new Kept(
        kept.path("digest").asText(),
        kept.path("revisions").asText(),
        Instant.parse(kept.path("begunAt").asText()),
        kept.path("answer").textValue());
  }

  @Override
  public synchronized boolean begin(String id, Kept intent) {
    return guarded(
        () -> {
          Path whole = written(text(id, intent));
          try {
            Files.createLink(file(id), whole); // the one call that never replaces a file
            return true;
          } catch (FileAlreadyExistsException there) {
            return false;
          } catch (UnsupportedOperationException unknown) {
            if (Files.exists(file(id))) {
              return false;
            }
            replace(whole, file(id));
            return true;
          } finally {
            Files.deleteIfExists(whole);
          }
        });
  }

  @Override
  public synchronized void complete(String id, String answer) {
    guarded(
        () -> {
          var begun = read(file(id));
          if (begun != null) {
            var completed = new Kept(begun.digest(), begun.revisions(), begun.begunAt(), answer);
            replace(written(text(id, completed)), file(id));
          }
          return true;
        });
  }

  @Override
  public void forget(String id) {
    guarded(() -> Files.deleteIfExists(file(id)));
  }

  @Override
  public synchronized void forgetCompleted(Instant before) {
    guarded(
        () -> {
          try (var files = Files.newDirectoryStream(folder, "*" + ENDING)) {
            for (Path file : files) {
              var kept = read(file);
              if (kept != null && kept.answer() != null && kept.begunAt().isBefore(before)) {
                Files.deleteIfExists(file);
              }
            }
          }
          return true;
        });
  }

  private static String text(String id, Kept kept) {
    return JSON.createObjectNode()
        .put("id", id)
        .put("digest", kept.digest())
        .put("revisions", kept.revisions())
        .put("begunAt", kept.begunAt().toString())
        .put("answer", kept.answer())
        .toString();
  }

  /** A new file that the disk has whole. */
  private Path written(String text) throws IOException {
    Path file = folder.resolve(UUID.randomUUID() + ".part");
    try (var out = OwnerOnly.append(file)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.getFD().sync();
    }
    return file;
  }

  private static void replace(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private Path file(String id) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      return folder.resolve(HexFormat.of().formatHex(hash) + ENDING);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private interface Work {
    boolean done() throws IOException;
  }

  private boolean guarded(Work work) {
    try {
      return work.done();
    } catch (IOException e) {
      throw unkept(e);
    }
  }

  private UserErrorException unkept(IOException e) {
    return new UserErrorException(MessageCode.OPERATIONS_UNKEPT.with(folder, e), e);
  }
}
