package dev.kintonesync.simulator.rules;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.state.Design;

/** What a new app is like. */
public final class AppDesigner {
  private AppDesigner() {}

  /** The design of a new app, with nothing but its name and the fields all apps have. */
  public static Design born(String name, Language language) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    ObjectNode settings = json.objectNode();
    settings.put("name", name);
    settings.put("description", "");
    settings.putObject("icon").put("type", "PRESET").put("key", "APP72");
    settings.put("theme", "WHITE");
    settings.putObject("titleField").put("selectionMode", "AUTO");
    settings.put("enableThumbnails", true);
    settings.put("enableBulkDeletion", false);
    settings.put("enableComments", true);
    settings.put("enableDuplicateRecord", true);
    settings.put("enableInlineRecordEditing", true);
    settings
        .putObject("numberPrecision")
        .put("digits", "16")
        .put("decimalPlaces", "4")
        .put("roundingMode", "HALF_EVEN");
    settings.put("firstMonthOfFiscalYear", "4");
    ObjectNode process = json.objectNode();
    process.put("enable", false);
    process.putNull("states");
    process.putNull("actions");
    return new Design(FormDesigner.born(language), settings, json.arrayNode(), process, 2);
  }
}
