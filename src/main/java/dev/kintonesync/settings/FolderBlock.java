package dev.kintonesync.settings;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Reads which folder a job reads. */
final class FolderBlock implements KindBlock {
  private final SourceBlock shared;

  FolderBlock(SourceBlock shared) {
    this.shared = shared;
  }

  @Override
  public List<Property<?>> properties() {
    return List.of(
        PropertyCatalog.FOLDER,
        PropertyCatalog.FOLDER_QUIET_TIME,
        PropertyCatalog.DONE_FILE,
        PropertyCatalog.RESULT_FILE,
        PropertyCatalog.ENCODING,
        PropertyCatalog.GROUP_BY);
  }

  @Override
  public Source source() {
    Path folder = shared.settings().resolve(shared.block().require(PropertyCatalog.FOLDER));
    Path ours = ProgramFolders.meeting(folder, shared.settings().home());
    if (ours != null) {
      throw new UserErrorException(
          MessageCode.FOLDER_OF_THE_PROGRAM.with(
              PropertyCatalog.FOLDER.key(shared.name()), folder, ours));
    }
    Duration quiet = shared.block().value(PropertyCatalog.FOLDER_QUIET_TIME);
    return new Source.Folder(
        folder,
        quiet == null ? shared.settings().quietTime() : quiet,
        shared.block().value(PropertyCatalog.DONE_FILE),
        "on".equals(shared.block().value(PropertyCatalog.RESULT_FILE)));
  }
}
