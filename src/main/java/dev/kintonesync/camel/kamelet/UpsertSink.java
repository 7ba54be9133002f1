package dev.kintonesync.camel.kamelet;

import dev.kintonesync.camel.batch.AppSnapshot;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Job;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The Kamelet {@code kintone-upsert-sink}: messages of one record, or of a list of records. */
public final class UpsertSink extends Sink {
  private final AtomicReference<@Nullable AppSnapshot> app = new AtomicReference<>();
  private int size = 100;

  /** The code of the field that identifies records. */
  public void setUpdateKey(String updateKey) {
    say("update-key", updateKey);
  }

  /** How records are written: upsert, insert or update. */
  public void setMode(String mode) {
    say("mode", mode);
  }

  /** Which name in a record goes to which field, as in a job. */
  public void setMap(String map) {
    say("map", map);
  }

  /** How many records that come one by one go out together. */
  public void setSize(int size) {
    this.size = size;
  }

  @Override
  void check(Job job) {
    if (job.rules().deleteWhen() != null) {
      throw new UserErrorException(MessageCode.SINK_CANNOT_DELETE.with(job.name()));
    }
  }

  @Override
  int most() {
    return size;
  }

  @Override
  PendingMessage delivery(Object body) {
    if (body instanceof Map || body instanceof List) {
      return new PendingMessage(body);
    }
    throw new UserErrorException(MessageCode.MESSAGE_NOT_A_RECORD.with(body.getClass().getName()));
  }

  @Override
  boolean collects(PendingMessage delivery) {
    return delivery.isAlone();
  }

  @Override
  int sendsAtOnce() {
    return core().settings().maxWriters() + 1; // as many as a run has batches on their way
  }

  /** What is known of the app; null when it is to be read. */
  @Nullable AppSnapshot app() {
    return app.get();
  }

  /** The app was read, and is known from now on. */
  void knows(AppSnapshot read) {
    app.set(read);
  }

  /** What was known may not hold any more, unless it is known anew by now. */
  void doubts(AppSnapshot known) {
    app.compareAndSet(known, null);
  }
}
