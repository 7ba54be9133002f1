package dev.kintonesync.simulator.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.simulator.state.FormField;
import dev.kintonesync.simulator.state.NumberPrecision;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values that fields have in a new record, or a new table row, that does not say otherwise. */
final class Defaults {
  private final NumberPrecision precision;
  private final Instant now;
  private final ZoneId zone;
  private final String user;

  /**
   * @param now for fields whose default is the present
   * @param zone in which that present has a date and a time
   * @param user for fields whose default is the user who adds the record
   */
  Defaults(NumberPrecision precision, Instant now, ZoneId zone, String user) {
    this.precision = precision;
    this.now = now;
    this.zone = zone;
    this.user = user;
  }

  /** The default cell of a field, null when it has none. */
  @Nullable Object of(FormField field) {
    JsonNode value = field.properties().path("defaultValue");
    boolean present = field.properties().path("defaultNowValue").asBoolean();
    ZonedDateTime local = now.atZone(zone).truncatedTo(ChronoUnit.MINUTES);
    String text = value.asText("");
    return switch (field.type().shape()) {
      case TEXT, CHOICE -> text.isEmpty() ? null : text;
      case NUMBER -> {
        BigDecimal number = CellReader.parseNumber(text);
        yield number == null ? null : precision.store(number);
      }
      case DATE -> present ? local.toLocalDate() : CellReader.parseDate(text);
      case TIME -> present ? local.toLocalTime() : CellReader.parseTime(text);
      case DATETIME -> present ? local.toInstant() : CellReader.parseInstant(text);
      case CHOICES -> {
        List<String> chosen = new ArrayList<>();
        value.forEach(element -> chosen.add(element.asText()));
        yield chosen.isEmpty() ? null : List.copyOf(chosen);
      }
      case ENTITIES -> entities(value);
      default -> null;
    };
  }

  private @Nullable List<String> entities(JsonNode value) {
    List<String> codes = new ArrayList<>();
    for (JsonNode element : value) {
      String code = element.path("code").asText();
      boolean function = element.path("type").asText().equals("FUNCTION");
      if (!function) {
        codes.add(code);
      } else if (code.equals("LOGINUSER()")) {
        codes.add(user);
      }
    }
    return codes.isEmpty() ? null : List.copyOf(codes);
  }
}
