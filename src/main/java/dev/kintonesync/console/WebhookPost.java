package dev.kintonesync.console;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.settings.Notifying.Shape;
import dev.kintonesync.settings.Notifying.Webhook;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * Sends notices to a chat. Slack takes a text; a workflow of Teams takes a message with an adaptive
 * card. Sources: "Sending messages using incoming webhooks" of Slack, "Create incoming webhooks
 * with Workflows" of Microsoft Teams.
 */
final class WebhookPost {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();

  /**
   * Sends a notice.
   *
   * @throws IOException when it is not taken; without the address, which is a secret
   */
  void send(Webhook webhook, Notice notice) throws IOException, InterruptedException {
    var body = webhook.shape() == Shape.TEAMS ? card(notice) : text(notice);
    var request =
        HttpRequest.newBuilder(webhook.url())
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json; charset=utf-8")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    if (status / 100 != 2) {
      throw new IOException("HTTP " + status);
    }
  }

  private static ObjectNode text(Notice notice) {
    return JSON.createObjectNode()
        .put("text", "*" + escaped(notice.headline()) + "*\n" + escaped(notice.text()));
  }

  /** What Slack would take for a mention or a link. */
  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static ObjectNode card(Notice notice) {
    var message = JSON.createObjectNode().put("type", "message");
    var content =
        message
            .putArray("attachments")
            .addObject()
            .put("contentType", "application/vnd.microsoft.card.adaptive")
            .putObject("content");
    content
        .put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
        .put("type", "AdaptiveCard")
        .put("version", "1.4");
    var body = content.putArray("body");
    body.addObject()
        .put("type", "TextBlock")
        .put("text", notice.headline())
        .put("weight", "Bolder")
        .put("wrap", true);
    for (String line : notice.text().split("\n", -1)) {
      body.addObject().put("type", "TextBlock").put("text", line).put("wrap", true);
    }
    return message;
  }
}
