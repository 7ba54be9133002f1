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
import dev.kintonesync.console.Desk;
import dev.kintonesync.console.JobOverview;
import dev.kintonesync.console.JobStatus;
import dev.kintonesync.console.SampleRuns;
import dev.kintonesync.journal.ReceivedFiles.Received;
import dev.kintonesync.kintone.Credentials;
import dev.kintonesync.kintone.KintoneConnection;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.promises.MovableClock;
import dev.kintonesync.settings.Network;
import dev.kintonesync.settings.NotificationSettings;
import dev.kintonesync.settings.NotificationSettings.Channel;
import dev.kintonesync.settings.NotificationSettings.LogApp;
import dev.kintonesync.settings.NotificationSettings.Mail;
import dev.kintonesync.settings.NotificationSettings.Security;
import dev.kintonesync.settings.NotificationSettings.Senders;
import dev.kintonesync.settings.NotificationSettings.Shape;
import dev.kintonesync.settings.NotificationSettings.Webhook;
import dev.kintonesync.simulator.Simulator;
import dev.kintonesync.simulator.http.Fault;
import dev.kintonesync.sync.RunState;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** People are told once what needs their attention, and again when it is right. */
class NotifierTest {
  @TempDir private Path home;

  private final MovableClock clock = new MovableClock();
  private final BlockingQueue<UserMessage> said = new LinkedBlockingQueue<>();
  private final GreenMail post = new GreenMail(ServerSetup.SMTP.dynamicPort());
  private Desk desk;
  private Notifier notifier;
  private @Nullable URI page;

  @BeforeEach
  void open() throws IOException {
    desk = new Desk(home, "http://127.0.0.1:9", 1);
  }

  @AfterEach
  void close() {
    if (notifier != null) {
      notifier.close();
    }
    post.stop();
    desk.close();
  }

  private void tell(
      MessageBundle bundle, @Nullable Mail mail, @Nullable Webhook webhook, @Nullable LogApp app) {
    tell(bundle, job -> new NotificationSettings(mail, webhook, app));
  }

  private void tell(MessageBundle bundle, Function<String, NotificationSettings> notifying) {
    notifier = new Notifier(setup(notifying, bundle, Duration.ofMillis(20), Duration.ofSeconds(5)));
  }

  private Notifier.Setup setup(
      Function<String, NotificationSettings> notifying,
      MessageBundle bundle,
      @Nullable Duration pause,
      Duration atTheEnd) {
    return new Notifier.Setup(
        new JobOverview(List::of, 0, desk.journal, clock),
        desk.journal,
        notifying,
        Network.DIRECT,
        home.resolve("runs"),
        bundle,
        () -> page,
        said::add,
        clock,
        pause,
        atTheEnd);
  }

  private Mail mail(int port) {
    return new Mail(
        List.of("it@example.com"),
        "sync@example.com",
        "127.0.0.1",
        port,
        Security.NONE,
        null,
        null);
  }

  private void ran(RunState state, @Nullable UserMessage reason) {
    notifier.ran(SampleRuns.of(desk.newest, "customers", state, clock.instant()), reason, false);
  }

  private String told(String source, RunState state) {
    notifier.ran(
        SampleRuns.ofSource(source, state, clock.instant()), MessageCode.NO_ACCESS.with(), false);
    return desk.journal
        .outbox()
        .due(Channel.MAIL.name(), clock.instant().plusSeconds(99_999))
        .get(0)
        .notification();
  }

  private void forgetTold() {
    var outbox = desk.journal.outbox();
    outbox.due(Channel.MAIL.name(), clock.instant().plusSeconds(99_999)).forEach(outbox::remove);
  }

  @Test
  void whatAsksForAnActionLeadsToThePageWhereItIsDone() {
    page = URI.create("https://sync.example.com");
    tell(MessageBundle.ENGLISH, mail(1), null, null);
    assertThat(told("/inbox/customers.csv", RunState.COMPLETED_WITH_REJECTS))
        .contains("Dashboard: https://sync.example.com/#run/");
    forgetTold();
    assertThat(told("/inbox/customers.csv", RunState.REFUSED))
        .contains("Dashboard: https://sync.example.com/#job/customers");
    forgetTold();
    assertThat(told("/inbox/customers.csv", RunState.COMPLETED))
        .contains("No action needed.")
        .doesNotContain("Dashboard");
  }

