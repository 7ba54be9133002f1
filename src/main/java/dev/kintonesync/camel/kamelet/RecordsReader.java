package dev.kintonesync.camel.kamelet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.camel.batch.KintoneBeans;
import dev.kintonesync.camel.kintone.RequestContext;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.KintoneRecord;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Job;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Kamelet {@code kintone-records-source}: the records of an app that fulfil a condition, page
 * by page in the order of their ids, so that records that come or go meanwhile shift nothing.
 */
public final class RecordsReader implements CamelContextAware {
  private static final Logger log = LoggerFactory.getLogger(RecordsReader.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String READING = "kintoneReading";

  private final Map<String, String> said = new HashMap<>();
  private String name = Job.IMPORT;
  private String query = "";
  private List<String> fields = List.of();
  private @Nullable CamelContext context;
  private @Nullable Job job;

  /** One pass over the records. */
  private static final class Reading {
    private List<String> ids = List.of();
    private String after = "0";
    private boolean open = true;
  }

  @Override
  public void setCamelContext(CamelContext context) {
    this.context = context;
  }

  @Override
  public @Nullable CamelContext getCamelContext() {
    return context;
  }

  /** The name of a job, whose properties hold here too where nothing else is said. */
  public void setJob(String job) {
    name = job.isBlank() ? Job.IMPORT : job;
  }

  /** The id of the app. */
  public void setApp(String app) {
    if (!app.isBlank()) {
      said.put("app", app);
    }
  }

  /** A condition in Kintone's query language, without order and limit; blank: all records. */
  public void setQuery(String query) {
    this.query = query;
  }

  /** The codes of the fields to be read, with commas between them; blank: all. */
  public void setFields(String fields) {
    this.fields = fields.isBlank() ? List.of() : List.of(fields.strip().split("\\s*,\\s*"));
  }

  private Job job() {
    if (context == null) {
      throw new IllegalStateException("not in a Camel application");
    }
    if (job == null) {
      job = KintoneBeans.of(context).job(name, said);
    }
    return job;
  }

  /** Begins to read the app from its first record. */
  public RequestContext begin(Exchange exchange) {
    exchange.setProperty(READING, new Reading());
    var now = KintoneBeans.of(exchange.getContext()).clock().instant();
    return new RequestContext(job(), "records", now);
  }

  /** Whether there is another page. */
  public boolean isOpen(Exchange exchange) {
    return exchange.getProperty(READING, Reading.class).open;
  }

  /** Asks for the next page. */
  public KintoneRequest page(Exchange exchange) {
    var codes = new LinkedHashSet<>(fields);
    if (!codes.isEmpty()) {
      codes.add("$id");
    }
    int most = KintoneBeans.of(exchange.getContext()).settings().keysPerLookup();
    String after = exchange.getProperty(READING, Reading.class).after;
    return KintoneRequest.getRecords(
        job().connection(),
        job().app(),
        (query.isBlank() ? "" : "(" + query + ") and ")
            + "$id > "
            + after
            + " order by $id asc limit "
            + most,
        List.copyOf(codes));
  }

  /**
   * The records of the page in the body, each a Map of field code to value.
   *
   * @throws UserErrorException when Kintone refused the page or did not answer
   */
  public List<Map<String, @Nullable Object>> records(Exchange exchange) {
    var reading = exchange.getProperty(READING, Reading.class);
    var answer = exchange.getMessage().getBody(Answer.class);
    if (!(answer instanceof Answer.Done done)) {
      reading.open = false;
      throw new UserErrorException(MessageCode.LOOK_UP_FAILED.with(job().app(), answer.words()));
    }
    var records = new ArrayList<Map<String, @Nullable Object>>();
    var ids = new ArrayList<String>();
    for (JsonNode cells : done.body().path("records")) {
      reading.after = KintoneRecord.of(cells).id();
      ids.add(reading.after);
      var record = new LinkedHashMap<String, @Nullable Object>();
      cells
          .properties()
          .forEach(
              cell ->
                  record.put(
                      cell.getKey(),
                      JSON.convertValue(cell.getValue().get("value"), Object.class)));
      records.add(record);
    }
    reading.ids = ids;
    reading.open =
        records.size() == KintoneBeans.of(exchange.getContext()).settings().keysPerLookup();
    return records;
  }

  /** A record failed in the user's route, which is logged by its id; the others go on. */
  public void failed(Exchange exchange) {
    var ids = exchange.getProperty(READING, Reading.class).ids;
    int place = exchange.getProperty(Exchange.SPLIT_INDEX, Integer.class);
    var why = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    log.warn("{}", MessageCode.RECORD_NOT_PASSED_ON.with(ids.get(place), job().app(), why));
  }
}
