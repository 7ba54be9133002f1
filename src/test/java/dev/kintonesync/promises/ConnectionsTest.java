package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.kintone.client.KintoneClientBuilder;
import com.kintone.client.model.app.field.SingleLineTextFieldProperty;
import dev.kintonesync.Patience;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Source;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way to Kintone: TLS that is always verified, a client certificate, a proxy, a login. */
class ConnectionsTest {
  private static final TestAuthority authority = TestAuthority.ofThisProcess();

  @TempDir Path home;

  @Test
  void anAuthorityThatIsNamedIsTrusted() throws Exception {
    try (var rehearsal = new Rehearsal(home, Map.of("kintone.ca-file-path", pem()));
        var front = new Crossing(rehearsal.simulator.url(), authority.server(false))) {
      assertThat(sync(rehearsal, front.url(), Map.of()).counts().inserted()).isEqualTo(1);
    }
  }

  @Test
  void aCertificateOfAnUnknownAuthorityIsRefused() throws Exception {
    try (var rehearsal = new Rehearsal(home, Map.of("kintone.patience", "20ms"));
        var front = new Crossing(rehearsal.simulator.url(), authority.server(false))) {
      var report = sync(rehearsal, front.url(), Map.of());

      assertThat(report.state()).isEqualTo(RunState.STOPPED);
      assertThat(report.reason()).containsIgnoringCase("certif");
      assertThat(front.crossed()).isZero();
    }
  }

  @Test
  void theCertificateMustBeThatOfTheHost() throws Exception {
    try (var rehearsal =
            new Rehearsal(home, Map.of("kintone.ca-file-path", pem(), "kintone.patience", "20ms"));
        var front = new Crossing(rehearsal.simulator.url(), authority.server(false))) {
      var report = sync(rehearsal, front.url().replace("127.0.0.1", "localhost"), Map.of());

      assertThat(report.state()).isEqualTo(RunState.STOPPED);
      assertThat(front.crossed()).isZero();
    }
  }

  @Test
  void aClientCertificateIsShown() throws Exception {
    var settings =
        Map.of(
            "kintone.ca-file-path", pem(),
            "kintone.pfx-file-path", authority.client().toString(),
            "kintone.pfx-file-password", TestAuthority.PASSWORD);
    try (var rehearsal = new Rehearsal(home, settings);
        var front = new Crossing(rehearsal.simulator.url(), authority.server(true))) {
      assertThat(sync(rehearsal, front.url(), Map.of()).counts().inserted()).isEqualTo(1);
    }
  }

  @Test
  void withoutTheCertificateThatIsWantedNothingIsSent() throws Exception {
    var settings = Map.of("kintone.ca-file-path", pem(), "kintone.patience", "20ms");
    try (var rehearsal = new Rehearsal(home, settings);
        var front = new Crossing(rehearsal.simulator.url(), authority.server(true))) {
      assertThat(sync(rehearsal, front.url(), Map.of()).state()).isEqualTo(RunState.STOPPED);
      assertThat(front.crossed()).isZero();
    }
  }

  @Test
  void aWrongPasswordOfTheCertificateStopsTheStart() {
    var settings =
        Map.of(
            "kintone.pfx-file-path",
            authority.client().toString(),
            "kintone.pfx-file-password",
            "not-it-at-all");

    assertThatThrownBy(() -> new Rehearsal(home, settings))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("client.p12 cannot be read: the password is wrong.")
        .hasMessageNotContaining("not-it-at-all")
        .hasMessageNotContaining("java.");
  }

  /** Some programs ask for one password for the file and another one for the key in it. */
  @Test
  void aKeyWithAPasswordOfItsOwnStopsTheStart() throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    char[] password = TestAuthority.PASSWORD.toCharArray();
    try (var in = Files.newInputStream(authority.client())) {
      store.load(in, password);
    }
    String alias = store.aliases().nextElement();
    store.setKeyEntry(
        alias,
        store.getKey(alias, password),
        "another".toCharArray(),
        store.getCertificateChain(alias));
    Path file = home.resolve("two.p12");
    try (var out = Files.newOutputStream(file)) {
      store.store(out, password);
    }
    var settings =
        Map.of(
            "kintone.pfx-file-path",
            file.toString(),
            "kintone.pfx-file-password",
            TestAuthority.PASSWORD);

