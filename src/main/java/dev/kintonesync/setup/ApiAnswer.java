package dev.kintonesync.setup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.settings.BoundedHttp;
import dev.kintonesync.settings.HttpClientFactory;
import dev.kintonesync.settings.Network;
import dev.kintonesync.settings.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.jspecify.annotations.Nullable;

/**
 * The first answer of an API as it is: where in it the list of records may be, and what may lead to
 * the next page. For a person who does not know either yet.
 */
final class ApiAnswer {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST = 2_000_000;
  private static final int EXCERPT = 800;
  private static final int DEPTH = 5;
  private static final int MOST = 10;
  private static final Pattern NEXT =
      Pattern.compile("(?i).*(next|cursor|continu|after|more_?url|page_?token).*");

  private final List<String> lists = new ArrayList<>();
  private final List<String> next = new ArrayList<>();

  private ApiAnswer() {}

  /** Asks the API once, without following redirects; null: it says nothing that can be shown. */
  static @Nullable ObjectNode of(Source.Api api, Network network) {
    var clients = new HttpClientFactory(network.withoutCertificate());
    try (var web = new BoundedHttp(clients, JobSetup.Home.PATIENCE, LONGEST)) {
      var get = new HttpGet(api.query().url());
      get.setHeader("Accept", "application/json");
      api.access().headers().forEach(get::setHeader);
      var reply = web.send(get);
      String text = api.access().hide(new String(reply.body(), StandardCharsets.UTF_8));
      var answer = new ApiAnswer();
      if (reply.status() == 200) {
        answer.look(read(text), "", 0);
      }
      var view = SetupJson.object().put("status", reply.status());
      view.set("lists", SetupJson.names(answer.lists));
      view.set("next", SetupJson.names(answer.next));
      return view.put("excerpt", text.substring(0, Math.min(EXCERPT, text.length())));
    } catch (IOException e) {
      return null; // why it does not answer is said of the rows
    }
  }

  private static JsonNode read(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return JSON.nullNode(); // a part of a long answer, or none in JSON
    }
  }

  private void look(JsonNode node, String pointer, int depth) {
    if (depth > DEPTH || lists.size() + next.size() >= MOST) {
      return;
    }
    if (node.isArray()) {
      if (node.isEmpty() || node.get(0).isObject()) {
        lists.add(pointer);
      }
      return;
    }
    for (var member : node.properties()) {
      String name = member.getKey().replace("~", "~0").replace("/", "~1");
      String place = pointer + "/" + name;
      JsonNode value = member.getValue();
      if ((value.isTextual() || value.isNumber() || value.isNull())
          && NEXT.matcher(member.getKey()).matches()) {
        next.add(place);
      }
      look(value, place, depth + 1);
    }
  }
}
