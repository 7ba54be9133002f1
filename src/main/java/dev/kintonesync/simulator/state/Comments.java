package dev.kintonesync.simulator.state;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The comments on the records of a domain; guarded by the domain's lock. */
public final class Comments {
  private final Map<RecordId, Talk> talks = new HashMap<>();

  private record RecordId(long app, long record) {}

  /** The comments on one record, oldest first, and the last number given. */
  private static final class Talk {
    private final List<Comment> comments = new ArrayList<>();
    private long lastId;
  }

  /** Somebody who is addressed by a comment. */
  public record Mention(Directory.Kind kind, String code) {}

  /**
   * A comment as it was posted.
   *
   * @param id counts from 1 on each record and is never given again
   * @param text with the names of the mentioned before it
   * @param creator the login name of who posted it
   * @param created to the second
   */
  public record Comment(
      long id, String text, String creator, Instant created, List<Mention> mentions) {}

  /** The comments on a record, oldest first. */
  public List<Comment> of(long app, long record) {
    Talk talk = talks.get(new RecordId(app, record));
    return talk == null ? List.of() : Collections.unmodifiableList(talk.comments);
  }

  /** The comment of an id, or null. */
  public @Nullable Comment find(long app, long record, long id) {
    for (Comment comment : of(app, record)) {
      if (comment.id() == id) {
        return comment;
      }
    }
    return null;
  }

  /** Posts a comment; answers it with its id. */
  public Comment post(
      long app, long record, String text, String creator, Instant created, List<Mention> mentions) {
    Talk talk = talks.computeIfAbsent(new RecordId(app, record), place -> new Talk());
    Comment comment = new Comment(++talk.lastId, text, creator, created, List.copyOf(mentions));
    talk.comments.add(comment);
    return comment;
  }

  /** Removes a comment; its number is not given again. */
  public void remove(long app, long record, Comment comment) {
    Talk talk = talks.get(new RecordId(app, record));
    if (talk != null) {
      talk.comments.remove(comment);
    }
  }

  void clear() {
    talks.clear();
  }
}
