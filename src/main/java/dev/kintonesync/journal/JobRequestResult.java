package dev.kintonesync.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.sync.Report;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a request to a service.
 *
 * @param runs the runs that it made, in their order
 * @param refusal why none could begin; null where that was not so
 * @param notYet why a file was not read, since it is not complete; null: none waits
 * @param told what else the service says of what it did
 */
public record JobRequestResult(
    List<Run> runs,
    @Nullable UserMessage refusal,
    @Nullable UserMessage notYet,
    List<UserMessage> told) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A run, as the command shows it that asked for it.
   *
   * @param reason why it ended early; null when it did not
   * @param understood what its file was taken for; null of other sources
   * @param remarks what a person should know besides
   */
  public record Run(
      Report report,
      @Nullable UserMessage reason,
      @Nullable UserMessage understood,
      List<UserMessage> remarks) {}

  public JobRequestResult {
    runs = List.copyOf(runs);
    told = List.copyOf(told);
  }

  /** What a request for runs came to. */
  public static JobRequestResult of(List<Run> runs, @Nullable UserMessage notYet) {
    return new JobRequestResult(runs, null, notYet, List.of());
  }

  /** A request in vain. */
  public static JobRequestResult refused(UserMessage why) {
    return new JobRequestResult(List.of(), why, null, List.of());
  }

  String json() {
    var node = JSON.createObjectNode();
    node.put("refusal", written(refusal));
    node.put("notYet", written(notYet));
    node.put("told", MessageJson.write(told));
    var all = node.putArray("runs");
    for (Run run : runs) {
      all.addObject()
          .put("report", ReportJson.line(run.report()))
          .put("reason", written(run.reason()))
          .put("understood", written(run.understood()))
          .put("remarks", MessageJson.write(run.remarks()));
    }
    return node.toString();
  }

  static JobRequestResult read(String json) throws JsonProcessingException {
    JsonNode node = JSON.readTree(json);
    var runs = new ArrayList<Run>();
    for (JsonNode run : node.path("runs")) {
      runs.add(
          new Run(
              ReportJson.read(run.path("report").asText()),
              read(run.path("reason")),
              read(run.path("understood")),
              MessageJson.readAll(run.path("remarks").asText())));
    }
    return new JobRequestResult(
        runs,
        read(node.path("refusal")),
        read(node.path("notYet")),
        MessageJson.readAll(node.path("told").asText()));
  }

  private static @Nullable String written(@Nullable UserMessage message) {
    return message == null ? null : MessageJson.write(message);
  }

  private static @Nullable UserMessage read(JsonNode message) throws JsonProcessingException {
    return message.isTextual() ? MessageJson.read(message.asText()) : null;
  }
}
