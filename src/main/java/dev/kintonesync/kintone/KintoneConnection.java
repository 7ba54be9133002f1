package dev.kintonesync.kintone;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A Kintone domain as one caller sees it.
 *
 * @param baseUrl scheme and host, such as {@code https://example.cybozu.com}; without a path
 * @param guestSpace the guest space in which the apps lie, or null for ordinary spaces
 * @param credentials who calls
 * @param language {@code en} or {@code ja}: the language of Kintone's messages
 */
public record KintoneConnection(
    URI baseUrl, @Nullable String guestSpace, Credentials credentials, String language) {

  /**
   * The path of a resource of the REST API, in the guest space where there is one: {@code
   * records.json} becomes {@code /k/v1/records.json} or {@code /k/guest/3/v1/records.json}.
   */
  public String path(String resource) {
    return guestSpace == null ? "/k/v1/" + resource : "/k/guest/" + guestSpace + "/v1/" + resource;
  }
}