  @Test
  void aFileThatWasGivenOnThePageIsCalledAsItsSenderCallsIt() {
    tell(MessageBundle.ENGLISH, mail(1), null, null);
    String file = home.resolve("inbox/corrected-1.csv").toString();
    var given = new Received("u9", "customers", "mended.csv", file, 1, List.of(), clock.instant());
    desk.journal.receivedFiles().add(given);
    assertThat(told(file, RunState.COMPLETED_WITH_REJECTS)).contains("Source: mended.csv");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdbc:h2:mem:x", "https://api.example.com/customers", "app 7"})
  void whatToDoIsTrueOfSourcesThatAreNoFolder(String source) {
    tell(MessageBundle.ENGLISH, mail(1), null, null);
    assertThat(told(source, RunState.COMPLETED_WITH_REJECTS))
        .contains("where they come from", "kintone-sync retry ")
        .doesNotContain("folder");
  }

  @Test
  void aRefusedDatabaseIsNotSaidToLieInAFolder() {
    tell(MessageBundle.ENGLISH, mail(1), null, null);
    assertThat(told("jdbc:h2:mem:x", RunState.REFUSED))
        .contains("kintone-sync run customers --once")
        .doesNotContain("folder");
  }

  @Test
  void aFileOfRejectsMayBeDroppedAgain() {
    tell(MessageBundle.ENGLISH, mail(1), null, null);
    assertThat(told(home.resolve("in.csv").toString(), RunState.COMPLETED_WITH_REJECTS))
        .contains("drop it into the folder again");
  }

  @Test
  void whoseRowsOfAFileWereRejectedIsToldOfTheirOwnAndNoStrangerOfAny() throws Exception {
    post.start();
    var senders = new Senders("mail", Set.of("example.com"));
    var mail =
        new Mail(
            List.of(),
            "sync@example.com",
            "127.0.0.1",
            post.getSmtp().getPort(),
            Security.NONE,
            null,
            null,
            senders);
    var report =
        SampleRuns.ofSource(
            home.resolve("in.csv").toString(), RunState.COMPLETED_WITH_REJECTS, clock.instant());
    Files.writeString(
        Files.createDirectories(home.resolve("runs").resolve(report.run())).resolve("rejects.csv"),
        """
        code,mail,_error,_ref
        A1,suzuki@Example.com,too long,R/2/A1
        A2,evil@stranger.example,too long,R/3/A2
        A3,"suzuki@example.com,evil@stranger.example",too long,R/4/A3
        A4,tanaka@example.com,no number,R/5/A4
        """);
    tell(MessageBundle.ENGLISH, mail, null, null);

    notifier.ran(report, null, false);

    awaitMail(post, 2);
    Patience.await().until(this::allIsSent);
    var byReceiver = new TreeMap<String, String>();
    for (MimeMessage received : post.getReceivedMessages()) {
      assertThat(received.getAllRecipients()).hasSize(1);
      byReceiver.put(
          received.getAllRecipients()[0].toString(),
          subject(received) + " " + received.getContent());
    }
    assertThat(byReceiver).containsOnlyKeys("suzuki@Example.com", "tanaka@example.com");
    assertThat(byReceiver.get("suzuki@Example.com"))
        .contains("customers: 1 row for you to correct", "in.csv", "code=A1", "too long")
        .doesNotContain("A2", "A4", home.toString());
    assertThat(byReceiver.get("tanaka@example.com")).contains("A4").doesNotContain("A1");
  }

  @Test
  void aPlanThatWaitsForApprovalIsToldOnceAndThenWithTheNextDay() {
    page = URI.create("https://sync.example.com");
    tell(MessageBundle.ENGLISH, mail(1), null, null);
    for (int planned = 0; planned < 2; planned++) {
      notifier.ran(SampleRuns.dry("customers", RunState.COMPLETED, clock.instant()), null, true);
    }
    var told = desk.journal.outbox().due(Channel.MAIL.name(), clock.instant().plusSeconds(99_999));
    assertThat(told).hasSize(1);
    assertThat(told.get(0).notification())
        .contains("customers: a plan waits for approval", "kintone-sync apply ", "/#run/");

    notifier.ran(SampleRuns.dry("customers", RunState.COMPLETED, clock.instant()), null, false);
    assertThat(desk.journal.outbox().due(Channel.MAIL.name(), clock.instant().plusSeconds(99_999)))
        .as("nobody asked for approval of a plan of his own")
        .hasSize(1);
  }

  private boolean allIsSent() {
    return Stream.of(Channel.values())
        .allMatch(
            channel ->
                desk.journal
                    .outbox()
                    .due(channel.name(), clock.instant().plusSeconds(9999))
                    .isEmpty());
  }

  private void awaitAsTimeGoesOn(BooleanSupplier condition) {
    await()
        .until(
            () -> {
              clock.move(Duration.ofSeconds(40));
              return condition.getAsBoolean();
            });
  }

  private void toSend(Channel channel, String job) {
    String notification = new Notification(job, "headline of " + job, "text").json();
    desk.journal.outbox().add(channel.name(), notification, clock.instant());
  }

  private MimeMessage awaitMail(int number) {
    return awaitMail(post, number);
  }

  private static MimeMessage awaitMail(GreenMail post, int number) {
    await().until(() -> post.getReceivedMessages().length >= number);
    return post.getReceivedMessages()[number - 1];
  }

  @Test
  void rejectsAreToldOnceADayWithExamplesAndThenThatAllIsWellAgain() throws Exception {
    post.start();
    tell(MessageBundle.JAPANESE, mail(post.getSmtp().getPort()), null, null);
    ran(RunState.COMPLETED_WITH_REJECTS, null);
    var first = awaitMail(1);
    assertThat(first.getSubject()).isEqualTo("[kintone-sync] customers：エラー行があります");
    assertThat(first.getAllRecipients()).hasSize(1);
    assertThat(first.getContent().toString())
        .contains("読込 10 件：追加 3", "name=x", "code", "対応：", desk.newest);

    clock.move(Duration.ofHours(5));
    ran(RunState.COMPLETED_WITH_REJECTS, null);
    clock.move(Duration.ofHours(20));
    ran(RunState.COMPLETED_WITH_REJECTS, null);
    assertThat(awaitMail(2).getSubject()).contains("エラー行");
    ran(RunState.COMPLETED, null);
    assertThat(awaitMail(3).getSubject()).contains("customers：正常に戻りました");
    ran(RunState.COMPLETED, null);
    assertThat(post.getReceivedMessages()).hasSize(3);
  }

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
  void aGuardIsToldAsOneAndARunThatSomebodyBrokeOffIsNotTold() {
    post.start();
    tell(MessageBundle.ENGLISH, mail(post.getSmtp().getPort()), null, null);
    ran(RunState.STOPPED, MessageCode.RUN_INTERRUPTED.with());
    ran(RunState.STOPPED, MessageCode.GUARD_MAX_MISSING.with("1", "2", "3", "4", "5", "6"));
    var mail = awaitMail(1);
    assertThat(subject(mail)).contains("exceeded a limit");
    assertThat(post.getReceivedMessages()).hasSize(1);
  }

  private static String subject(MimeMessage mail) {
    try {
      return mail.getSubject();
    } catch (MessagingException e) {
      throw new AssertionError(e);
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

  @Test
  void aLateJobIsToldOnce() {
    post.start();
    tell(MessageBundle.ENGLISH, mail(post.getSmtp().getPort()), null, null);
    var rules =
        new NotificationRules(
            desk.journal,
            job -> null,
            job -> new NotificationSettings(mail(1), null, null),
            home.resolve("runs"),
            MessageBundle.ENGLISH,
            clock,
            () -> null);
    var late =
        new JobStatus(
            "customers",
            null,
            JobStatus.State.WAITING,
            MessageCode.WAITS_FOR_KINTONE.with("https://x"),
            null,
            null,
            null,
            true,
            null,
            0,
            0,
            0,
            0,
            null);
    rules.late(late);
    rules.late(late);
    assertThat(subject(awaitMail(1))).contains("customers: no successful run for too long");
    assertThat(post.getReceivedMessages()).hasSize(1);
  }
}
