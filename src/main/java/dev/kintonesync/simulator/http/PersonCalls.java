package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.rules.Caller;
import dev.kintonesync.simulator.rules.Language;
import dev.kintonesync.simulator.rules.Refusal;
import dev.kintonesync.simulator.state.App;
import dev.kintonesync.simulator.state.Directory;
import dev.kintonesync.simulator.state.Domain;
import java.util.HashMap;

/**
 * What people do to records on the page: as a user, by the rules of Kintone, and without counting
 * as calls of the REST API.
 */
final class PersonCalls {
  private final Domain domain;
  private final Webhooks webhooks;

  PersonCalls(Domain domain, Webhooks webhooks) {
    this.domain = domain;
    this.webhooks = webhooks;
  }

  /**
   * Adds a record or, where {@code id} is given, changes that one.
   *
   * @param asked {@code app, id, revision, record} as in the REST API, and {@code user}
   * @throws IllegalArgumentException when there is no such user
   */
  Reply save(ObjectNode asked, Language language) {
    return answer(asked, language, asked.has("id") ? RecordCalls::update : RecordCalls::add);
  }

  /** Deletes the record of an {@code id}, in the name of {@code user}. */
  Reply delete(ObjectNode asked, Language language) {
    ObjectNode list = asked.deepCopy();
    list.putArray("ids").add(asked.path("id"));
    return answer(list, language, RecordCalls::deleteAll);
  }

  private Reply answer(ObjectNode asked, Language language, Endpoints.Handler handler) {
    String user = asked.path("user").asText(Directory.ADMINISTRATOR);
    if (domain.directory().name(Directory.Kind.USER, user) == null) {
      throw new IllegalArgumentException("there is no user " + user);
    }
    App app = domain.app(asked.path("app").asLong());
    Call call =
        new Call(
            domain,
            webhooks,
            Caller.person(user, domain.directory().grants(user)),
            app == null ? null : app.guestSpace(),
            asked,
            null,
            language,
            new Answered(),
            new HashMap<>(),
            null);
    try {
      return Reply.json(handler.answer(call));
    } catch (Refusal refusal) {
      return Reply.json(refusal.status(domain.settings()), refusal.toJson(language));
    } finally {
      domain.locks().release();
    }
  }
}
