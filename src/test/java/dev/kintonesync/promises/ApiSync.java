package dev.kintonesync.promises;

import dev.kintonesync.settings.Job;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Runs jobs whose source is a rehearsed HTTP API. */
abstract class ApiSync {
  @TempDir Path home;
  Rehearsal rehearsal;
  RehearsedApi api;

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home);
    api = new RehearsedApi();
  }

  @AfterEach
  void stop() {
    rehearsal.close();
    api.close();
  }

  Job job(String... properties) throws Exception {
    return rehearsal.apiJob(api.url(), Map.of(), properties);
  }
}
