package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.simulator.rules.ErrorCode;
import dev.kintonesync.simulator.rules.FieldError;
import dev.kintonesync.simulator.rules.FileKey;
import dev.kintonesync.simulator.rules.Params;
import dev.kintonesync.simulator.rules.Problems;
import dev.kintonesync.simulator.state.Permission;
import dev.kintonesync.simulator.state.StoredFile;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** {@code file.json}: up before a record is written, down by the key a record shows. */
final class FileCalls {
  private FileCalls() {}

  static JsonNode upload(Call call) {
    Upload upload = call.upload();
    if (upload == null) {
      throw Problems.refuse("file", FieldError.REQUIRED_PARAMETER);
    }
    ErrorCode.refuseWhenFull(call.domain());
    String key =
        call.domain().files().upload(upload.name(), upload.contentType(), upload.content());
    return Reply.object().put("fileKey", key);
  }

  static Reply download(Call call) {
    Params params = call.params();
    String text = params.requiredText("fileKey");
    params.check();
    StoredFile file =
        call.read(
            () -> {
              FileKey key = FileKey.of(text);
              StoredFile found =
                  key == null || call.domain().app(key.app()) == null
                      ? null
                      : key.in(call.access().live(key.app(), Permission.VIEW).app());
              if (found == null) {
                throw ErrorCode.GAIA_BL01.refuse(text);
              }
              return found;
            });
    String name = URLEncoder.encode(file.name(), StandardCharsets.UTF_8).replace("+", "%20");
    return new Reply(
        200,
        file.contentType(),
        file.content(),
        Map.of("Content-Disposition", "attachment; filename*=UTF-8''" + name));
  }
}
