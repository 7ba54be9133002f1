package dev.kintonesync.simulator.state;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the commits that {@link CommitJson} wrote. Records are read token by token: a folder may
 * have millions of them.
 */
final class CommitParser {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final int MOST_REMEMBERED = 50_000;

  private final CommitJson.Contents contents;
  private final Map<String, Instant> instants = new HashMap<>();
  private final Map<String, LocalDate> dates = new HashMap<>();

  CommitParser(CommitJson.Contents contents) {
    this.contents = contents;
  }

  /**
   * The commit that a line stands for.
   *
   * @throws IOException when it is no JSON, or the content of a file is missing
   * @throws RuntimeException when it stands for no commit
   */
  Commit commit(byte[] line) throws IOException {
    boolean reset = false;
    List<AppImage> apps = new ArrayList<>();
    Map<Commit.RecordId, @Nullable StoredRecord> records = new LinkedHashMap<>();
    long lastApp = -1;
    long lastRow = -1;
    Map<Long, Long> lastRecords = new LinkedHashMap<>();
    try (JsonParser in = MAPPER.createParser(line)) {
      expect(in.nextToken(), JsonToken.START_OBJECT);
      for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
        in.nextToken();
        switch (name) {
          case "reset" -> reset = in.getBooleanValue();
          case "apps" -> {
            while (in.nextToken() != JsonToken.END_ARRAY) {
              apps.add(CommitJson.image(MAPPER.readTree(in)));
            }
          }
          case "records" -> {
            while (in.nextToken() != JsonToken.END_ARRAY) {
              record(in, records);
            }
          }
          case "lastApp" -> lastApp = in.getLongValue();
          case "lastRow" -> lastRow = in.getLongValue();
          case "lastRecords" -> {
            for (String app = in.nextFieldName(); app != null; app = in.nextFieldName()) {
              in.nextToken();
              lastRecords.put(Long.valueOf(app), in.getLongValue());
            }
          }
          default -> throw new IllegalArgumentException("nothing is known of " + name);
        }
      }
    }
    if (lastApp < 0 || lastRow < 0) {
      throw new IllegalArgumentException("the numbers given last are missing");
    }
    return new Commit(reset, apps, records, new Commit.Counters(lastApp, lastRow, lastRecords));
  }

  private static void expect(@Nullable JsonToken found, JsonToken wanted) {
    if (found != wanted) {
      throw new IllegalArgumentException(wanted + " is wanted, not " + found);
    }
  }

  private void record(JsonParser in, Map<Commit.RecordId, @Nullable StoredRecord> records)
      throws IOException {
    expect(in.currentToken(), JsonToken.START_ARRAY);
    long app = number(in);
    long id = number(in);
    Commit.RecordId place = new Commit.RecordId(app, id);
    if (in.nextToken() == JsonToken.END_ARRAY) {
      records.put(place, null);
      return;
    }
    long revision = in.getLongValue();
    String creator = text(in);
    Instant created = instant(text(in));
    String modifier = text(in);
    Instant updated = instant(text(in));
    expect(in.nextToken(), JsonToken.START_ARRAY);
    @Nullable Object[] cells = cells(in);
    expect(in.nextToken(), JsonToken.END_ARRAY);
    records.put(place, new StoredRecord(id, revision, creator, created, modifier, updated, cells));
  }

  private static long number(JsonParser in) throws IOException {
    expect(in.nextToken(), JsonToken.VALUE_NUMBER_INT);
    return in.getLongValue();
  }

  private static String text(JsonParser in) throws IOException {
    expect(in.nextToken(), JsonToken.VALUE_STRING);
    return in.getText();
  }

  private Instant instant(String text) {
    return remembered(instants, text, Instant::parse);
  }

  /** What a text stands for: days and minutes come again and again, and are slow to parse. */
  private static <T> T remembered(Map<String, T> known, String text, Function<String, T> parse) {
    if (known.size() > MOST_REMEMBERED) {
      known.clear();
    }
    return known.computeIfAbsent(text, parse);
  }

  private @Nullable Object[] cells(JsonParser in) throws IOException {
    List<@Nullable Object> cells = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      cells.add(cell(in));
    }
    return cells.toArray();
  }

  private @Nullable Object cell(JsonParser in) throws IOException {
    if (in.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    } else if (in.currentToken() == JsonToken.VALUE_STRING) {
      return in.getText();
    }
    expect(in.currentToken(), JsonToken.START_OBJECT);
    String kind = String.valueOf(in.nextFieldName());
    Object value =
        switch (kind) {
          case "number" -> new BigDecimal(text(in));
          case "date" -> remembered(dates, text(in), LocalDate::parse);
          case "time" -> LocalTime.parse(text(in));
          case "instant" -> instant(text(in));
          case "texts" -> texts(in);
          case "files" -> files(in);
          case "rows" -> rows(in);
          default -> throw new IllegalArgumentException("a cell of kind " + kind);
        };
    expect(in.nextToken(), JsonToken.END_OBJECT);
    return value;
  }

  private static List<String> texts(JsonParser in) throws IOException {
    List<String> texts = new ArrayList<>();
    expect(in.nextToken(), JsonToken.START_ARRAY);
    while (in.nextToken() == JsonToken.VALUE_STRING) {
      texts.add(in.getText());
    }
    expect(in.currentToken(), JsonToken.END_ARRAY);
    return List.copyOf(texts);
  }

  private List<StoredFile> files(JsonParser in) throws IOException {
    List<StoredFile> files = new ArrayList<>();
    expect(in.nextToken(), JsonToken.START_ARRAY);
    while (in.nextToken() == JsonToken.START_ARRAY) {
      String key = text(in);
      String name = text(in);
      files.add(new StoredFile(key, name, text(in), contents.get(key)));
      expect(in.nextToken(), JsonToken.END_ARRAY);
    }
    expect(in.currentToken(), JsonToken.END_ARRAY);
    return List.copyOf(files);
  }

  private List<TableRow> rows(JsonParser in) throws IOException {
    List<TableRow> rows = new ArrayList<>();
    expect(in.nextToken(), JsonToken.START_ARRAY);
    while (in.nextToken() == JsonToken.START_ARRAY) {
      long id = number(in);
      expect(in.nextToken(), JsonToken.START_ARRAY);
      rows.add(new TableRow(id, cells(in)));
      expect(in.nextToken(), JsonToken.END_ARRAY);
    }
    expect(in.currentToken(), JsonToken.END_ARRAY);
    return List.copyOf(rows);
  }
}
