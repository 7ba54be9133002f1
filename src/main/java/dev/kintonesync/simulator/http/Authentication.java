package dev.kintonesync.simulator.http;

import com.sun.net.httpserver.Headers;
import dev.kintonesync.simulator.rules.Caller;
import dev.kintonesync.simulator.rules.ErrorCode;
import dev.kintonesync.simulator.state.Domain;
import dev.kintonesync.simulator.state.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Who calls: password before tokens, as the headers say; Basic authentication before either. */
final class Authentication {
  private static final int MOST_TOKENS = 9;

  private Authentication() {}

  /** Whether the wall in front lets a call through: there is none, or its login is right. */
  static boolean passesWall(Headers headers, String login) {
    String expected =
        "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    return login.isEmpty() || expected.equals(headers.getFirst("Authorization"));
  }

  /** The user or holder of tokens that the headers name. */
  static Caller caller(Headers headers, Domain domain) {
    String password = headers.getFirst("X-Cybozu-Authorization");
    if (password != null) {
      return user(password, domain);
    }
    List<String> tokens = tokens(headers);
    if (tokens.isEmpty()) {
      throw ErrorCode.CB_AU01.refuse();
    }
    return holder(tokens, domain);
  }

  private static Caller user(String encoded, Domain domain) {
    String[] parts;
    try {
      byte[] decoded = Base64.getDecoder().decode(encoded.strip());
      parts = new String(decoded, StandardCharsets.UTF_8).split(":", 2);
    } catch (IllegalArgumentException e) {
      throw ErrorCode.CB_WA01.refuse();
    }
    if (parts.length < 2 || parts[0].isEmpty() || !domain.directory().accepts(parts[0], parts[1])) {
      throw ErrorCode.CB_WA01.refuse();
    }
    return Caller.user(parts[0], domain.directory().grants(parts[0]));
  }

  private static List<String> tokens(Headers headers) {
    List<String> tokens = new ArrayList<>();
    for (String header : headers.getOrDefault("X-Cybozu-API-Token", List.of())) {
      for (String token : header.split(",", -1)) {
        if (!token.isBlank()) {
          tokens.add(token.strip());
        }
      }
    }
    return tokens;
  }

  private static Caller holder(List<String> tokens, Domain domain) {
    if (tokens.size() > MOST_TOKENS) {
      throw ErrorCode.CB_IL02.refuse();
    }
    if (domain.tokens().acceptAny()) {
      return Caller.holder(null);
    }
    List<Tokens.Grant> grants = new ArrayList<>();
    Set<Long> apps = new HashSet<>();
    for (String token : tokens) {
      Tokens.Grant grant = domain.tokens().grant(token);
      if (grant == null) {
        throw ErrorCode.GAIA_IA02.refuse();
      }
      if (!apps.add(grant.app())) {
        throw ErrorCode.GAIA_DA03.refuse();
      }
      grants.add(grant);
    }
    return Caller.holder(List.copyOf(grants));
  }
}
