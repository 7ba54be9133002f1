package dev.kintonesync.kintone;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How we prove to Kintone who we are: API tokens (one per app that a request touches, nine at most)
 * or a login name with password; in front of either, where the domain has it, Basic authentication.
 * Source: "Authentication" of Kintone's REST API overview.
 *
 * @param apiTokens the tokens sent together in {@code X-Cybozu-API-Token}; empty with a password
 * @param login login name and password of a Kintone user, or null
 * @param basic user and password of the domain's Basic authentication, or null
 */
public record Credentials(List<String> apiTokens, @Nullable Login login, @Nullable Login basic) {

  /** A name and its password. Never printed. */
  public record Login(String name, String password) {

    private String encoded() {
      byte[] pair = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
      return Base64.getEncoder().encodeToString(pair);
    }

    @Override
    public String toString() {
      return name + ":***";
    }
  }

  public Credentials {
    apiTokens = List.copyOf(apiTokens);
  }

  /** Credentials of API tokens alone. */
  public static Credentials ofTokens(String... tokens) {
    return new Credentials(List.of(tokens), null, null);
  }

  /** Whether there is anything that Kintone would accept as a caller. */
  public boolean present() {
    return login != null || !apiTokens.isEmpty();
  }

  /** The HTTP headers that carry these credentials. The values are secrets. */
  public Map<String, String> headers() {
    var headers = new LinkedHashMap<String, String>();
    if (login != null) {
      headers.put("X-Cybozu-Authorization", login.encoded());
    } else if (!apiTokens.isEmpty()) {
      headers.put("X-Cybozu-API-Token", String.join(",", apiTokens));
    }
    if (basic != null) {
      headers.put("Authorization", "Basic " + basic.encoded());
    }
    return headers;
  }

  /** Says which kinds are present, never the secrets. */
  @Override
  public String toString() {
    return (login != null ? "password" : apiTokens.size() + " API token(s)")
        + (basic != null ? " and Basic" : "");
  }
}
