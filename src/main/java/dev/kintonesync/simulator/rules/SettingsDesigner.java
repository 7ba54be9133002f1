package dev.kintonesync.simulator.rules;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.simulator.state.Design;
import java.util.List;

/** Changes the settings of an app, as {@code preview/app/settings.json} does. */
public final class SettingsDesigner {
  private static final List<String> TEXTS = List.of("description", "firstMonthOfFiscalYear");
  private static final List<String> OBJECTS = List.of("icon", "titleField");
  private static final List<String> SWITCHES =
      List.of(
          "enableThumbnails",
          "enableBulkDeletion",
          "enableComments",
          "enableDuplicateRecord",
          "enableInlineRecordEditing");
  private static final List<String> THEMES =
      List.of(
          "WHITE",
          "CLIPBOARD",
          "BINDER",
          "PENCIL",
          "CLIPS",
          "RED",
          "GREEN",
          "BLUE",
          "YELLOW",
          "BLACK");
  private static final List<String> ROUNDING_MODES = List.of("HALF_EVEN", "UP", "DOWN");

  private SettingsDesigner() {}

  /** What the parameters change; notes what is wrong with them. */
  public static ObjectNode changes(Params params) {
    ObjectNode changes = JsonNodeFactory.instance.objectNode();
    if (params.has("name")) {
      params.requiredText("name");
      changes.put("name", params.appName("name"));
    }
    if (params.has("theme")) {
      changes.put("theme", params.oneOf("theme", THEMES));
    }
    TEXTS.stream().filter(params::has).forEach(each -> changes.put(each, params.text(each)));
    SWITCHES.stream().filter(params::has).forEach(each -> changes.put(each, params.flag(each)));
    OBJECTS.stream().filter(params::has).forEach(each -> changes.set(each, params.object(each)));
    if (params.has("icon")) {
      params.in("icon").require("type");
      params.in("icon").require("key");
    }
    if (params.has("numberPrecision")) {
      changes.set("numberPrecision", precision(params.in("numberPrecision")));
    }
    return changes;
  }

  /** A design with its settings changed; of the precision of numbers only what is named. */
  public static Design change(Design design, ObjectNode changes) {
    ObjectNode settings = design.settings().deepCopy();
    for (var change : changes.properties()) {
      if (change.getKey().equals("numberPrecision")) {
        settings.withObject("/numberPrecision").setAll((ObjectNode) change.getValue());
      } else {
        settings.set(change.getKey(), change.getValue());
      }
    }
    return design.withSettings(settings);
  }

  private static ObjectNode precision(Params params) {
    ObjectNode precision = JsonNodeFactory.instance.objectNode();
    putNumber(params, "digits", 1, 30, precision);
    putNumber(params, "decimalPlaces", 0, 10, precision);
    if (params.has("roundingMode")) {
      precision.put("roundingMode", params.oneOf("roundingMode", ROUNDING_MODES));
    }
    return precision;
  }

  private static void putNumber(
      Params params, String name, int least, int most, ObjectNode precision) {
    if (params.has(name)) {
      precision.put(name, Integer.toString(params.number(name, least, most, least)));
    }
  }
}
