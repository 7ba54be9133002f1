package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.rules.Access;
import dev.kintonesync.simulator.rules.ErrorCode;
import dev.kintonesync.simulator.rules.FieldError;
import dev.kintonesync.simulator.rules.Params;
import dev.kintonesync.simulator.state.Comments;
import dev.kintonesync.simulator.state.Comments.Comment;
import dev.kintonesync.simulator.state.Comments.Mention;
import dev.kintonesync.simulator.state.Directory;
import dev.kintonesync.simulator.state.Permission;
import dev.kintonesync.simulator.state.StoredRecord;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * {@code record/comment.json} and {@code record/comments.json}. Who may view a record may comment
 * on it; only who posted a comment may delete it.
 */
final class CommentCalls {
  private static final int MOST_COMMENTS = 10;
  private static final int MOST_MENTIONS = 10;
  private static final int LONGEST_TEXT = 65_535;

  private static final List<String> KINDS =
      Arrays.stream(Directory.Kind.values()).map(Directory.Kind::name).toList();

  private CommentCalls() {}

  /** A record whose comments are meant, once the way to it is open. */
  private record Target(long app, long record) {

    static Target of(Params params) {
      return new Target(params.id("app"), params.id("record"));
    }

    void check(Call call) {
      Access.Live live = call.access().live(app, Permission.VIEW);
      if (!live.design().settings().path("enableComments").asBoolean(true)) {
        throw ErrorCode.GAIA_RE12.refuse();
      }
      StoredRecord found = live.app().record(record);
      if (found == null) {
        throw ErrorCode.GAIA_RE01.refuse(Long.toString(record));
      }
      call.permissionView(live).require(found, Permission.VIEW);
    }
  }

  static JsonNode list(Call call) {
    Params params = call.params();
    Target target = Target.of(params);
    // Kintone's own Java client writes it in capitals
    String order = params.text("order").toLowerCase(Locale.ROOT);
    int offset = params.number("offset", 0, Integer.MAX_VALUE, 0);
    int limit = params.number("limit", 0, MOST_COMMENTS, MOST_COMMENTS);
    if (!List.of("", "asc", "desc").contains(order)) {
      params.problem("order", FieldError.NOT_IN_ENUM);
    }
    params.check();
    return call.read(
        () -> {
          target.check(call);
          List<Comment> all =
              new ArrayList<>(call.domain().comments().of(target.app(), target.record()));
          boolean rising = order.equals("asc");
          if (!rising) {
            Collections.reverse(all);
          }
          int from = Math.min(offset, all.size());
          int to = Math.min(from + limit, all.size());
          ObjectNode answer = Reply.object();
          ArrayNode comments = answer.putArray("comments");
          all.subList(from, to).forEach(comment -> comments.add(json(call, comment)));
          boolean before = from > 0;
          boolean after = to < all.size();
          return answer.put("older", rising ? before : after).put("newer", rising ? after : before);
        });
  }

  static JsonNode add(Call call) {
    Params params = call.params();
    Target target = Target.of(params);
    Params comment = params.inRequired("comment");
    String text = comment.requiredText("text");
    if (comment.has("text") && (text.isEmpty() || text.length() > LONGEST_TEXT)) {
      comment.problem("text", FieldError.TEXT_BETWEEN, "1", "%,d".formatted(LONGEST_TEXT));
    }
    comment.limitSize("mentions", 0, MOST_MENTIONS);
    List<Mention> mentions = comment.each("mentions").stream().map(CommentCalls::mention).toList();
    params.check();
    Comment posted =
        call.write(
            transaction -> {
              target.check(call);
              Instant now = call.domain().clock().instant().truncatedTo(ChronoUnit.SECONDS);
              String whole = names(call, mentions) + text;
              return call.domain()
                  .comments()
                  .post(target.app(), target.record(), whole, call.caller().user(), now, mentions);
            });
    call.tellOfComment(target.app(), target.record(), posted.id(), json(call, posted));
    return Reply.object().put("id", Long.toString(posted.id()));
  }

  static JsonNode delete(Call call) {
    Params params = call.params();
    Target target = Target.of(params);
    long id = params.id("comment");
    params.check();
    return call.write(
        transaction -> {
          target.check(call);
          Comments comments = call.domain().comments();
          Comment comment = comments.find(target.app(), target.record(), id);
          if (comment == null) {
            throw ErrorCode.GAIA_RE02.refuse();
          }
          if (!comment.creator().equals(call.caller().user())) {
            throw ErrorCode.GAIA_RE03.refuse(Long.toString(id));
          }
          comments.remove(target.app(), target.record(), comment);
          return Reply.object();
        });
  }

  private static Mention mention(Params params) {
    String code = params.requiredText("code");
    params.require("type");
    String type = params.oneOf("type", KINDS);
    return new Mention(
        KINDS.contains(type) ? Directory.Kind.valueOf(type) : Directory.Kind.USER, code);
  }

  /** The names of the mentioned, on a line of their own before the text. */
  private static String names(Call call, List<Mention> mentions) {
    if (mentions.isEmpty()) {
      return "";
    }
    return mentions.stream()
        .map(mention -> name(call, mention) + " ")
        .collect(Collectors.joining("", "", "\n"));
  }

  private static String name(Call call, Mention mention) {
    String name = call.domain().directory().name(mention.kind(), mention.code());
    if (name != null) {
      return name;
    }
    throw switch (mention.kind()) {
      case USER -> ErrorCode.GAIA_IL26.refuse(mention.code());
      case GROUP -> ErrorCode.GAIA_IL27.refuse(mention.code());
      case ORGANIZATION -> ErrorCode.GAIA_IL28.refuse(mention.code());
    };
  }

  private static ObjectNode json(Call call, Comment comment) {
    ObjectNode json = Reply.object();
    json.put("id", Long.toString(comment.id()));
    json.put("text", comment.text());
    json.put("createdAt", comment.created().toString());
    json.set("creator", AppCalls.user(call, comment.creator()));
    ArrayNode mentions = json.putArray("mentions");
    for (Mention mention : comment.mentions()) {
      mentions.addObject().put("code", mention.code()).put("type", mention.kind().name());
    }
    return json;
  }
}
