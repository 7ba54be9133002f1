package dev.kintonesync.sync;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.KintoneRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How records, requests and answers are written in the tests of plans. */
final class Notation {
  private static final Pattern CELL = Pattern.compile("([^\\s=]+)=(.*?)(?=\\s+[^\\s=]+=|$)");
  private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  private Notation() {}

  /** The cells of a record as it is written in a test: {@code name=A amount=5}. */
  static Map<String, String> cells(String written) {
    var cells = new LinkedHashMap<String, String>();
    CELL.matcher(written).results().forEach(cell -> cells.put(cell.group(1), cell.group(2)));
    return cells;
  }

  static List<String> keys(KintoneRequest lookUp) {
    return QUOTED
        .matcher(lookUp.payload().path("query").asText().split("\\) ?(and|limit)")[0])
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  /** Requests, one line for each. */
  static List<String> written(List<KintoneRequest> requests) {
    return requests.stream().map(Notation::written).toList();
  }

  private static String written(KintoneRequest request) {
    JsonNode payload = payload(request);
    if (request.isUpload()) {
      return "upload " + payload.path("name").asText();
    } else if (request.isDownload()) {
      return "download " + payload.path("fileKey").asText();
    } else if (request.isRead()) {
      String query = payload.path("query").asText();
      String scope = query.replaceAll("^.*?\"\\)", "").replaceAll(" limit \\d+$", "");
      String app = request.app().equals("1") ? "" : request.app();
      return "?" + app + " " + String.join(" ", keys(request)) + scope;
    }
    var records = new ArrayList<String>();
    switch (request.verb()) {
      case POST -> payload.path("records").forEach(record -> records.add(inserted(record)));
      case PUT ->
          payload
              .path("records")
              .forEach(
                  r ->
                      records.add(
                          place(r.path("id"), r.path("revision"))
                              + written(cells(r.path("record")))));
      default -> {
        for (int i = 0; i < payload.path("ids").size(); i++) {
          records.add(place(payload.path("ids").get(i), payload.path("revisions").get(i)));
        }
      }
    }
    return request.verb() + " " + String.join("; ", records);
  }

  private static String place(JsonNode id, JsonNode revision) {
    return "#" + id.asText() + " r" + revision.asText();
  }

  private static String inserted(JsonNode record) {
    var cells = cells(record);
    JsonNode key = cells.containsKey("code") ? cells.remove("code") : cells.remove("serial");
    return (key == null ? "" : key.asText()) + written(cells);
  }

  private static Map<String, JsonNode> cells(JsonNode record) {
    var cells = new LinkedHashMap<String, JsonNode>();
    record.properties().forEach(c -> cells.put(c.getKey(), c.getValue().path("value")));
    return cells;
  }

  /** The payload as it goes out. */
  static JsonNode payload(KintoneRequest request) {
    try {
      return new ObjectMapper().readTree(request.payload().toString());
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /** Values as they are written in tests, each after a space. */
  static String written(Map<String, JsonNode> values) {
    return values.entrySet().stream()
        .map(each -> " " + each.getKey() + "=" + text(each.getValue()))
        .collect(Collectors.joining());
  }

  private static String text(JsonNode value) {
    if (value.isNull()) {
      return "";
    }
    return value.isValueNode() ? value.asText() : value.toString();
  }

  /**
   * An answer as it is written in tests: {@code unsent}, {@code lost}, {@code late}, or an error
   * code with the part of the bulkRequest after an {@code @}, and what the words name: places such
   * as {@code records[0].name.value}, an id {@code #7}, or a value {@code branch=B1}.
   */
  static Answer answer(String written) {
    String[] words = written.strip().split(" ");
    String[] code = words[0].split("@");
    int part = code.length == 1 ? 0 : Integer.parseInt(code[1]);
    if (written.equals("unsent")) {
      return new Answer.Unsent("no connection");
    } else if (written.equals("lost") || written.equals("late")) {
      return new Answer.Unknown("no answer", written.equals("late"));
    }
    String said = "refused";
    var places = new LinkedHashMap<String, List<String>>();
    for (int i = 1; i < words.length; i++) {
      if (words[i].startsWith("records[")) {
        places.put(words[i], List.of("wrong"));
      } else if (words[i].startsWith("#")) {
        said = "The specified record (ID: " + words[i].substring(1) + ") is not found.";
      } else {
        String[] cell = words[i].split("=");
        said =
            "A value %s in the field %s does not exist in the datasource app for lookup, or ..."
                .formatted(cell[1], cell[0]);
      }
    }
    return new Answer.Refused(400, code[0], said, places, part);
  }
}
