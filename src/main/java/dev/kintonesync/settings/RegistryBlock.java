package dev.kintonesync.settings;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import org.jspecify.annotations.Nullable;

/** Reads which registry holds the schemas of a topic, and who asks for them. */
final class RegistryBlock {
  private final SourceBlock shared;
  private final String name;
  private final JobBlock block;

  RegistryBlock(SourceBlock shared) {
    this.shared = shared;
    this.name = shared.name();
    this.block = shared.block();
  }

  /** The variable that holds a job's password: {@code REGISTRY_PASSWORD_CUSTOMERS}. */
  static String passwordVariable(String job) {
    return "REGISTRY_PASSWORD_" + JobKey.inVariable(job);
  }

  /** The variable that holds a job's token: {@code REGISTRY_TOKEN_CUSTOMERS}. */
  static String tokenVariable(String job) {
    return "REGISTRY_TOKEN_" + JobKey.inVariable(job);
  }

  /** Returns the registry; null where none is named. */
  Source.@Nullable Registry registry() {
    var url = block.value(PropertyCatalog.REGISTRY);
    if (url == null) {
      var needed = MessageCode.ONLY_WITH_REGISTRY.with(PropertyCatalog.REGISTRY.key(name));
      shared.refuse(PropertyCatalog.REGISTRY_USERNAME, false, needed);
      shared.refuse(PropertyCatalog.REGISTRY_PASSWORD, false, needed);
      shared.refuse(PropertyCatalog.REGISTRY_TOKEN, false, needed);
      return null;
    }
    return new Source.Registry(url, access());
  }

  private HttpAuth access() {
    String username = block.value(PropertyCatalog.REGISTRY_USERNAME);
    String password = block.value(PropertyCatalog.REGISTRY_PASSWORD);
    String token = block.value(PropertyCatalog.REGISTRY_TOKEN);
    if (token != null) {
      var both = MessageCode.REGISTRY_TWO_ACCESSES.with(PropertyCatalog.REGISTRY_TOKEN.key(name));
      shared.refuse(PropertyCatalog.REGISTRY_USERNAME, false, both);
      shared.refuse(PropertyCatalog.REGISTRY_PASSWORD, false, both);
      return HttpAuth.bearer(token);
    }
    if (password != null && username == null) {
      throw new UserErrorException(
          MessageCode.SOURCE_USERNAME_MISSING.with(
              name, PropertyCatalog.REGISTRY_USERNAME.key(name)));
    }
    if (username != null && password == null) {
      throw new UserErrorException(
          MessageCode.SOURCE_PASSWORD_MISSING.with(
              name,
              passwordVariable(name),
              PropertyCatalog.REGISTRY_PASSWORD.key(name),
              shared.secrets()));
    }
    return username == null || password == null
        ? HttpAuth.OPEN
        : HttpAuth.basic(username, password);
  }
}
