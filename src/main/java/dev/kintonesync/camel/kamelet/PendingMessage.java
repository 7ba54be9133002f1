package dev.kintonesync.camel.kamelet;

import dev.kintonesync.camel.batch.HookCall;
import dev.kintonesync.message.UserErrorException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way to Kintone, together with others; its sender waits for what becomes of it.
 */
public final class PendingMessage {
  private final Object body;
  private final List<? extends @Nullable Object> parts;
  private final boolean alone;
  private final List<@Nullable Map<String, @Nullable Object>> results;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private @Nullable HookCall sentBy;
  private @Nullable Sending sending;
  private String origin = "";
  private volatile boolean hasLeft;

  /** A message with a list in it, or with one thing alone. */
  PendingMessage(Object body) {
    this.body = body;
    this.alone = !(body instanceof List<?>);
    this.parts =
        body instanceof List<?> list
            ? Collections.unmodifiableList(new ArrayList<@Nullable Object>(list))
            : List.of(body);
    this.results = new ArrayList<>(Collections.nCopies(parts.size(), null));
  }

  /** The message as it was sent. */
  Object body() {
    return body;
  }

  /** Whether it is one thing and not a list. */
  boolean isAlone() {
    return alone;
  }

  /** Says which call of a user's route waits for its end; null: none. */
  void sentBy(@Nullable HookCall call) {
    sentBy = call;
  }

  @Nullable HookCall sentBy() {
    return sentBy;
  }

  /** Says by which way it is carried out once; null: it may be sent with others. */
  void sending(@Nullable Sending way) {
    sending = way;
  }

  @Nullable Sending sending() {
    return sending;
  }

  /** Says what the message is called. */
  void origin(String name) {
    origin = name;
  }

  String origin() {
    return origin;
  }

  /** It goes to Kintone now. */
  void leaves() {
    hasLeft = true;
  }

  /** Whether it may have come to Kintone. */
  boolean hasLeft() {
    return hasLeft;
  }

  /** What is to be delivered; null where a list has nothing at a place. */
  List<? extends @Nullable Object> parts() {
    return parts;
  }

  /** What became of a part. */
  void result(int part, Map<String, @Nullable Object> result) {
    results.set(part, result);
  }

  /** Whether something became of a part. */
  boolean hasResult(int part) {
    return results.get(part) != null;
  }

  /** The answer to its sender: a result for a thing alone, a list of results for a list. */
  @Nullable Object answer() {
    return alone ? results.get(0) : results;
  }

  /** The message has its result: its exchange goes on. */
  void ended() {
    end.complete(null);
  }

  /** It is over, and not done as a whole. */
  void failed(UserErrorException why) {
    end.completeExceptionally(why);
  }

  boolean isOver() {
    return end.isDone();
  }

  /** Tells somebody when it is over, with the reason where it could not be done as a whole. */
  void whenOver(Consumer<@Nullable Exception> told) {
    var unused =
        end.whenComplete((none, why) -> told.accept(why instanceof Exception known ? known : null));
  }
}
