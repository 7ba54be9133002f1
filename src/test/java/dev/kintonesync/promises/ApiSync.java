package dev.kintonesync.promises;

import dev.kintonesync.settings.Job;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Runs jobs whose source is a rehearsed HTTP API. */
abstract class ApiSync {
  Rehearsal rehearsal;
  RehearsedApi api;

  @BeforeEach
  void serve() throws Exception {
    api = new RehearsedApi();
  }

  @AfterEach
  void serveNoMore() {
    api.close();
  }

  Job job(String... properties) throws Exception {
    return rehearsal.apiJob(api.url(), Map.of(), properties);
  }
}
