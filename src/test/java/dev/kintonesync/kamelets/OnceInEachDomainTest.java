package dev.kintonesync.kamelets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.journal.OperationRepository;
import dev.kintonesync.simulator.SimulatedApp;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apps of several domains may have the same number: what is remembered is of one of them. */
class OnceInEachDomainTest {
  private static final String FIELDS =
      """
      {"code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "code"},
       "operation": {"type": "SINGLE_LINE_TEXT", "code": "operation", "label": "operation",
                     "unique": true}}
      """;

  private static final Object ADD = Operations.add("A");

  @TempDir Path folder;

  @Test
  void whatWasSentToATestDomainIsSentToTheOtherOne() throws Exception {
    try (var test = new OtherApplication();
        var production = new OtherApplication()) {
      var tried = test.simulator.app("visits", FIELDS);
      var real = production.simulator.app("visits", FIELDS);
      assertThat(tried.id()).isEqualTo(real.id());

      send(test, tried, folder.toString());
      send(production, real, folder.toString());

      assertThat(tried.values("code")).containsExactly("A");
      assertThat(real.values("code")).containsExactly("A");
    }
  }

  @Test
  void whatAnEarlierVersionRememberedWithoutItsDomainIsNotSentAgain() throws Exception {
    try (var application = new OtherApplication()) {
      var visits = application.simulator.app("visits", FIELDS);
      var kept = new Memory();
      application.context().getRegistry().bind("kept", kept);
      var first = send(application, visits, "RAW(#kept)");
      int writes = application.writes().size();

      var former = kept.byId.remove(kept.byId.keySet().iterator().next());
      kept.byId.put(visits.id() + " m1", former);
      assertThat(send(application, visits, "RAW(#kept)")).isEqualTo(first);

      assertThat(application.writes()).hasSize(writes);
      assertThat(visits.values("code")).containsExactly("A");
      assertThat(kept.byId.keySet()).containsExactly(visits.id() + " m1");
    }
  }

  private static Object send(OtherApplication application, SimulatedApp app, String repository) {
    return application
        .producer()
        .requestBodyAndHeader(
            "kamelet:kintone-bulk-action?app="
                + app.id()
                + "&interval=60000&operationId=RAW(${header.id})&idField=operation"
                + "&operationRepository="
                + repository,
            ADD,
            "id",
            "m1");
  }

  /** What an application of somebody else may have in the place of a folder. */
  private static final class Memory implements OperationRepository {
    private final Map<String, Kept> byId = new HashMap<>();

    @Override
    public synchronized @Nullable Kept find(String id) {
      return byId.get(id);
    }

    @Override
    public synchronized boolean begin(String id, Kept intent) {
      return byId.putIfAbsent(id, intent) == null;
    }

    @Override
    public synchronized void complete(String id, String answer) {
      byId.computeIfPresent(
          id, (same, kept) -> new Kept(kept.digest(), kept.revisions(), kept.begunAt(), answer));
    }

    @Override
    public synchronized void forget(String id) {
      byId.remove(id);
    }

    @Override
    public synchronized void forgetCompleted(Instant before) {
      for (String id : List.copyOf(byId.keySet())) {
        if (byId.get(id).answer() != null && byId.get(id).begunAt().isBefore(before)) {
          byId.remove(id);
        }
      }
    }
  }
}
