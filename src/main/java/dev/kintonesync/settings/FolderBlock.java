package dev.kintonesync.settings;

import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
import java.nio.file.Path;
import java.util.List;

/** Reads which folder a job reads. */
final class FolderBlock implements KindBlock {
  private final SourceBlock shared;

  FolderBlock(SourceBlock shared) {
    this.shared = shared;
  }

  @Override
  public List<Property<?>> properties() {
    return List.of(Reference.FOLDER, Reference.ENCODING, Reference.GROUP_BY);
  }

  @Override
  public Source source() {
    Path folder = shared.settings().resolve(shared.block().require(Reference.FOLDER));
    Path ours = ProgramFolders.meeting(folder, shared.settings().home());
    if (ours != null) {
      throw new RefusedException(
          Text.FOLDER_OF_THE_PROGRAM.with(Reference.FOLDER.key(shared.name()), folder, ours));
    }
    return new Source.Folder(folder);
  }
}
