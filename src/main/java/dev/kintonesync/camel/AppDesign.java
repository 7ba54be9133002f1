package dev.kintonesync.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.camel.batch.Preflight;
import dev.kintonesync.camel.kintone.RequestContext;
import dev.kintonesync.camel.kintone.RouteCaller;
import dev.kintonesync.form.Form;
import dev.kintonesync.form.NumberPrecision;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.kintone.Verb;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.ProducerTemplate;

/** The design of a job's app: what its form is like, and what is to be added to it. */
public final class AppDesign {
  private static final Duration DEPLOYED_WITHIN = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final String DEPLOY = "preview/app/deploy.json";

  private final ProducerTemplate producer;
  private final RequestContext run;
  private final Job job;

  AppDesign(ProducerTemplate producer, RequestContext run) {
    this.producer = producer;
    this.run = run;
    this.job = run.job();
  }

  /**
   * The form, whatever else the job still lacks.
   *
   * @throws UserErrorException when it cannot be read: why, and what to do
   */
  public Form form() {
    var answer = asked(KintoneRequest.formFields(job.connection(), job.app()));
    return Form.of(job.app(), answer.body(), NumberPrecision.KINTONE_DEFAULT);
  }

  /**
   * Adds the fields that the form does not have yet, and puts them live with all else that waits in
   * the app's settings.
   *
   * @param fields field code to field, as {@code properties} of Kintone's {@code
   *     preview/app/form/fields.json}
   * @return the codes of those that were added
   * @throws UserErrorException when Kintone does not take them, or does not put them live in time
   */
  public List<String> add(ObjectNode fields) throws InterruptedException {
    var form = form();
    var missing = fields.deepCopy();
    missing.retain(
        fields.properties().stream()
            .map(each -> each.getKey())
            .filter(code -> form.field(code) == null)
            .toList());
    var added = new ArrayList<String>();
    missing.fieldNames().forEachRemaining(added::add);
    if (added.isEmpty()) {
      return added;
    }
    var payload = JsonNodeFactory.instance.objectNode().put("app", job.app());
    payload.set("properties", missing);
    asked(
        KintoneRequest.operation(
            job.connection(), Verb.POST, "preview/app/form/fields.json", payload));
    var deployment = JsonNodeFactory.instance.objectNode();
    deployment.putArray("apps").addObject().put("app", job.app());
    asked(KintoneRequest.operation(job.connection(), Verb.POST, DEPLOY, deployment));
    awaitDeployed();
    return added;
  }

  private void awaitDeployed() throws InterruptedException {
    var payload = JsonNodeFactory.instance.objectNode();
    payload.putArray("apps").add(job.app());
    var question = KintoneRequest.operation(job.connection(), Verb.GET, DEPLOY, payload);
    Instant end = Instant.now().plus(DEPLOYED_WITHIN);
    while (true) {
      JsonNode state = asked(question).body().path("apps").path(0).path("status");
      if (state.asText().equals("SUCCESS")) {
        return;
      }
      if (!state.asText().equals("PROCESSING") || Instant.now().isAfter(end)) {
        throw new UserErrorException(MessageCode.FIELDS_NOT_LIVE.with(job.app(), state.asText()));
      }
      Thread.sleep(PAUSE.toMillis());
    }
  }

  private Answer.Done asked(KintoneRequest request) {
    return Preflight.needed(run, request, RouteCaller.ask(producer, run, request));
  }
}
