package dev.kintonesync.console.notification;

import static dev.kintonesync.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import dev.kintonesync.FreePort;
import dev.kintonesync.Patience;
import dev.kintonesync.console.SampleRuns;
import dev.kintonesync.kintone.Credentials;
import dev.kintonesync.kintone.KintoneConnection;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.settings.NotificationSettings;
import dev.kintonesync.settings.NotificationSettings.Channel;
import dev.kintonesync.settings.NotificationSettings.LogApp;
import dev.kintonesync.settings.NotificationSettings.Mail;
import dev.kintonesync.settings.NotificationSettings.Security;
import dev.kintonesync.settings.NotificationSettings.Shape;
import dev.kintonesync.settings.NotificationSettings.Webhook;
import dev.kintonesync.simulator.Simulator;
import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.sync.Report;
import dev.kintonesync.sync.RunState;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is told arrives, also after a server was away or a program ended. */
class DeliveryTest extends NotifiedDesk {
  @Test
  void aMailThatCannotBeSentIsKeptAndSentLaterAlsoByTheNextProgram() throws Exception {
    int port = FreePort.find();
    tell(MessageBundle.ENGLISH, mail(port), null, null);
    ran(RunState.STOPPED, MessageCode.KINTONE_AWAY.with("https://x", "no answer"));
    var failed = Patience.next(said);
    assertThat(failed.toString()).startsWith("notify.mail could not be notified about customers");
    notifier.close();
    var later = new GreenMail(new ServerSetup(port, "127.0.0.1", "smtp"));
    later.start();
    try {
      clock.move(Duration.ofMinutes(1));
      tell(MessageBundle.ENGLISH, mail(port), null, null);
      assertThat(awaitMail(later, 1).getSubject())
          .isEqualTo("[kintone-sync] customers: the run stopped before the end");
      await().until(this::allIsSent);
    } finally {
      later.stop();
    }
  }

  @Test
  void aMailServerWithoutStarttlsIsToldWithTheProperty() throws Exception {
    var server = new GreenMail(ServerSetup.SMTP.dynamicPort());
    server.start();
    try {
      var plain = mail(server.getSmtp().getPort());
      var mail =
          new Mail(
              plain.to(), plain.from(), plain.host(), plain.port(), Security.STARTTLS, null, null);
      tell(MessageBundle.JAPANESE, mail, null, null);
      ran(RunState.STOPPED, MessageCode.NO_ACCESS.with());
      assertThat(MessageBundle.JAPANESE.say(Patience.next(said)))
          .contains("メールサーバーが STARTTLS に対応していません。notify.mail.security を tls または none にしてください")
          .doesNotContain("host does not");
    } finally {
      server.stop();
    }
  }