    assertThatThrownBy(() -> new Rehearsal(home, settings))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("two.p12 cannot be read: the password is wrong.");
  }

  @Test
  void aProxyIsPassedWithItsLogin() throws Exception {
    try (var proxy = new TunnelProxy("office:open sesame")) {
      var settings =
          Map.of(
              "kintone.ca-file-path",
              pem(),
              "kintone.proxy",
              proxy.url(),
              "kintone.proxy-username",
              "office",
              "kintone.proxy-password",
              "open sesame");
      try (var rehearsal = new Rehearsal(home, settings);
          var front = new Crossing(rehearsal.simulator.url(), authority.server(false))) {
        assertThat(sync(rehearsal, front.url(), Map.of()).counts().inserted()).isEqualTo(1);
        assertThat(proxy.tunnels()).isPositive();
      }
    }
  }

  @Test
  void aLoginAndATokenPassTheBasicAuthenticationInFront() throws Exception {
    try (var rehearsal = new Rehearsal(home)) {
      rehearsal.simulator.settings(rehearsal.simulator.settings().with("basicAuth", "front:door"));
      var login = Map.of("KINTONE_USERNAME", "sato", "KINTONE_PASSWORD", "secret");
      var token = Map.of("KINTONE_API_TOKEN", "t");

      assertThat(sync(rehearsal, front(login, "door"), "A,a").counts().inserted()).isEqualTo(1);
      assertThat(rehearsal.app.records().get(0).at("/更新者/value/code").asText()).isEqualTo("sato");
      assertThat(sync(rehearsal, front(token, "door"), "B,b").counts().inserted()).isEqualTo(1);
      for (var environment : List.of(token, front(token, "window"))) {
        assertThat(sync(rehearsal, environment, "C,c").reason()).contains("Basic authentication");
      }
      assertThat(rehearsal.app.size()).isEqualTo(2);
    }
  }

  private static Map<String, String> front(Map<String, String> environment, String password) {
    var all = new HashMap<>(environment);
    all.put("KINTONE_BASIC_AUTH_USERNAME", "front");
    all.put("KINTONE_BASIC_AUTH_PASSWORD", password);
    return all;
  }

  private Report sync(Rehearsal rehearsal, Map<String, String> environment, String row)
      throws Exception {
    String url = rehearsal.simulator.url();
    return sync(rehearsal, url, rehearsal.app.id(), environment, "code,name", row);
  }

  @Test
  void anAppOfAGuestSpaceIsReachedThroughItsSpace() throws Exception {
    try (var rehearsal = new Rehearsal(home);
        var guest =
            KintoneClientBuilder.create(rehearsal.simulator.url())
                .authByApiToken("t")
                .setGuestSpaceId(7)
                .build()) {
      rehearsal.simulator.settings(rehearsal.simulator.settings().with("deployMs", 0));
      long app = guest.app().addApp("guests");
      var code = new SingleLineTextFieldProperty();
      code.setCode("code");
      code.setLabel("code");
      code.setUnique(true);
      guest.app().addFormFields(app, Map.of("code", code));
      guest.app().deployApp(app);
      Patience.await().until(() -> guest.app().getDeployStatus(app).name().equals("SUCCESS"));
      var environment = Map.of("KINTONE_API_TOKEN", "t", "KINTONE_GUEST_SPACE_ID", "7");

      var report = sync(rehearsal, rehearsal.simulator.url(), app, environment, "code", "A");

      assertThat(report.counts().inserted()).isEqualTo(1);
      assertThat(guest.record().getRecords(app)).hasSize(1);
      var outside = Map.of("KINTONE_API_TOKEN", "t");
      assertThat(sync(rehearsal, rehearsal.simulator.url(), app, outside, "code", "A").reason())
          .contains("GAIA_IL23");
      var wrong = Map.of("KINTONE_API_TOKEN", "t", "KINTONE_GUEST_SPACE_ID", "8");
      assertThat(sync(rehearsal, rehearsal.simulator.url(), app, wrong, "code", "A").reason())
          .contains("guest space 8", "another guest space", "CB_NO02");
    }
  }

  private static String pem() {
    return authority.pem().toString();
  }

  private Report sync(Rehearsal rehearsal, String url, Map<String, String> environment)
      throws Exception {
    return sync(rehearsal, url, rehearsal.app.id(), environment, "code,name", "A,a");
  }

  private Report sync(
      Rehearsal rehearsal, String url, long app, Map<String, String> environment, String... lines)
      throws Exception {
    Files.writeString(
        home.resolve("application.properties"),
        "kintone.base-url = "
            + url
            + "\njob.c.app = "
            + app
            + "\njob.c.update-key = code\njob.c.source = folder\njob.c.folder = in\n");
    var known = new HashMap<>(environment);
    if (environment.isEmpty()) {
      known.put("KINTONE_API_TOKEN", "t");
    }
    var job = Configuration.read(home, known, Map.of()).job("c");
    return rehearsal
        .application()
        .runner()
        .run(job.on(new Source.OneFile(rehearsal.csv(lines))))
        .report();
  }
}
