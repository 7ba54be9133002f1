package dev.kintonesync.settings;

import dev.kintonesync.kintone.Credentials.Login;
import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
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
        Reference.URL,
        Reference.SOURCE_USERNAME,
        Reference.SOURCE_PASSWORD,
        Reference.SOURCE_TOKEN,
        Reference.SOURCE_TOKEN_HEADER,
        Reference.CHECKPOINT,
        Reference.CHECKPOINT_PARAMETER,
        Reference.OVERLAP,
        Reference.PAGE_SIZE,
        Reference.PAGING,
        Reference.PAGE_PARAMETER,
        Reference.FIRST_PAGE,
        Reference.SIZE_PARAMETER,
        Reference.NEXT,
        Reference.SOURCE_ALLOWED_HOSTS,
        Reference.SOURCE_MAX_ROWS,
        Reference.SOURCE_MAX_BYTES,
        Reference.SOURCE_MAX_TIME);
  }

  @Override
  public Source source() {
    var login = shared.login();
    String checkpoint = shared.checkpoint();
    String url = block.require(Reference.URL);
    if (url.startsWith("jdbc:")) {
      throw new RefusedException(Text.NOT_A_WEB_URL.with(Reference.URL.key(name)));
    }
    String parameter = block.value(Reference.CHECKPOINT_PARAMETER);
    if (checkpoint != null && parameter == null) {
      throw new RefusedException(
          Text.CHECKPOINT_WITHOUT_PARAMETER.with(
              name, Reference.CHECKPOINT_PARAMETER.key(name), Reference.CHECKPOINT.key(name)));
    }
    Set<String> hosts = block.value(Reference.SOURCE_ALLOWED_HOSTS);
    return new Source.Api(
        new ApiQuery(
            URI.create(url),
            block.value(Reference.POINTER),
            paging(),
            checkpoint,
            parameter,
            shared.overlap()),
        access(login),
        hosts == null ? Set.of() : hosts);
  }

  private Paging paging() {
    var kind = block.require(Reference.PAGING);
    refuseUnless(WITH_PARAMETER.contains(kind), Reference.PAGE_PARAMETER, "page, offset, cursor");
    refuseUnless(kind == Paging.Kind.PAGE, Reference.FIRST_PAGE, "page");
    refuseUnless(kind == Paging.Kind.CURSOR, Reference.NEXT, "cursor");
    refuseUnless(kind != Paging.Kind.NONE, Reference.SIZE_PARAMETER, "page, offset, cursor, link");
    String next = block.value(Reference.NEXT);
    if (kind == Paging.Kind.CURSOR && next == null) {
      throw new RefusedException(Text.NEXT_MISSING.with(name, Reference.NEXT.key(name)));
    }
    String parameter = block.value(Reference.PAGE_PARAMETER);
    return new Paging(
        kind,
        parameter == null ? kind.usualParameter() : parameter,
        block.require(Reference.FIRST_PAGE),
        block.value(Reference.SIZE_PARAMETER),
        block.require(Reference.PAGE_SIZE),
        next);
  }

  private void refuseUnless(boolean fits, Property<?> property, String kinds) {
    shared.refuse(property, fits, Text.ONLY_WITH_PAGING.with(kinds));
  }

  private Access access(@Nullable Login login) {
    String token = block.value(Reference.SOURCE_TOKEN);
    String header = block.value(Reference.SOURCE_TOKEN_HEADER);
    if (header != null && token == null) {
      throw new RefusedException(
          Text.SOURCE_TOKEN_MISSING.with(
              name,
              SourceBlock.tokenVariable(name),
              Reference.SOURCE_TOKEN.key(name),
              shared.secrets()));
    }
    boolean ofItsOwn = header != null && !header.toLowerCase(Locale.ROOT).equals("authorization");
    if (login != null && token != null && !ofItsOwn) {
      throw new RefusedException(
          Text.API_TWO_ACCESSES.with(name, Reference.SOURCE_TOKEN_HEADER.key(name)));
    }
    var basic = login == null ? Access.OPEN : Access.basic(login.name(), login.password());
    if (token == null) {
      return basic;
    }
    return basic.and(header == null ? Access.bearer(token) : Access.header(header, token));
  }
}
