package dev.kintonesync.settings;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How we prove to an HTTP API who we are: headers, for its own address only. Never printed.
 *
 * @param headers name to value; the values are secrets. Empty: it asks for nothing
 * @param secrets what may not be shown, in every form in which an answer might repeat it
 */
public record HttpAuth(Map<String, String> headers, List<String> secrets) {
  private static final String AUTHORIZATION = "Authorization";

  /** An API that asks for nothing. */
  public static final HttpAuth OPEN = new HttpAuth(Map.of(), List.of());

  public HttpAuth {
    headers = Map.copyOf(headers);
    // the longest first, or the rest of one that begins like another would be seen
    secrets = secrets.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList();
  }

  /** Makes the header of Basic authentication. */
  static HttpAuth basic(String username, String password) {
    byte[] pair = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
    String encoded = Base64.getEncoder().encodeToString(pair);
    return new HttpAuth(Map.of(AUTHORIZATION, "Basic " + encoded), List.of(password, encoded));
  }

  /** Makes the header of a bearer token. */
  static HttpAuth bearer(String token) {
    return new HttpAuth(Map.of(AUTHORIZATION, "Bearer " + token), List.of(token));
  }

  /** A token in a header of the API's own. */
  static HttpAuth header(String name, String token) {
    return new HttpAuth(Map.of(name, token), List.of(token));
  }

  /** With the token besides, where an API wants both. */
  HttpAuth and(HttpAuth other) {
    var all = new HashMap<>(headers);
    all.putAll(other.headers);
    var both = new ArrayList<>(secrets);
    both.addAll(other.secrets);
    return new HttpAuth(all, both);
  }

  /** Whether there is anything to keep secret. */
  public boolean isSecret() {
    return !headers.isEmpty();
  }

  /** A text with every secret in it made unreadable: servers like to repeat what they refuse. */
  public String hide(String text) {
    String hidden = text;
    for (String secret : secrets) {
      hidden = hidden.replace(secret, "***");
    }
    return hidden;
  }

  @Override
  public String toString() {
    return headers.keySet().toString();
  }
}
