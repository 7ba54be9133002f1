package dev.kintonesync.settings;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
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
        PropertyCatalog.URL,
        PropertyCatalog.SOURCE_USERNAME,
        PropertyCatalog.SOURCE_PASSWORD,
        PropertyCatalog.QUERY,
        PropertyCatalog.CHECKPOINT,
        PropertyCatalog.UNIQUE,
        PropertyCatalog.OVERLAP,
        PropertyCatalog.PAGE_SIZE,
        PropertyCatalog.FETCH_SIZE,
        PropertyCatalog.SOURCE_MAX_ROWS);
  }

  @Override
  public Source source() {
    var block = shared.block();
    String url = block.require(PropertyCatalog.URL);
    if (!url.startsWith("jdbc:")) {
      throw new UserErrorException(
          MessageCode.NOT_A_DATABASE_URL.with(PropertyCatalog.URL.key(shared.name())));
    }
    var login = shared.login();
    return new Source.Database(
        url,
        login == null ? null : login.name(),
        login == null ? null : login.password(),
        new DatabaseQuery(
            block.require(PropertyCatalog.QUERY),
            shared.checkpoint(),
            block.value(PropertyCatalog.UNIQUE),
            shared.overlap(),
            block.require(PropertyCatalog.PAGE_SIZE),
            block.require(PropertyCatalog.FETCH_SIZE)));
  }
}
