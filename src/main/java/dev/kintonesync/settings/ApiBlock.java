package dev.kintonesync.settings;

import dev.kintonesync.kintone.Credentials.Login;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.api.ApiQuery;
import dev.kintonesync.source.api.Paging;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads which HTTP API a job asks, and how. */
final class ApiBlock implements KindBlock {
  private static final Set<Paging.Kind> WITH_PARAMETER =
      Set.of(Paging.Kind.PAGE, Paging.Kind.OFFSET, Paging.Kind.CURSOR);

  private final SourceBlock shared;
  private final String name;
  private final JobBlock block;

  ApiBlock(SourceBlock shared) {
    this.shared = shared;
    this.name = shared.name();
    this.block = shared.block();
  }

  @Override
  public List<Property<?>> properties() {
    return List.of(
        PropertyCatalog.URL,
        PropertyCatalog.SOURCE_USERNAME,
        PropertyCatalog.SOURCE_PASSWORD,
        PropertyCatalog.SOURCE_TOKEN,
        PropertyCatalog.SOURCE_TOKEN_HEADER,
        PropertyCatalog.CHECKPOINT,
        PropertyCatalog.CHECKPOINT_PARAMETER,
        PropertyCatalog.OVERLAP,
        PropertyCatalog.PAGE_SIZE,
        PropertyCatalog.PAGING,
        PropertyCatalog.PAGE_PARAMETER,
        PropertyCatalog.FIRST_PAGE,
        PropertyCatalog.SIZE_PARAMETER,
        PropertyCatalog.NEXT,
        PropertyCatalog.HAS_MORE,
        PropertyCatalog.LAST_PAGE,
        PropertyCatalog.SOURCE_ALLOWED_HOSTS,
        PropertyCatalog.SOURCE_MAX_ROWS,
        PropertyCatalog.SOURCE_MAX_BYTES,
        PropertyCatalog.SOURCE_MAX_TIME);
  }

  @Override
  public Source source() {
    var login = shared.login();
    String checkpoint = shared.checkpoint();
    String url = block.require(PropertyCatalog.URL);
    if (url.startsWith("jdbc:")) {
      throw new UserErrorException(MessageCode.NOT_A_WEB_URL.with(PropertyCatalog.URL.key(name)));
    }
    String parameter = block.value(PropertyCatalog.CHECKPOINT_PARAMETER);
    if (checkpoint != null && parameter == null) {
      throw new UserErrorException(
          MessageCode.CHECKPOINT_WITHOUT_PARAMETER.with(
              name,
              PropertyCatalog.CHECKPOINT_PARAMETER.key(name),
              PropertyCatalog.CHECKPOINT.key(name)));
    }
    Set<String> hosts = block.value(PropertyCatalog.SOURCE_ALLOWED_HOSTS);
    return new Source.Api(
        new ApiQuery(
            URI.create(url),
            block.value(PropertyCatalog.POINTER),
            paging(),
            checkpoint,
            parameter,
            shared.overlap()),
        access(login),
        hosts == null ? Set.of() : hosts);
  }

  private Paging paging() {
    var kind = block.require(PropertyCatalog.PAGING);
    refuseUnless(
        WITH_PARAMETER.contains(kind), PropertyCatalog.PAGE_PARAMETER, "page, offset, cursor");
    refuseUnless(kind == Paging.Kind.PAGE, PropertyCatalog.FIRST_PAGE, "page");
    refuseUnless(kind == Paging.Kind.CURSOR, PropertyCatalog.NEXT, "cursor");
    refuseUnless(kind != Paging.Kind.NONE, PropertyCatalog.HAS_MORE, "page, offset, cursor, link");
    refuseUnless(
        kind == Paging.Kind.PAGE || kind == Paging.Kind.OFFSET,
        PropertyCatalog.LAST_PAGE,
        "page, offset");
    refuseUnless(
        kind != Paging.Kind.NONE, PropertyCatalog.SIZE_PARAMETER, "page, offset, cursor, link");
    String next = block.value(PropertyCatalog.NEXT);
    if (kind == Paging.Kind.CURSOR && next == null) {
      throw new UserErrorException(
          MessageCode.NEXT_MISSING.with(name, PropertyCatalog.NEXT.key(name)));
    }
    String parameter = block.value(PropertyCatalog.PAGE_PARAMETER);
    return new Paging(
        kind,
        parameter == null ? kind.usualParameter() : parameter,
        block.require(PropertyCatalog.FIRST_PAGE),
        block.value(PropertyCatalog.SIZE_PARAMETER),
        block.require(PropertyCatalog.PAGE_SIZE),
        next,
        block.value(PropertyCatalog.HAS_MORE),
        block.require(PropertyCatalog.LAST_PAGE));
  }

  private void refuseUnless(boolean fits, Property<?> property, String kinds) {
    shared.refuse(property, fits, MessageCode.ONLY_WITH_PAGING.with(kinds));
  }

  private HttpAuth access(@Nullable Login login) {
    String token = block.value(PropertyCatalog.SOURCE_TOKEN);
    String header = block.value(PropertyCatalog.SOURCE_TOKEN_HEADER);
    if (header != null && token == null) {
      throw new UserErrorException(
          MessageCode.SOURCE_TOKEN_MISSING.with(
              name,
              SourceBlock.tokenVariable(name),
              PropertyCatalog.SOURCE_TOKEN.key(name),
              shared.secrets()));
    }
    boolean ofItsOwn = header != null && !header.toLowerCase(Locale.ROOT).equals("authorization");
    if (login != null && token != null && !ofItsOwn) {
      throw new UserErrorException(
          MessageCode.API_TWO_ACCESSES.with(name, PropertyCatalog.SOURCE_TOKEN_HEADER.key(name)));
    }
    var basic = login == null ? HttpAuth.OPEN : HttpAuth.basic(login.name(), login.password());
    if (token == null) {
      return basic;
    }
    return basic.and(header == null ? HttpAuth.bearer(token) : HttpAuth.header(header, token));
  }
}
