package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.rules.Access;
import dev.kintonesync.simulator.rules.Complaint;
import dev.kintonesync.simulator.rules.ErrorCode;
import dev.kintonesync.simulator.rules.FileCells;
import dev.kintonesync.simulator.rules.Params;
import dev.kintonesync.simulator.rules.Problems;
import dev.kintonesync.simulator.state.Permission;
import dev.kintonesync.simulator.state.StoredFile;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** {@code file.json}: files go up to be attached to records, and come down from records. */
final class FileCalls {
  private FileCalls() {}

  static JsonNode upload(Call call) {
    Params params = call.params();
    ObjectNode file = params.object("file");
    // taken out, so that the request can be remembered without it
    JsonNode content = file.remove("content");
    if (!(content instanceof BinaryNode binary)) {
      throw Problems.refuse("file", Complaint.REQUIRED_PARAMETER);
    }
    String key =
        call.domain()
            .uploads()
            .add(
                file.path("name").asText(),
                file.path("contentType").asText(),
                binary.binaryValue());
    return Reply.object().put("fileKey", key);
  }

  /** Answers the bytes of a file, which a record that the caller may view must hold. */
  static Reply download(Call call) {
    Params params = call.params();
    String key = params.requiredText("fileKey");
    params.check();
    return call.read(
        () -> {
          long appId = StoredFile.appOf(key);
          if (call.domain().app(appId) == null) {
            throw ErrorCode.GAIA_BL01.refuse(key);
          }
          Access.Live app = call.access().live(appId, Permission.VIEW);
          StoredFile file = FileCells.find(app.app(), app.design(), key);
          if (file == null) {
            throw ErrorCode.GAIA_BL01.refuse(key);
          }
          String name = URLEncoder.encode(file.name(), StandardCharsets.UTF_8).replace("+", "%20");
          return new Reply(200, file.contentType(), file.content(), Map.of())
              .with(Map.of("Content-Disposition", "attachment; filename*=UTF-8''" + name));
        });
  }
}
