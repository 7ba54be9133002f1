package dev.kintonesync.source.api;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.Shown;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.Checkpoint;
import dev.kintonesync.source.SourceBounds;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.SourceRecord;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.Charset;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The door to HTTP APIs: gathers all pages of a poll so that callers see a {@link SourceReader}
 * only. The rows are read when the last page has come; until then nothing of them is used.
 *
 * <p>With a checkpoint, rows are asked for from the value on that the last poll came to, less the
 * overlap, and the greatest value that was read is the next checkpoint. It is not later than the
 * beginning of the poll: a row that is saved while pages are read belongs to the next one.
 */
public final class ApiSource {
  private final ApiQuery query;
  private final Pages pages;

  /** Takes the body of an answer, from its first byte; another attempt hands over another body. */
  @FunctionalInterface
  public interface Body {

    /**
     * Reads a body to its end.
     *
     * @param charset as the answer names it; null when it does not
     * @throws IOException when it breaks off
     * @throws BrokenAnswerException when it comes to its end and is of no use
     */
    void take(InputStream content, @Nullable Charset charset) throws IOException;
  }

  /** Asks for pages over HTTP. */
  @FunctionalInterface
  public interface Pages {

    /**
     * Asks for a page; its body is taken once from its first byte to its last.
     *
     * @param tag by which the last answer was known; null: the page is wanted whatever it is
     * @throws RuntimeException when it cannot be had, also after other attempts
     */
    Answered get(URI address, @Nullable String tag, Body body);
  }

  /**
   * What is known of a page besides its rows.
   *
   * @param address where it lay in the end
   * @param unchanged whether it is the one that the tag stands for; then it has no body
   * @param next what the {@code Link} header says of the next page; null for nothing
   * @param tag by which this answer is known again; null when it has none
   */
  public record Answered(
      URI address, boolean unchanged, @Nullable String next, @Nullable String tag) {}

  /**
   * How a poll is to be opened.
   *
   * @param since the checkpoint that the last poll came to; null: all rows are read
   * @param tag by which the answer of the last poll was known; null: it is read in any case
   * @param limit no further page is asked for when there are so many rows
   * @param expected columns that are there even if no row of this poll has them
   * @param bounds how much may come
   */
  public record Opening(
      @Nullable Checkpoint since,
      @Nullable String tag,
      long limit,
      List<String> expected,
      SourceBounds bounds) {}

  /**
   * A poll that was opened.
   *
   * @param reader its rows; the caller closes it
   * @param again opens the same rows once more, until the reader is closed
   * @param reached the checkpoint to be kept when all of them are settled; null: none
   * @param tag by which the answer is known again; null when it cannot be
   * @param unchanged whether nothing has changed since the last poll, so that there are no rows
   * @param remarks what a person should know of it
   */
  public record Opened(
      SourceReader reader,
      Supplier<SourceReader> again,
      @Nullable Checkpoint reached,
      @Nullable String tag,
      boolean unchanged,
      List<UserMessage> remarks) {}

  public ApiSource(ApiQuery query, Pages pages) {
    this.query = query;
    this.pages = pages;
  }

  /**
   * Gathers the pages.
   *
   * @param zone the zone of times that have none
   * @throws UserErrorException when the API does not take what is asked, or a column is not fit
   * @throws BrokenAnswerException when an answer is of no use
   * @throws java.io.UncheckedIOException when the API is out of reach
   */
  public Opened open(Opening opening, Instant now, ZoneId zone) {
    var greatest = new MaxValue(query.checkpoint(), now, zone);
    var answers = ApiAnswers.none(query, greatest, opening.bounds());
    try {
      var last = gather(answers, opening);
      var columns = new LinkedHashSet<>(answers.names());
      if (opening.since() != null || answers.rows() == 0) {
        columns.addAll(opening.expected());
      }
      var names = List.copyOf(columns);
      return new Opened(
          new ApiReader(answers, names, answers::close),
          () -> new ApiReader(answers, names, () -> {}),
          reached(answers, greatest, opening.since()),
          query.paging().kind() == Paging.Kind.NONE ? last.tag() : null,
          last.unchanged(),
          remarks(greatest, now, zone));
    } catch (RuntimeException e) {
      answers.close();
      throw e;
    }
  }

  private Answered gather(ApiAnswers answers, Opening opening) {
    var pager = new ApiPager(query.paging(), start(opening.since()));
    URI address = pager.first();
    while (true) {
      var read = new ArrayList<ApiAnswers.Page>(1);
      Answered answered;
      try {
        answered =
            pages.get(
                address,
                opening.tag(),
                (content, charset) -> {
                  read.clear();
                  read.add(answers.read(content, charset));
                });
      } catch (AbsentPageException e) {
        if (pager.endsWithAbsence()) {
          return new Answered(address, false, null, null);
        }
        throw pager.counts() ? new UserErrorException(pager.absence()) : e;
      }
      if (answered.unchanged()) {
        return answered;
      }
      if (read.isEmpty()) {
        pager.withoutList(false);
        return answered;
      }
      var page = read.get(0);
      if (!page.listed()) {
        pager.withoutList(Boolean.FALSE.equals(page.more()));
      }
      answers.keep(page);
      URI next = pager.after(answered.address(), page, answered.next());
      if (next == null || answers.rows() >= opening.limit()) {
        return answered;
      }
      address = next;
    }
  }

  private URI start(@Nullable Checkpoint since) {
    String parameter = query.checkpointParameter();
    String column = query.checkpoint();
    if (since == null || parameter == null || column == null) {
      return query.url();
    }
    return Address.with(query.url(), parameter, text(query.overlap().before(since, column)));
  }

  /**
   * A value as an API reads it: times with seconds and without fractions, which few of them take.
   */
  private static String text(Checkpoint from) {
    Object value = from.value();
    if (value instanceof OffsetDateTime moment) {
      return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(moment.truncatedTo(ChronoUnit.SECONDS));
    }
    if (value instanceof LocalDateTime local) {
      return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(local.truncatedTo(ChronoUnit.SECONDS));
    }
    return SourceRecord.text(value);
  }

  private @Nullable Checkpoint reached(
      ApiAnswers answers, MaxValue greatest, @Nullable Checkpoint since) {
    String column = query.checkpoint();
    if (column == null) {
      return null;
    }
    var last = greatest.greatest();
    if (last == null) {
      if (answers.rows() > 0) {
        throw new UserErrorException(
            MessageCode.API_CHECKPOINT_MISSING.with(column, Shown.names(answers.names())));
      }
      return since;
    }
    query.overlap().before(last, column); // refused now rather than by the second poll
    var reached = greatest.untilNow();
    return reached == null ? since : reached;
  }

  private List<UserMessage> remarks(MaxValue greatest, Instant now, ZoneId zone) {
    var last = greatest.greatest();
    return last != null && last.isInTheFuture(now, zone)
        ? List.of(
            MessageCode.CHECKPOINT_IN_THE_FUTURE.with(
                String.valueOf(query.checkpoint()), last.value()))
        : List.of();
  }
}
