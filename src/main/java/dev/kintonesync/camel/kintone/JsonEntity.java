package dev.kintonesync.camel.kintone;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.EntityTemplate;

/**
 * JSON on its way to Kintone: written while it is sent, and never held as a whole. It is written
 * twice, first to count its bytes, since proxies may want to know them beforehand.
 */
final class JsonEntity {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);

  private JsonEntity() {}

  /** Counts what would be written. */
  private static final class Count extends OutputStream {
    private long bytes;

    @Override
    public void write(int one) {
      bytes++;
    }

    @Override
    public void write(byte[] some, int from, int length) {
      bytes += length;
    }
  }

  /** The body of a request. */
  static HttpEntity entity(JsonNode json) throws IOException {
    var count = new Count();
    MAPPER.writeValue(count, json);
    return new EntityTemplate(
        count.bytes, ContentType.APPLICATION_JSON, null, out -> MAPPER.writeValue(out, json));
  }
}
