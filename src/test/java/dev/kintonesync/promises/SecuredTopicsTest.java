package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.FreePort;
import dev.kintonesync.kafka.KafkaBroker;
import dev.kintonesync.settings.Job;
import dev.kintonesync.sync.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that wants a login over TLS, with the certificate of an authority of its own. */
class SecuredTopicsTest {
  private static final String TOPIC = "customers";

  private static TestAuthority authority;
  private static KafkaBroker broker;
  private static String brokers;

  @TempDir Path home;
  private Rehearsal rehearsal;

  @BeforeAll
  static void startBroker() throws Exception {
    authority = TestAuthority.ofThisProcess();
    brokers = "127.0.0.1:" + FreePort.find();
    String ways = "PLAINTEXT://127.0.0.1:PORT,SASL_SSL://" + brokers;
    broker =
        KafkaBroker.start(
            Map.of(
                "listeners",
                ways + ",CONTROLLER://127.0.0.1:CONTROLLER_PORT",
                "advertised.listeners",
                ways,
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT",
                "sasl.enabled.mechanisms",
                "PLAIN",
                "listener.name.sasl_ssl.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required"
                    + " user_sync=\"s3cret\";",
                "ssl.keystore.location",
                authority.server().toString(),
                "ssl.keystore.password",
                TestAuthority.PASSWORD,
                "ssl.keystore.type",
                "PKCS12"));
    broker.topic(TOPIC, 1);
    broker.topic("bad", 1);
    broker.send(TOPIC, "K1", "{\"code\": \"K1\", \"name\": \"Abe\"}");
    broker.send(TOPIC, "K2", "not JSON");
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void start() throws Exception {
    rehearsal = new Rehearsal(home, Map.of());
    Path client =
        Files.writeString(
            home.resolve("client.properties"),
            "ssl.truststore.type = PEM\nssl.truststore.location = " + authority.pem());
    Files.setPosixFilePermissions(client, PosixFilePermissions.fromString("rw-------"));
  }

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  private Job job(String password, String... properties) throws Exception {
    return rehearsal.topicJob(
        Map.of("SOURCE_PASSWORD_CUSTOMERS", password), brokers, TOPIC, properties);
  }

  @Test
  void aTopicIsReadOverTlsWithALogin() throws Exception {
    var run =
        rehearsal.runNow(
            job(
                "s3cret",
                "username = sync",
                "client-properties = client.properties",
                "dead-letter-topic = bad"));
    assertThat(run.reason()).isNull();
    assertThat(run.report().counts().inserted()).isEqualTo(1);
    assertThat(rehearsal.held("name")).containsOnly(Map.entry("K1", "Abe"));
    assertThat(broker.read("bad", 1)).extracting(KafkaBroker.Read::key).containsExactly("K2");
    assertThat(broker.settled("kintone-sync-customers")).isEqualTo(2);
  }

  @Test
  void aWrongPasswordIsSaid() throws Exception {
    var run =
        rehearsal.runNow(
            job("wrong", "username = sync", "client-properties = client.properties", "group = w"));
    assertThat(run.report().state()).isEqualTo(RunState.REFUSED);
    assertThat(run.reason().toString())
        .contains("Login to the brokers " + brokers + " failed", "Correct username and password")
        .doesNotContain("wrong");
    assertThat(broker.committed("w")).isEmpty();
  }

  @Test
  void anAuthorityThatNobodyTrustsIsSaid() throws Exception {
    var run = rehearsal.runNow(job("s3cret", "username = sync", "group = u"));
    assertThat(run.report().state()).isEqualTo(RunState.REFUSED);
    assertThat(run.reason().toString())
        .contains(
            "No secure connection to the brokers " + brokers,
            "unable to find valid certification path",
            "ssl.truststore.location")
        .doesNotContain("password");
  }
}
