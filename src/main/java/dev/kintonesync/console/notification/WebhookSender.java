package dev.kintonesync.console.notification;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.settings.BoundedHttp;
import dev.kintonesync.settings.HttpClientFactory;
import dev.kintonesync.settings.NotificationSettings.Shape;
import dev.kintonesync.settings.NotificationSettings.Webhook;
import java.io.IOException;
import java.time.Duration;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;

/**
 * Sends notices to a chat. Slack takes a text; a workflow of Teams takes a message with an adaptive
 * card. Sources: "Sending messages using incoming webhooks" of Slack, "Create incoming webhooks
 * with Workflows" of Microsoft Teams.
 */
final class WebhookSender implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final BoundedHttp web;

  /** Sends by the way of the network, without what is to be shown to Kintone alone. */
  WebhookSender(HttpClientFactory clients) {
    this.web = new BoundedHttp(clients, TIMEOUT);
  }

  /**
   * Sends a notice.
   *
   * @throws IOException when it is not taken; without the address, which is a secret
   */
  void send(Webhook webhook, Notification notification) throws IOException {
    var body = webhook.shape() == Shape.TEAMS ? card(notification) : text(notification);
    var request = new HttpPost(webhook.url());
    request.setEntity(new StringEntity(body.toString(), ContentType.APPLICATION_JSON));
    int status = web.send(request).status();
    if (status / 100 != 2) {
      throw new IOException("HTTP " + status);
    }
  }

  @Override
  public void close() {
    web.close();
  }

  private static ObjectNode text(Notification notification) {
    return JSON.createObjectNode()
        .put("text", "*" + escaped(notification.headline()) + "*\n" + escaped(notification.text()));
  }

  /** What Slack would take for a mention or a link. */
  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static ObjectNode card(Notification notification) {
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
        .put("text", notification.headline())
        .put("weight", "Bolder")
        .put("wrap", true);
    for (String line : notification.text().split("\n", -1)) {
      body.addObject().put("type", "TextBlock").put("text", line).put("wrap", true);
    }
    return message;
  }
}
