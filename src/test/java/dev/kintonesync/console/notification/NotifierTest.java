package dev.kintonesync.console.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.Patience;
import dev.kintonesync.console.JobStatus;
import dev.kintonesync.console.SampleRuns;
import dev.kintonesync.journal.ReceivedFiles.Received;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.settings.NotificationSettings;
import dev.kintonesync.settings.NotificationSettings.Channel;
import dev.kintonesync.settings.NotificationSettings.Mail;
import dev.kintonesync.settings.NotificationSettings.Security;
import dev.kintonesync.settings.NotificationSettings.Senders;
import dev.kintonesync.sync.RunState;
import jakarta.mail.internet.MimeMessage;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** People are told once what needs their attention, and again when it is right. */
class NotifierTest extends NotifiedDesk {
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
  void aGuardIsToldAsOneAndARunThatSomebodyBrokeOffIsNotTold() {
    post.start();
    tell(MessageBundle.ENGLISH, mail(post.getSmtp().getPort()), null, null);
    ran(RunState.STOPPED, MessageCode.RUN_INTERRUPTED.with());
    ran(RunState.STOPPED, MessageCode.GUARD_MAX_MISSING.with("1", "2", "3", "4", "5", "6"));
    var mail = awaitMail(1);
    assertThat(subject(mail)).contains("exceeded a limit");
    assertThat(post.getReceivedMessages()).hasSize(1);
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

  /** It is the same that holds, told by its run first and of the waiting job afterwards. */
  @Test
  void aJobThatStoppedForWantOfARightIsToldOfOnce() {
    var reason = MessageCode.WRITE_NOT_PERMITTED.with("1", "GAIA_NO01");
    var run = SampleRuns.of(desk.newest, "customers", RunState.STOPPED, clock.instant());
    var rules =
        new NotificationRules(
            desk.journal,
            name -> null,
            name -> new NotificationSettings(mail(1), null, null),
            home.resolve("runs"),
            MessageBundle.ENGLISH,
            clock,
            () -> null);

    rules.ran(run, reason, false);
    rules.stillNeedsYou(
        new JobStatus(
            "customers",
            null,
            JobStatus.State.NEEDS_YOU,
            MessageCode.NEEDS_YOU.with(reason, "", "customers"),
            null,
            run,
            null,
            false,
            null,
            null,
            0,
            0,
            0,
            null));

    var told = desk.journal.outbox().due(Channel.MAIL.name(), clock.instant().plusSeconds(9));
    assertThat(told).hasSize(1);
    assertThat(told.get(0).notification())
        .contains("the run stopped before the end", "fix what the reason above names")
        .doesNotContain("usually none");
  }
}
