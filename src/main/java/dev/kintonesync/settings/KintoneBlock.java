package dev.kintonesync.settings;

import dev.kintonesync.kintone.Credentials;
import dev.kintonesync.kintone.Credentials.Login;
import dev.kintonesync.kintone.KintoneConnection;
import dev.kintonesync.kintone.Limits;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads which other app of Kintone a job reads, and who asks for it. */
final class KintoneBlock implements KindBlock {
  private final SourceBlock shared;
  private final String name;
  private final JobBlock block;

  KintoneBlock(SourceBlock shared) {
    this.shared = shared;
    this.name = shared.name();
    this.block = shared.block();
  }

  @Override
  public List<Property<?>> properties() {
    return List.of(
        PropertyCatalog.SOURCE_USERNAME,
        PropertyCatalog.SOURCE_PASSWORD,
        PropertyCatalog.SOURCE_TOKEN,
        PropertyCatalog.SOURCE_APP,
        PropertyCatalog.SOURCE_BASE_URL,
        PropertyCatalog.SOURCE_GUEST_SPACE_ID,
        PropertyCatalog.QUERY,
        PropertyCatalog.CHECKPOINT,
        PropertyCatalog.OVERLAP,
        PropertyCatalog.PAGE_SIZE,
        PropertyCatalog.SOURCE_MAX_ROWS);
  }

  @Override
  public Source source() {
    var login = shared.login();
    String checkpoint = shared.checkpoint();
    String app = block.require(PropertyCatalog.SOURCE_APP);
    var own = block.connection();
    URI url = block.value(PropertyCatalog.SOURCE_BASE_URL);
    boolean elsewhere = url != null && !domain(url).equals(domain(own.baseUrl()));
    if (!elsewhere && app.equals(block.require(PropertyCatalog.APP))) {
      throw new UserErrorException(MessageCode.SOURCE_IS_TARGET.with(name, app));
    }
    return new Source.KintoneApp(
        new KintoneConnection(
            elsewhere && url != null ? url : own.baseUrl(),
            block.value(PropertyCatalog.SOURCE_GUEST_SPACE_ID),
            credentials(own, elsewhere ? url : null, login),
            own.language()),
        app,
        block.value(PropertyCatalog.QUERY),
        checkpoint,
        shared.overlap(),
        Math.min(block.require(PropertyCatalog.PAGE_SIZE), Limits.RECORDS_PER_READ));
  }

  /** One domain has two addresses: that for client certificates has an {@code .s} in it. */
  private static String domain(URI url) {
    return url.toString().toLowerCase(Locale.ROOT).replace(".s.cybozu.com", ".cybozu.com");
  }

  /** What the job has for its own Kintone is for that one only. */
  private Credentials credentials(
      KintoneConnection own, @Nullable URI elsewhere, @Nullable Login login) {
    var basic = elsewhere == null ? own.credentials().basic() : null;
    var token = shared.entries().about(PropertyCatalog.SOURCE_TOKEN.key(name));
    if (token != null) {
      return new Credentials(token.as(ValueType.TOKENS), null, basic);
    }
    if (login != null) {
      return new Credentials(List.of(), login, basic);
    }
    if (elsewhere != null) {
      throw new UserErrorException(
          MessageCode.SOURCE_APP_ELSEWHERE_WITHOUT_TOKEN.with(
              name,
              elsewhere,
              SourceBlock.tokenVariable(name),
              PropertyCatalog.SOURCE_TOKEN.key(name),
              shared.secrets()));
    }
    return own.credentials();
  }
}
