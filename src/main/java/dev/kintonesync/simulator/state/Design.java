package dev.kintonesync.simulator.state;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What an administrator designs of an app: first in its preview, then, once deployed, live.
 *
 * @param settings as {@code app/settings.json} answers, without the revision
 * @param layout the rows of {@code app/form/layout.json}
 * @param process as {@code app/status.json} answers, without the revision
 * @param revision grows with every change
 */
public record Design(
    Form form, ObjectNode settings, ArrayNode layout, ObjectNode process, long revision) {

  public NumberPrecision precision() {
    return NumberPrecision.of(settings);
  }

  public Design with(Form changed) {
    return new Design(changed, settings, layout, process, revision);
  }

  public Design withSettings(ObjectNode changed) {
    return new Design(form, changed, layout, process, revision);
  }

  public Design withLayout(ArrayNode changed) {
    return new Design(form, settings, changed, process, revision);
  }

  public Design withProcess(ObjectNode changed) {
    return new Design(form, settings, layout, changed, revision);
  }

  public Design atRevision(long number) {
    return new Design(form, settings, layout, process, number);
  }
}
