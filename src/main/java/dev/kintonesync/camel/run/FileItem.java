package dev.kintonesync.camel.run;

import dev.kintonesync.journal.Lease;
import dev.kintonesync.journal.Leases;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.ExpectedContent;
import dev.kintonesync.settings.Source;
import dev.kintonesync.source.PlainFile;
import dev.kintonesync.source.SourceFileReader;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.file.FileIdentity;
import dev.kintonesync.source.file.FileRights;
import dev.kintonesync.source.file.OwnFolder;
import dev.kintonesync.source.file.SourceFile;
import dev.kintonesync.source.file.WaitingFiles;
import dev.kintonesync.sync.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A file: claimed while it is read, and compared with what was read when it is through. */
final class FileItem implements SourceItem {
  private final Source.OneFile source;
  private final SourceOptions options;
  private final Leases leases;
  private final Clock clock;
  private volatile Path file;
  private volatile FileRights rights;
  private volatile @Nullable FileIdentity identity;
  private volatile @Nullable SourceFileReader reader;

  FileItem(Source.OneFile source, SourceOptions options, Leases leases, Clock clock) {
    this.source = source;
    this.file = source.file();
    this.rights = FileRights.of(file);
    this.options = options;
    this.leases = leases;
    this.clock = clock;
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public UserMessage naming(UserMessage reason) {
    return source.piped()
        ? reason.naming(source.file(), MessageCode.STANDARD_INPUT.with())
        : reason;
  }

  @Override
  public Lease claim() {
    return leases.file(source.file());
  }

  @Override
  public SourceReader open(RunContext run) {
    Path meant = meant();
    file = meant;
    identity = FileIdentity.of(meant);
    rights = FileRights.of(meant);
    var opened =
        SourceFile.open(meant, options.withExpected(ExpectedContent.of(run.job(), run.form())));
    reader = opened;
    return opened;
  }

  /** The file itself: links are for people who name them, and nowhere followed but here. */
  private Path meant() {
    Path file = source.file();
    if (source.named()) {
      try {
        return Files.isSymbolicLink(file) ? file.toRealPath() : file;
      } catch (IOException e) {
        throw SourceFile.refused(file, e);
      }
    }
    UserMessage objection = WaitingFiles.objection(file);
    if (objection != null) {
      throw new UserErrorException(MessageCode.FILE_PASSED_OVER.with(file, objection));
    }
    return file;
  }

  @Override
  public SourceReader preview() {
    return reader().again();
  }

  @Override
  public SourceReader again() {
    UserMessage changed = objection();
    if (changed != null) {
      throw new UserErrorException(changed);
    }
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
  public Path publish(Path written) throws IOException {
    Path named = source.rejects();
    if (named != null) {
      return Files.copy(written, named.toAbsolutePath(), StandardCopyOption.REPLACE_EXISTING);
    }
    Path beside = Objects.requireNonNull(source.file().toAbsolutePath().getParent(), "a folder");
    String name = TimestampedName.on(inKind(source.file()), clock);
    try (var folder = OwnFolder.in(beside, OwnFolder.REJECTS);
        var shown = folder.create(name, rights)) {
      Files.copy(written, shown);
      return folder.path(name);
    }
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
  public @Nullable UserMessage objection() {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
            && (!PlainFile.is(file) || !FileIdentity.of(file).equals(identity))
        ? MessageCode.SOURCE_CHANGED_WHILE_READ.with(Report.inWords(name()))
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
