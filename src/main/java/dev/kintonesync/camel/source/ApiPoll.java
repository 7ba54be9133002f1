package dev.kintonesync.camel.source;

import dev.kintonesync.camel.kintone.RequestContext;
import dev.kintonesync.form.Conversion;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.settings.HttpAuth;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.Source;
import dev.kintonesync.source.Checkpoint;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.api.ApiSource;
import dev.kintonesync.source.api.BrokenAnswerException;
import dev.kintonesync.source.api.Paging;
import dev.kintonesync.sync.Mode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP API that is polled. Where one answer holds everything, the next poll asks whether it is
 * still the same; a mirror does not, since it looks at what has become of the app as well.
 */
public final class ApiPoll implements PollableSource {
  private final Job job;
  private final Source.Api source;
  private final Apis apis;
  private final Clock clock;
  private @Nullable Supplier<SourceReader> again;

  public ApiPoll(Job job, Source.Api source, Apis apis, Clock clock) {
    this.job = job;
    this.source = source;
    this.apis = apis;
    this.clock = clock;
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public List<@Nullable Object> question() {
    var query = source.query();
    return Arrays.asList(query.url(), query.pointer(), query.paging(), query.checkpoint());
  }

  @Override
  public boolean remembers() {
    boolean single = source.query().paging().kind() == Paging.Kind.NONE;
    return source.hasCheckpoint() || (single && job.rules().mode() != Mode.MIRROR);
  }

  @Override
  public Opened open(@Nullable String since, RequestContext run) {
    boolean checkpoint = source.hasCheckpoint();
    var opening =
        new ApiSource.Opening(
            since != null && checkpoint ? Checkpoint.parse(since) : null,
            checkpoint ? null : since,
            job.bounds().assertions().isEmpty() ? run.job().options().limit() : Long.MAX_VALUE,
            expected(),
            job.bounds().source());
    try {
      var opened =
          apis.source(source, run).open(opening, clock.instant(), Conversion.DEFAULT.zone());
      again = opened.again();
      var remarks = new ArrayList<>(opened.remarks());
      if (opened.unchanged()) {
        remarks.add(MessageCode.API_UNCHANGED.with());
      }
      if (isInTheOpen(source.query().url(), source.access())) {
        remarks.add(MessageCode.API_SECRET_IN_CLEAR.with());
      }
      var reached = opened.reached();
      String last = reached == null ? null : reached.toString();
      return new Opened(opened.reader(), checkpoint ? last : opened.tag(), remarks);
    } catch (BrokenAnswerException e) {
      run.stop(MessageCode.API_BREAKS_OFF.with(name(), e.reason()));
      throw new UncheckedIOException(new IOException(e));
    }
  }

  /** What a row may lack that has nothing to say of it. */
  private List<String> expected() {
    var columns = new ArrayList<String>();
    job.map().assignments().forEach(assignment -> columns.addAll(assignment.columns()));
    if (job.map().isByName() && job.updateKey() != null) {
      columns.add(job.updateKey());
    }
    var flag = job.rules().deleteWhen();
    if (flag != null) {
      columns.add(flag.column());
    }
    return columns;
  }

  /** Whether a secret leaves this machine without encryption. */
  static boolean isInTheOpen(URI url, HttpAuth access) {
    return access.isSecret()
        && url.getScheme().equalsIgnoreCase("http")
        && !List.of("127.0.0.1", "localhost", "[::1]").contains(url.getHost());
  }

  @Override
  public @Nullable SourceReader preview(RequestContext run) {
    return again == null || source.hasCheckpoint() ? null : again.get();
  }
}
