package dev.kintonesync.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kintonesync.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Plain HTTP to a Kintone, for what its own client cannot say. */
final class Wire {
  static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final String url;
  private final List<String> headers;

  /** Calls with these headers, name and value by turns. */
  Wire(String url, String... headers) {
    this.url = url;
    this.headers = List.of(headers);
  }

  static Wire withToken(String url, String token) {
    return new Wire(url, "X-Cybozu-API-Token", token);
  }

  static Wire withPassword(String url, String user, String password) {
    byte[] login = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return new Wire(url, "X-Cybozu-Authorization", Base64.getEncoder().encodeToString(login));
  }

  /** An answer as it came. */
  record Answer(HttpResponse<String> response) {
    int status() {
      return response.statusCode();
    }

    JsonNode json() {
      return parsed(response.body());
    }

    String code() {
      return json().path("code").asText();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    List<String> errorKeys() {
      List<String> keys = new ArrayList<>();
      json().path("errors").fieldNames().forEachRemaining(keys::add);
      return keys;
    }

    String message() {
      return json().path("message").asText();
    }

    List<String> messages(String key) {
      List<String> messages = new ArrayList<>();
      json().path("errors").path(key).path("messages").forEach(m -> messages.add(m.asText()));
      return messages;
    }
  }

  /** A tree of a text in which {@code '} stands for {@code "}. */
  static JsonNode json(String text) {
    return parsed(text.replace('\'', '"'));
  }

  static JsonNode parsed(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  Answer get(String pathAndQuery, String... headers) {
    return send(request(pathAndQuery, headers).GET());
  }

  /** Sends a body in which {@code '} stands for {@code "}. */
  Answer send(String method, String path, String body, String... headers) {
    return sendRaw(method, path, body.replace('\'', '"'), headers);
  }

  Answer sendRaw(String method, String path, String body, String... headers) {
    return send(
        request(path, headers)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body)));
  }

  /** Posts what is no JSON. */
  Answer postAs(String contentType, String path, String body) {
    return send(
        request(path)
            .header("Content-Type", contentType)
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  Answer post(String path, String body, String... headers) {
    return send("POST", path, body, headers);
  }

  Answer put(String path, String body, String... headers) {
    return send("PUT", path, body, headers);
  }

  Answer delete(String path, String body) {
    return send("DELETE", path, body);
  }

  private HttpRequest.Builder request(String pathAndQuery, String... more) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + pathAndQuery))
            .timeout(Patience.LIMIT)
            .header("Accept-Language", "en");
    for (int i = 0; i < headers.size(); i += 2) {
      request.setHeader(headers.get(i), headers.get(i + 1));
    }
    for (int i = 0; i < more.length; i += 2) {
      request.setHeader(more[i], more[i + 1]);
    }
    return request;
  }

  private static Answer send(HttpRequest.Builder request) {
    try {
      return new Answer(HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
