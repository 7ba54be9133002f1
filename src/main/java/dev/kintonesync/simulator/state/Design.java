package dev.kintonesync.simulator.state;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an administrator designs of an app: first in its preview, then, once deployed, live.
 *
 * @param settings as {@code app/settings.json} answers, without the revision
 * @param layout the rows of {@code app/form/layout.json}
 * @param process as {@code app/status.json} answers, without the revision
 * @param revision grows with every change
 */
public record Design(
    AppForm form, ObjectNode settings, ArrayNode layout, ObjectNode process, long revision) {

  /** The states and actions of its records. */
  public StatusProcess states() {
    return StatusProcess.of(process);
  }

  /**
   * The state of a record, which is the first one for records from before there were states; null
   * when there are none.
   */
  public @Nullable String stateOf(StoredRecord record) {
    FormField field = form.only(FieldType.STATUS);
    Object state = field == null ? null : record.cell(field);
    if (state != null) {
      return (String) state;
    }
    StatusProcess.State first = states().first();
    return first == null ? null : first.name();
  }

  /** How many decimals its numbers keep. */
  public NumberPrecision precision() {
    return NumberPrecision.of(settings);
  }

  /** Whether another revision says the same. */
  public boolean sameAs(Design other) {
    return properties().equals(other.properties())
        && settings.equals(other.settings)
        && layout.equals(other.layout)
        && process.equals(other.process);
  }

  private List<ObjectNode> properties() {
    return form.fields().stream().map(FormField::properties).toList();
  }

  /** This design with another form. */
  public Design with(AppForm changed) {
    return new Design(changed, settings, layout, process, revision);
  }

  /** This design with other settings. */
  public Design withSettings(ObjectNode changed) {
    return new Design(form, changed, layout, process, revision);
  }

  /** This design with another layout. */
  public Design withLayout(ArrayNode changed) {
    return new Design(form, settings, changed, process, revision);
  }

  /** This design with another process; the fields that show it are not touched. */
  public Design withProcess(ObjectNode changed) {
    return new Design(form, settings, layout, changed, revision);
  }

  /** This design under another revision. */
  public Design atRevision(long number) {
    return new Design(form, settings, layout, process, number);
  }
}
