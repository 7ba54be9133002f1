package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.settings.Job;
import dev.kintonesync.sync.RunState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Runs jobs that mirror their source to the records of a scope. */
abstract class MirrorSync {
  private static final String SCOPE = "mirror.scope = rank in (\"A\")";

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

  void held(String code, String rank) {
    rehearsal.app.add(
        "{\"code\":{\"value\":\"%s\"},\"rank\":{\"value\":\"%s\"},\"name\":{\"value\":\"n\"}}"
            .formatted(code, rank));
  }

  Job mirror(String... properties) throws Exception {
    var all = new ArrayList<>(List.of("mode = mirror", SCOPE));
    all.addAll(List.of(properties));
    return rehearsal.jobWith(all.toArray(String[]::new));
  }

  /** A job whose first run is over, with A to E in the app. */
  Job mirroredOnce(String... properties) throws Exception {
    var job = mirror(properties);
    for (String code : List.of("A", "B", "C", "D", "E")) {
      held(code, "A");
    }
    held("Z", "B");
    var first = rehearsal.sync(job, "code,name", "A,n", "B,n", "C,n", "D,n", "E,n");
    assertThat(first.report().state()).isEqualTo(RunState.COMPLETED);
    rehearsal.forgetRequests();
    return job;
  }
}
