package dev.kintonesync.camel.batch;

import dev.kintonesync.kintone.Answer;
import dev.kintonesync.sync.Upload;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that a run sends a file of one content and name once, however many records get it, for
 * the route {@code upload-files}. A batch that wants a file which another batch is sending waits
 * for it; it holds no other one meanwhile.
 */
final class Uploads {
  /** Kintone keeps an upload that no record has for three days. */
  private static final Duration FRESH = Duration.ofDays(2);

  /** More are not remembered: a run may have a million files. */
  private static final int REMEMBERED = 10_000;

  private static final String UPLOAD = "kintoneUpload";

  private final Set<String> inWork = new HashSet<>();
  private final Map<String, Sent> sent =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Sent> eldest) {
          return size() > REMEMBERED;
        }
      };

  private boolean sharing = true;

  private record Sent(Answer.Done answer, Instant at) {}

  /**
   * What is to be done for the upload in the body: the request that sends the file, or the answer
   * that the same file got before.
   */
  synchronized Object claim(Exchange exchange, Instant now) throws InterruptedException {
    var upload = exchange.getMessage().getBody(Upload.class);
    exchange.setProperty(UPLOAD, upload);
    // Kintone has turned out not to take an upload for two records
    sharing &= upload.shared();
    while (sharing && inWork.contains(upload.content())) {
      wait();
    }
    Sent before = sharing ? sent.get(upload.content()) : null;
    if (before != null && now.isBefore(before.at().plus(FRESH))) {
      exchange.removeProperty(UPLOAD);
      return before.answer();
    }
    inWork.add(upload.content());
    return upload.request();
  }

  /** The upload of this exchange is answered, or broke. */
  synchronized void giveBack(Exchange exchange, Instant now) {
    @Nullable Upload upload = exchange.getProperty(UPLOAD, Upload.class);
    if (upload != null) {
      inWork.remove(upload.content());
      notifyAll();
      if (exchange.getMessage().getBody() instanceof Answer.Done done) {
        sent.put(upload.content(), new Sent(done, now));
      }
    }
  }
}
