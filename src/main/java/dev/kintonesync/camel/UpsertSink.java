package dev.kintonesync.camel;

import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
import dev.kintonesync.settings.Job;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Kamelet {@code kintone-upsert-sink}: messages of one record, or of a list of records. */
public final class UpsertSink extends Sink {
  private int size = 100;
  private volatile @Nullable App app;

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
      throw new RefusedException(Text.SINK_CANNOT_DELETE.with(job.name()));
    }
  }

  @Override
  int most() {
    return size;
  }

  @Override
  Delivery delivery(Object body) {
    if (body instanceof Map || body instanceof List) {
      return new Delivery(body);
    }
    throw new RefusedException(Text.MESSAGE_NOT_A_RECORD.with(body.getClass().getName()));
  }

  /** What is known of the app; null when it is to be read. */
  @Nullable App app() {
    return app;
  }

  void app(@Nullable App known) {
    app = known;
  }
}
