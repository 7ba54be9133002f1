package dev.kintonesync.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.kintone.client.KintoneClient;
import com.kintone.client.KintoneClientBuilder;
import com.kintone.client.exception.KintoneApiRuntimeException;
import dev.kintonesync.Patience;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.function.Executable;

/**
 * The Kintone that the contract tests speak to: a simulator, or a real domain when {@code
 * KINTONE_TEST_BASE_URL}, {@code KINTONE_TEST_USERNAME} and {@code KINTONE_TEST_PASSWORD} are set.
 * Tests that need the simulator's controls are then skipped.
 */
final class KintoneUnderTest implements AutoCloseable {
  private @Nullable Simulator simulator;
  private final String url;
  private final String user;
  private final String password;
  private final KintoneClient client;

  private KintoneUnderTest() throws IOException {
    String real = System.getenv("KINTONE_TEST_BASE_URL");
    simulator = real == null ? Simulator.start() : null;
    url = simulator == null ? real : simulator.url();
    user = environment("KINTONE_TEST_USERNAME", "tester");
    password = environment("KINTONE_TEST_PASSWORD", "secret");
    client = KintoneClientBuilder.create(url).authByPassword(user, password).build();
    if (simulator != null) {
      simulator.settings(simulator.settings().with("deployMs", 0));
    }
  }

  static KintoneUnderTest start() throws IOException {
    return new KintoneUnderTest();
  }

  private static String environment(String name, String otherwise) {
    return Optional.ofNullable(System.getenv(name)).orElse(otherwise);
  }

  /** Kintone's own Java client. */
  KintoneClient client() {
    return client;
  }

  Wire wire() {
    return Wire.withPassword(url, user, password);
  }

  Wire withToken(String token) {
    return Wire.withToken(url, token);
  }

  String url() {
    return url;
  }

  String user() {
    return user;
  }

  /** The simulator, for tests that need its controls; they are skipped on a real domain. */
  Simulator simulator() {
    assumeTrue(simulator != null, "needs the simulator's controls");
    return simulator;
  }

  /** Cuts off all calls in flight and serves again at the same port, with nothing in it. */
  void restart() throws IOException {
    int port = simulator().port();
    simulator().close();
    simulator = Simulator.start(port);
    simulator.settings(simulator.settings().with("deployMs", 0));
  }

  /** Makes and deploys an app with the fields given as properties, {@code '} for {@code "}. */
  long app(String properties) {
    long app =
        wire().post("/k/v1/preview/app.json", "{'name':'contract'}").json().at("/app").asLong();
    Wire.Answer added =
        wire()
            .post(
                "/k/v1/preview/app/form/fields.json",
                "{'app':" + app + ",'properties':" + properties + "}");
    assertThat(added.status()).as(added.response().body()).isEqualTo(200);
    deploy(app);
    return app;
  }

  /** Deploys an app and waits until that is done. */
  void deploy(long app) {
    wire().post("/k/v1/preview/app/deploy.json", "{'apps':[{'app':" + app + "}]}");
    Patience.await().until(() -> !deployment(app).equals("PROCESSING"));
  }

  String deployment(long app) {
    return wire()
        .get("/k/v1/preview/app/deploy.json?apps[0]=".replace("[0]", "%5B0%5D") + app)
        .json()
        .at("/apps/0/status")
        .asText();
  }

  /** All records of an app by their ids. */
  List<JsonNode> records(long app) {
    List<JsonNode> records = new ArrayList<>();
    JsonNode answer = wire().get("/k/v1/records.json?app=" + app + "&query=limit%20500").json();
    answer.path("records").forEach(records::add);
    records.sort(Comparator.comparingLong(record -> record.at("/$id/value").asLong()));
    return records;
  }

  /** What Kintone answers when it refuses what its client is made to ask. */
  static Refused refused(Executable call) {
    try {
      call.execute();
    } catch (KintoneApiRuntimeException e) {
      return new Refused(e.getStatusCode(), Wire.json(e.getContent()));
    } catch (Throwable e) {
      throw new AssertionError("expected a refusal", e);
    }
    throw new AssertionError("expected a refusal");
  }

  /** The status of a refusal that may be no JSON. */
  static int status(Executable call) {
    try {
      call.execute();
    } catch (KintoneApiRuntimeException e) {
      return e.getStatusCode();
    } catch (Throwable e) {
      throw new AssertionError("expected a refusal", e);
    }
    throw new AssertionError("expected a refusal");
  }

  /** A refusal as Kintone's client tells it. */
  record Refused(int status, JsonNode json) {
    String code() {
      return json.path("code").asText();
    }

    List<String> errorKeys() {
      List<String> keys = new ArrayList<>();
      json.path("errors").fieldNames().forEachRemaining(keys::add);
      return keys;
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
    if (simulator != null) {
      simulator.close();
    }
  }
}