  @Test
  void aChatIsToldInItsShapeAndAgainWhenItRefused() throws Exception {
    var told = new LinkedBlockingQueue<JsonNode>();
    var calls = new AtomicInteger();
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/hook",
        exchange -> {
          var card = new ObjectMapper().readTree(exchange.getRequestBody());
          exchange.sendResponseHeaders(calls.incrementAndGet() == 1 ? 503 : 200, -1);
          told.add(card);
          exchange.close();
        });
    server.start();
    try {
      var url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook?secret");
      tell(MessageBundle.ENGLISH, null, new Webhook(url, Shape.TEAMS), null);
      ran(RunState.REFUSED, MessageCode.NO_ACCESS.with());
      var failed = Patience.next(said);
      assertThat(failed.toString()).contains("notify.webhook", "HTTP 503").doesNotContain("secret");
      awaitAsTimeGoesOn(() -> told.size() == 2);
      told.poll();
      var card = told.poll();
      assertThat(card.at("/attachments/0/contentType").asText())
          .isEqualTo("application/vnd.microsoft.card.adaptive");
      assertThat(card.at("/attachments/0/content/body/0/text").asText())
          .isEqualTo("customers: the run could not start");
      notifier.close();
      tell(MessageBundle.ENGLISH, null, new Webhook(url, Shape.SLACK), null);
      ran(RunState.COMPLETED, null);
      await().until(() -> told.size() == 1);
      assertThat(told.poll().path("text").asText()).startsWith("*customers: recovered*\n");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void theLogAppGetsARecordForEachRunOnceWithItsRejects() throws Exception {
    try (var simulator = Simulator.start()) {
      var app = simulator.app("runs", RunLogApp.fields(MessageBundle.JAPANESE));
      simulator
          .faults()
          .add(Fault.of(Fault.Kind.RESET_AFTER_COMMIT).on("POST", "/k/v1/record.json").times(1));
      var connection =
          new KintoneConnection(URI.create(simulator.url()), null, Credentials.ofTokens("t"), "en");
      tell(MessageBundle.ENGLISH, null, null, new LogApp(connection, String.valueOf(app.id())));
      ran(RunState.COMPLETED_WITH_REJECTS, null);
      Patience.next(said);
      awaitAsTimeGoesOn(this::allIsSent);
      var records = app.records();
      assertThat(records).hasSize(1);
      var record = records.get(0);
      assertThat(record.at("/run/value").asText()).isEqualTo(desk.newest);
      assertThat(record.at("/state/value").asText()).isEqualTo("completed-with-rejects");
      assertThat(record.at("/inserted/value").asText()).isEqualTo("3");
      assertThat(record.at("/rejects/value/0/name").asText()).isEqualTo("rejects.csv");
    }
  }

  @Test
  void ofRunsThatChangeNothingTheLogAppGetsTheFirst() throws Exception {
    try (var simulator = Simulator.start()) {
      var app = simulator.app("runs", RunLogApp.fields(MessageBundle.JAPANESE));
      var connection =
          new KintoneConnection(URI.create(simulator.url()), null, Credentials.ofTokens("t"), "en");
      tell(MessageBundle.ENGLISH, null, null, new LogApp(connection, String.valueOf(app.id())));
      var first = SampleRuns.idle("products", clock.instant());
      ended(first);
      ended(SampleRuns.idle("products", clock.instant().plusSeconds(60)));
      ended(SampleRuns.of("products", RunState.COMPLETED, clock.instant().plusSeconds(120)));
      var again = SampleRuns.idle("products", clock.instant().plusSeconds(180));
      ended(again);
      await().until(this::allIsSent);
      assertThat(app.records())
          .extracting(record -> record.at("/run/value").asText())
          .startsWith(first.run())
          .endsWith(again.run())
          .hasSize(3);
    }
  }

  private void ended(Report report) {
    desk.journal.begun(report);
    desk.journal.ended(report);
    notifier.ran(report, null, false);
  }

  @Test
  void aLargeFileOfRejectsIsNotAttachedAndTheReasonSaysSo() throws Exception {
    try (var simulator = Simulator.start()) {
      var app = simulator.app("runs", RunLogApp.fields(MessageBundle.JAPANESE));
      var connection =
          new KintoneConnection(URI.create(simulator.url()), null, Credentials.ofTokens("t"), "en");
      Path rejects = home.resolve("runs").resolve(desk.newest).resolve("rejects.csv");
      Files.writeString(rejects, "A,x,error,1\n".repeat(1_000_000));
      tell(MessageBundle.ENGLISH, null, null, new LogApp(connection, String.valueOf(app.id())));
      ran(RunState.COMPLETED_WITH_REJECTS, null);
      await().until(this::allIsSent);
      var record = app.records().get(0);
      assertThat(record.at("/rejects/value")).isEmpty();
      assertThat(record.at("/reason/value").asText())
          .contains(rejects.toString(), "is not attached");
    }
  }

  @Test
  void aMailServerThatIsAwayIsTriedOnceAndDoesNotHoldUpAChat() throws Exception {
    var told = new LinkedBlockingQueue<JsonNode>();
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/hook",
        exchange -> {
          told.add(new ObjectMapper().readTree(exchange.getRequestBody()));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    try {
      for (int letter = 0; letter < 30; letter++) {
        toSend(Channel.MAIL, "job-" + letter);
      }
      toSend(Channel.WEBHOOK, "customers");
      var url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
      tell(MessageBundle.ENGLISH, mail(1), new Webhook(url, Shape.SLACK), null);
      Patience.next(told);
      await().until(() -> said.size() == 1);
      toSend(Channel.WEBHOOK, "customers");
      Patience.next(told);
      assertThat(said).hasSize(1);
      awaitAsTimeGoesOn(() -> said.size() == 2);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aLetterAtWhichTheSenderBreaksIsPostponedAndTheNextIsSent() {
    post.start();
    toSend(Channel.MAIL, "broken");
    toSend(Channel.MAIL, "customers");
    tell(
        MessageBundle.ENGLISH,
        job -> {
          if (job.equals("broken")) {
            throw new StackOverflowError("of a library");
          }
          return new NotificationSettings(mail(post.getSmtp().getPort()), null, null);
        });
    await().until(() -> said.size() == 1);
    awaitAsTimeGoesOn(() -> post.getReceivedMessages().length == 1);
    assertThat(subject(post.getReceivedMessages()[0])).contains("headline of customers");
  }

  @Test
  void aLetterAtWhichTheProgramEndedThreeTimesIsGivenUpWithAWord() throws Exception {
    post.start();
    toSend(Channel.MAIL, "deadly");
    for (int death = 0; death < 3; death++) {
      var letter = desk.journal.outbox().due(Channel.MAIL.name(), clock.instant()).get(0);
      assertThat(desk.journal.outbox().take(letter, clock.instant())).isTrue();
      assertThat(desk.journal.outbox().take(letter, clock.instant())).as("by another").isFalse();
    }
    toSend(Channel.MAIL, "customers");
    tell(MessageBundle.ENGLISH, mail(post.getSmtp().getPort()), null, null);
    assertThat(subject(awaitMail(1))).contains("headline of customers");
    assertThat(Patience.next(said).toString()).contains("deadly", "the program ended 3 times");
    await().until(this::allIsSent);
    assertThat(post.getReceivedMessages()).hasSize(1);
  }

  @Test
  void anEndDoesNotWaitLongForAMailServerThatHangs() throws Exception {
    try (var hanging = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      for (int end = 0; end < 4; end++) {
        notifier =
            new Notifier(
                setup(
                    job -> new NotificationSettings(mail(hanging.getLocalPort()), null, null),
                    MessageBundle.ENGLISH,
                    null,
                    Duration.ofMillis(500)));
        if (end == 0) {
          ran(RunState.STOPPED, MessageCode.KINTONE_AWAY.with("https://x", "no answer"));
        }
        var began = Instant.now();
        notifier.close();
        assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(10));
        assertThat(said.poll().toString()).contains("The next program that sends notifications");
        clock.move(Duration.ofHours(2));
      }
      assertThat(said).as("not given up").isEmpty();
      assertThat(allIsSent()).isFalse();
    }
  }
}
