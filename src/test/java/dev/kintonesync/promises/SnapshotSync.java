package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.kintone.client.model.record.Record;
import com.kintone.client.model.record.SingleLineTextFieldValue;
import dev.kintonesync.settings.Job;
import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Runs jobs that keep a snapshot of what their app was confirmed to hold. */
abstract class SnapshotSync {
  static final String[] ROWS = {"code,name", "A,Abe", "B,Baba", "C,Chiba"};

  @TempDir Path home;
  Rehearsal rehearsal;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home);
  }

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  /** A job whose first run has confirmed {@link #ROWS}. */
  Job confirmed(String... properties) throws Exception {
    var all = new ArrayList<>(List.of("diff = snapshot"));
    all.addAll(List.of(properties));
    var job = rehearsal.jobWith(all.toArray(String[]::new));
    assertThat(rehearsal.sync(job, ROWS).report().state()).isEqualTo(RunState.COMPLETED);
    rehearsal.forgetRequests();
    return job;
  }

  Report again(Job job, String... rows) throws IOException {
    rehearsal.forgetRequests();
    return rehearsal.sync(job, rows).report();
  }

  List<String> keysLookedUp() {
    return rehearsal.simulator.requests().stream()
        .skip(rehearsal.simulator.requests().size() - rehearsal.requests().size())
        .map(request -> request.body().path("query").asText())
        .filter(query -> query.startsWith("code in"))
        .toList();
  }

  long id(String code) {
    return Long.parseLong(rehearsal.held("$id").get(code));
  }

  void edit(String code, String field, String value) {
    rehearsal
        .somebodyElse()
        .updateRecord(
            rehearsal.app.id(),
            id(code),
            new Record().putField(field, new SingleLineTextFieldValue(value)));
  }

  static Fault answerLost(String path) {
    return Fault.of(Fault.Kind.RESET_AFTER_COMMIT).on("PUT", path);
  }
}
