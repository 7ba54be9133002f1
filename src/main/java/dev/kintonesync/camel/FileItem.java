package dev.kintonesync.camel;

import dev.kintonesync.journal.Claim;
import dev.kintonesync.journal.Claims;
import dev.kintonesync.message.Message;
import dev.kintonesync.message.Text;
import dev.kintonesync.settings.Source;
import dev.kintonesync.source.FileIdentity;
import dev.kintonesync.source.SourceFile;
import dev.kintonesync.source.SourceFileReader;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.source.SourceReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A file: claimed while it is read, and compared with what was read when it is through. */
final class FileItem implements Item {
  private final Source.OneFile source;
  private final SourceOptions options;
  private final Claims claims;
  private final Clock clock;
  private volatile @Nullable FileIdentity identity;
  private volatile @Nullable SourceFileReader reader;

  FileItem(Source.OneFile source, SourceOptions options, Claims claims, Clock clock) {
    this.source = source;
    this.options = options;
    this.claims = claims;
    this.clock = clock;
  }

  @Override
  public String name() {
    return source.file().toString();
  }

  @Override
  public Claim claim() {
    return claims.file(source.file());
  }

  @Override
  public SourceReader open(Run run) {
    identity = FileIdentity.of(source.file());
    var opened = SourceFile.open(source.file(), options);
    reader = opened;
    return opened;
  }

  @Override
  public SourceReader preview() {
    return reader().again();
  }

  private SourceFileReader reader() {
    return Objects.requireNonNull(reader, "the file is opened first");
  }

  @Override
  public String rejectsName() {
    return "rejects" + reader().format().extension();
  }

  @Override
  public Path rejects() {
    Path named = source.rejects();
    Path file = source.file();
    return named != null
        ? named.toAbsolutePath()
        : file.toAbsolutePath().resolveSibling("rejects").resolve(Stamp.on(inKind(file), clock));
  }

  /** The name with the ending of its kind: {@code a.jsonl} for {@code a.json.gz}. */
  private Path inKind(Path file) {
    String name = String.valueOf(file.getFileName()).replaceFirst("(?i)\\.(gz|zip)$", "");
    int dot = name.lastIndexOf('.');
    return Path.of((dot <= 0 ? name : name.substring(0, dot)) + reader().format().extension());
  }

  @Override
  public boolean rejectsAreNamed() {
    return source.rejects() != null;
  }

  /** A file that is gone was read to its end all the same; only another content is a change. */
  @Override
  public @Nullable Message objection() {
    Path file = source.file();
    return Files.exists(file) && !FileIdentity.of(file).equals(identity)
        ? Text.SOURCE_CHANGED_WHILE_READ.with(name())
        : null;
  }

  @Override
  public void settled() {
    // whoever sent the file knows where it goes
  }

  @Override
  public @Nullable FileIdentity identity() {
    return identity;
  }
}
