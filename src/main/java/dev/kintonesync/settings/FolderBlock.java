package dev.kintonesync.settings;

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
    return new Source.Folder(shared.settings().resolve(shared.block().require(Reference.FOLDER)));
  }
}
