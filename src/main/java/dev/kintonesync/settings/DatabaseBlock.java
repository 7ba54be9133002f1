package dev.kintonesync.settings;

import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
import dev.kintonesync.source.database.DatabaseQuery;
import java.util.List;

/** Reads which database a job asks, and what. */
final class DatabaseBlock implements KindBlock {
  private final SourceBlock shared;

  DatabaseBlock(SourceBlock shared) {
    this.shared = shared;
  }

  @Override
  public List<Property<?>> properties() {
    return List.of(
        Reference.URL,
        Reference.SOURCE_USERNAME,
        Reference.SOURCE_PASSWORD,
        Reference.QUERY,
        Reference.CHECKPOINT,
        Reference.UNIQUE,
        Reference.OVERLAP,
        Reference.PAGE_SIZE,
        Reference.FETCH_SIZE,
        Reference.SOURCE_MAX_ROWS);
  }

  @Override
  public Source source() {
    var block = shared.block();
    String url = block.require(Reference.URL);
    if (!url.startsWith("jdbc:")) {
      throw new RefusedException(Text.NOT_A_DATABASE_URL.with(Reference.URL.key(shared.name())));
    }
    var login = shared.login();
    return new Source.Database(
        url,
        login == null ? null : login.name(),
        login == null ? null : login.password(),
        new DatabaseQuery(
            block.require(Reference.QUERY),
            shared.checkpoint(),
            block.value(Reference.UNIQUE),
            shared.overlap(),
            block.require(Reference.PAGE_SIZE),
            block.require(Reference.FETCH_SIZE)));
  }
}
