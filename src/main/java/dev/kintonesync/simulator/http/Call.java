package dev.kintonesync.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.rules.Access;
import dev.kintonesync.simulator.rules.Caller;
import dev.kintonesync.simulator.rules.Language;
import dev.kintonesync.simulator.rules.Params;
import dev.kintonesync.simulator.rules.PermissionView;
import dev.kintonesync.simulator.state.Domain;
import dev.kintonesync.simulator.state.Transaction;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One call of the REST API, alone or inside a bulkRequest: who asks for what.
 *
 * @param space the guest space its path names, or null
 * @param upload the file that came with it, or null
 * @param language of messages
 * @param answered what the endpoints count of their answer
 * @param headers that are to be answered beyond the usual ones; filled by the endpoints
 * @param enclosing the transaction of the bulkRequest it is part of, or null
 */
record Call(
    Domain domain,
    Webhooks webhooks,
    Caller caller,
    @Nullable Long space,
    ObjectNode body,
    @Nullable Upload upload,
    Language language,
    Answered answered,
    Map<String, String> headers,
    @Nullable Transaction enclosing) {

  Params params() {
    return new Params(body);
  }

  /** The doors of apps, as far as this caller may pass them. */
  Access access() {
    return new Access(domain, caller, space);
  }

  /** What of an app this caller sees. */
  PermissionView permissionView(Access.Live app) {
    return new PermissionView(domain, caller, app.app(), app.design());
  }

  <T> T read(Supplier<T> reading) {
    return domain.read(reading);
  }

  /** Runs a change in its own transaction, or in that of the bulkRequest around it. */
  <T> T write(Function<Transaction, T> change) {
    return enclosing == null ? domain.write(change) : change.apply(enclosing);
  }

  /** Counts the records of an answer. */
  void answers(Iterable<JsonNode> records) {
    records.forEach(answered::count);
    domain.statistics().read(answered.records());
  }

  /** Tells that a text search found more than Kintone looks at, and that the answer lacks them. */
  void warnOfCutSearch(boolean cut) {
    if (cut) {
      headers.put("X-Cybozu-Warning", "Filter aborted because of too many search results");
    }
  }

  /** Tells an app's listeners what was done to one record, unless it was part of a bulkRequest. */
  void tell(Webhooks.Event event, long appId, long recordId) {
    if (enclosing == null && webhooks.has(appId, event)) {
      webhooks.send(domain, event, appId, recordId);
    }
  }

  /** Tells an app's listeners what was said about one record, likewise. */
  void tellOfComment(long appId, long recordId, long comment, ObjectNode json) {
    Webhooks.Event event = Webhooks.Event.ADD_RECORD_COMMENT;
    if (enclosing == null && webhooks.has(appId, event)) {
      webhooks.sendComment(domain, appId, recordId, comment, json);
    }
  }

  /** The same caller's call of another endpoint, as part of a bulkRequest. */
  Call inside(Transaction transaction, ObjectNode payload) {
    return new Call(
        domain, webhooks, caller, space, payload, null, language, answered, headers, transaction);
  }
}
