package dev.kintonesync.kamelets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A Kamelet may name a job in any Camel application whose properties have it. */
class JobsOfOtherApplicationsTest {
  private static final String SINK = "kamelet:kintone-upsert-sink?job=customers";

  private static final Map<String, String> JOB =
      Map.of(
          "job.customers.app", "APP",
          "job.customers.update-key", "code",
          "job.customers.map", "顧客コード=code, 顧客名=name");

  private static final List<?> MESSAGE = List.of(Map.of("顧客コード", "A", "顧客名", "阿部"));

  @Test
  void aJobNeedsNoSourceHere() throws Exception {
    try (var other = new OtherApplication(JOB)) {
      assertThat(other.answers(SINK, MESSAGE))
          .singleElement()
          .extracting(result -> result.get("outcome"))
          .isEqualTo("inserted");
      assertThat(other.held("name")).containsOnly(entry("A", "阿部"));
    }
  }

  @Test
  void whatTheKameletSaysGoesBeforeTheJob() throws Exception {
    try (var other = new OtherApplication(JOB)) {
      other.app.add("{\"code\":{\"value\":\"B\"}}");

      assertThat(other.answers(SINK + "&mode=update", MESSAGE))
          .singleElement()
          .extracting(result -> result.get("outcome"))
          .isEqualTo("rejected"); // there is no A to update
      assertThat(other.held("name")).containsOnlyKeys("B");
    }
  }

  @Test
  void anUnknownJobIsRefusedWithTheNearestOne() throws Exception {
    try (var other = new OtherApplication(JOB)) {
      assertThatThrownBy(() -> other.answers(SINK + "s", MESSAGE))
          .hasStackTraceContaining("There is no job customerss")
          .hasStackTraceContaining("Did you mean customers");
    }
  }

  @Test
  void aJobThatIsNotToWriteTakesNoMessages() throws Exception {
    var job = new HashMap<>(JOB);
    job.put("job.customers.write", "false");
    try (var other = new OtherApplication(job)) {
      assertThatThrownBy(() -> other.answers(SINK, MESSAGE))
          .hasStackTraceContaining("customers")
          .hasStackTraceContaining("write");
      assertThat(other.writes()).isEmpty();
    }
  }

  @Test
  void aJobThatDeletesTakesNoMessages() throws Exception {
    var job = new HashMap<>(JOB);
    job.put("job.customers.delete-when", "state=gone");
    try (var other = new OtherApplication(job)) {
      assertThatThrownBy(() -> other.answers(SINK, MESSAGE)).hasStackTraceContaining("delete-when");
      assertThat(other.simulator.requests()).isEmpty();
    }
  }
}
