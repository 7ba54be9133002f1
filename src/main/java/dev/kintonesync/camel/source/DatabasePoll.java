package dev.kintonesync.camel.source;

import dev.kintonesync.camel.kintone.RequestContext;
import dev.kintonesync.form.Conversion;
import dev.kintonesync.settings.Source;
import dev.kintonesync.source.Checkpoint;
import dev.kintonesync.source.SourceReader;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A database that is polled. */
public final class DatabasePoll implements PollableSource {
  private final Source.Database source;
  private final Databases databases;
  private final Clock clock;

  public DatabasePoll(Source.Database source, Databases databases, Clock clock) {
    this.source = source;
    this.databases = databases;
    this.clock = clock;
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public List<@Nullable Object> question() {
    return Arrays.asList(source.url(), source.query().sql(), source.query().checkpoint());
  }

  @Override
  public boolean remembers() {
    return source.hasCheckpoint();
  }

  @Override
  public Opened open(@Nullable String since, RequestContext run) {
    var borrowed = databases.borrow(source, run);
    try {
      var opened =
          borrowed
              .source()
              .open(
                  since == null ? null : Checkpoint.parse(since),
                  clock.instant(),
                  Conversion.DEFAULT.zone());
      var reached = opened.reached();
      return new Opened(
          opened.reader().releasing(borrowed::close),
          reached == null ? null : reached.toString(),
          opened.remarks());
    } catch (RuntimeException e) {
      borrowed.close();
      throw e;
    }
  }

  @Override
  public @Nullable SourceReader preview(RequestContext run) {
    return source.hasCheckpoint() ? null : open(null, run).reader();
  }
}
