package dev.kintonesync.console.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.kintonesync.console.SampleRuns;
import dev.kintonesync.journal.ReportJson;
import dev.kintonesync.kintone.Credentials;
import dev.kintonesync.kintone.Credentials.Login;
import dev.kintonesync.kintone.KintoneConnection;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.promises.Crossing;
import dev.kintonesync.promises.TestAuthority;
import dev.kintonesync.promises.TunnelProxy;
import dev.kintonesync.settings.HttpClientFactory;
import dev.kintonesync.settings.Network;
import dev.kintonesync.settings.NotificationSettings.LogApp;
import dev.kintonesync.settings.NotificationSettings.Mail;
import dev.kintonesync.settings.NotificationSettings.Security;
import dev.kintonesync.settings.NotificationSettings.Shape;
import dev.kintonesync.settings.NotificationSettings.Webhook;
import dev.kintonesync.simulator.Simulator;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Notices go over TLS that is always verified, with a login, and the way that Kintone is reached.
 */
class NotificationNetworkTest {
  private static final Notification NOTICE = new Notification("customers", "headline", "text");

  private static TestAuthority authority;
  private static Network network;

  private final GreenMail post = new GreenMail(ServerSetup.SMTP.dynamicPort());

  @BeforeAll
  static void makeCertificates() throws Exception {
    authority = TestAuthority.ofThisProcess();
    network = new Network(null, null, null, authority.pem());
  }

  @BeforeEach
  void start() {
    post.start();
    post.setUser("it@example.com", "sync", "pass word");
  }

  @AfterEach
  void stop() {
    post.stop();
  }

  private static Mail mail(String host, int port, Security security, @Nullable String password) {
    return new Mail(
        List.of("it@example.com"),
        "sync@example.com",
        host,
        port,
        security,
        password == null ? null : "sync",
        password);
  }

  private MailFront front(Security security) throws Exception {
    return new MailFront(
        authority.context(), security == Security.STARTTLS, post.getSmtp().getPort());
  }

  private static void send(Network network, Mail mail) throws Exception {
    try (var sender = new MailSender(new HttpClientFactory(network))) {
      sender.send(mail, NOTICE);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TLS", "STARTTLS"})
  void mailGoesOverTlsWithALogin(Security security) throws Exception {
    try (var front = front(security)) {
      send(network, mail("127.0.0.1", front.port(), security, "pass word"));
      assertThat(post.getReceivedMessages()).hasSize(1);
      assertThatThrownBy(() -> send(network, mail("127.0.0.1", front.port(), security, "wrong")))
          .hasMessageNotContaining("wrong");
      assertThat(post.getReceivedMessages()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TLS", "STARTTLS"})
  void aMailServerThatNobodyKnowsGetsNoMail(Security security) throws Exception {
    try (var front = front(security)) {
      var mail = mail("127.0.0.1", front.port(), security, "pass word");
      assertThatThrownBy(() -> send(Network.DIRECT, mail))
          .hasStackTraceContaining("certification path");
      assertThat(post.getReceivedMessages()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TLS", "STARTTLS"})
  void aMailServerWithTheCertificateOfAnotherGetsNoMail(Security security) throws Exception {
    try (var front = front(security)) {
      var mail = mail("localhost", front.port(), security, "pass word");
      assertThatThrownBy(() -> send(network, mail)).hasStackTraceContaining("localhost found");
      assertThat(post.getReceivedMessages()).isEmpty();
    }
  }

  @Test
  void aMailServerWithoutStartTlsGetsNoMail() {
    var mail = mail("127.0.0.1", post.getSmtp().getPort(), Security.STARTTLS, "pass word");
    assertThatThrownBy(() -> send(network, mail)).hasMessageContaining("STARTTLS");
    assertThat(post.getReceivedMessages()).isEmpty();
  }

  @Test
  void chatAndAppAreReachedThroughTheProxyByTheAuthorityThatIsNamed() throws Exception {
    try (var simulator = Simulator.start();
        var kintone = new Crossing(simulator.url(), authority.server(false));
        var proxy = new TunnelProxy("office:open sesame")) {
      var office =
          new Network(
              URI.create(proxy.url()), new Login("office", "open sesame"), null, authority.pem());
      var app = simulator.app("runs", RunLogApp.fields(MessageBundle.ENGLISH));
      logRun(office, kintone.url(), app.id());
      assertThat(app.records()).hasSize(1);
      assertThat(proxy.tunnels()).isEqualTo(1);
      assertThatThrownBy(() -> chat(office, kintone.url())).hasMessage("HTTP 404");
      assertThat(proxy.tunnels()).isEqualTo(2);
      assertThatThrownBy(() -> chat(Network.DIRECT, kintone.url()))
          .hasMessageContaining("certif")
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void theClientCertificateIsShownToKintoneAndToNobodyElse() throws Exception {
    var shown =
        new Network(
            null,
            null,
            new Network.Certificate(authority.client(), TestAuthority.PASSWORD),
            authority.pem());
    try (var simulator = Simulator.start();
        var kintone = new Crossing(simulator.url(), authority.server(true))) {
      var app = simulator.app("runs", RunLogApp.fields(MessageBundle.ENGLISH));
      logRun(shown, kintone.url(), app.id());
      assertThat(app.records()).hasSize(1);
      int crossed = kintone.crossed();
      assertThatThrownBy(() -> chat(shown.withoutCertificate(), kintone.url()))
          .isInstanceOf(IOException.class);
      assertThat(kintone.crossed()).isEqualTo(crossed);
    }
  }

  private static void logRun(Network network, String url, long app) throws Exception {
    var report = SampleRuns.of("20261122-023114-c", "c", RunState.COMPLETED, Instant.now());
    var connection = new KintoneConnection(URI.create(url), null, Credentials.ofTokens("t"), "en");
    try (var sender = new RunLogApp(new HttpClientFactory(network), MessageBundle.ENGLISH)) {
      sender.add(
          new LogApp(connection, String.valueOf(app)),
          new ObjectMapper().readValue(ReportJson.line(report), ObjectNode.class),
          Optional.empty());
    }
  }

  private static void chat(Network network, String url) throws Exception {
    try (var sender = new WebhookSender(new HttpClientFactory(network))) {
      sender.send(new Webhook(URI.create(url + "/hook?secret"), Shape.SLACK), NOTICE);
    }
  }
}
