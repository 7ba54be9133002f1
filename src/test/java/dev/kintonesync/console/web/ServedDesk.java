package dev.kintonesync.console.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.console.Desk;
import dev.kintonesync.simulator.Simulator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Serves the page of a desk beside a simulator, and sends requests to it. */
abstract class ServedDesk {
  static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path home;

  Simulator simulator;
  Desk desk;

  @BeforeEach
  void open() throws IOException {
    simulator = Simulator.start();
    desk = new Desk(home, simulator.url(), 2);
  }

  @AfterEach
  void close() {
    desk.close();
    simulator.close();
  }

  static HttpResponse<String> get(String url, String... headers) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(url)), headers);
  }

  static HttpResponse<String> post(String url, String... headers) throws Exception {
    return send(
        HttpRequest.newBuilder(URI.create(url)).POST(HttpRequest.BodyPublishers.noBody()), headers);
  }

  static HttpResponse<String> send(HttpRequest.Builder request, String... headers)
      throws Exception {
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  static JsonNode json(String url) throws Exception {
    return new ObjectMapper().readTree(get(url).body());
  }
}
