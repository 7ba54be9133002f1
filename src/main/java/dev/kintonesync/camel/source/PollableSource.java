package dev.kintonesync.camel.source;

import dev.kintonesync.camel.kintone.RequestContext;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.SourceReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A source that is asked for its rows: a database, an HTTP API, another app, a topic. */
public sealed interface PollableSource permits DatabasePoll, ApiPoll, AppPoll, TopicPoll {

  /**
   * A poll that was opened.
   *
   * @param reader its rows; the caller closes it
   * @param reached what the next poll has to know, once all rows are settled; null: nothing
   * @param remarks what a person should know of it
   */
  record Opened(SourceReader reader, @Nullable String reached, List<UserMessage> remarks) {}

  /** What it is, as a person would name it. */
  String name();

  /** All of it that decides which rows there are: what another one has reached says nothing. */
  List<@Nullable Object> question();

  /**
   * Whether a run of the job begins where the last one ended, or with what it knew; otherwise each
   * begins anew.
   */
  boolean remembers();

  /** Whether more rows than the job allows mean that it has no end; a stream has none. */
  default boolean isBounded() {
    return true;
  }

  /**
   * Opens it; once for each run.
   *
   * @param since what the last poll has reached; null: nothing, or it does not count
   * @throws dev.kintonesync.message.UserErrorException when there is something to do about it
   * @throws java.io.UncheckedIOException when it is out of reach for now
   */
  Opened open(@Nullable String since, RequestContext run);

  /** All rows of the source once more, after it was opened; null when they cannot be had. */
  @Nullable SourceReader preview(RequestContext run);
}
