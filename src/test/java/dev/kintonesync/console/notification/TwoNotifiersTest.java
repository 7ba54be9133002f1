package dev.kintonesync.console.notification;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.kintonesync.Patience;
import dev.kintonesync.console.JobOverview;
import dev.kintonesync.console.SampleRuns;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.JournalKind;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.settings.Network;
import dev.kintonesync.settings.NotificationSettings;
import dev.kintonesync.settings.NotificationSettings.Mail;
import dev.kintonesync.settings.NotificationSettings.Security;
import dev.kintonesync.sync.RunState;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two programs that share a journal look into the same outbox. */
class TwoNotifiersTest {
  private static final int JOBS = 30;

  @TempDir private Path home;

  private final GreenMail post = new GreenMail(ServerSetup.SMTP.dynamicPort());

  @BeforeEach
  void start() {
    post.start();
  }

  @AfterEach
  void stop() {
    post.stop();
  }

  private Notifier notifier(Journal journal) {
    var mail =
        new Mail(
            List.of("it@example.com"),
            "sync@example.com",
            "127.0.0.1",
            post.getSmtp().getPort(),
            Security.NONE,
            null,
            null);
    return new Notifier(
        new Notifier.Setup(
            new JobOverview(List::of, 0, journal, home.resolve("runs"), Clock.systemUTC()),
            journal,
            job -> new NotificationSettings(mail, null, null),
            Network.DIRECT,
            home.resolve("runs"),
            MessageBundle.ENGLISH,
            () -> null,
            said -> {},
            Clock.systemUTC(),
            Duration.ofMillis(5),
            Duration.ofSeconds(20)));
  }

  @ParameterizedTest
  @EnumSource(JournalKind.class)
  void whatIsToBeToldIsToldByOneOfThem(JournalKind kind) throws Exception {
    var location = kind.location(home.resolve("journal"));
    try (var first = Journal.open(location, "run", Clock.systemUTC());
        var second = Journal.open(location, "run", Clock.systemUTC());
        var here = notifier(first);
        var there = notifier(second)) {
      var reason = MessageCode.KINTONE_AWAY.with("https://x", "no answer");
      for (int job = 0; job < JOBS; job++) {
        var report = SampleRuns.of("job" + job, RunState.STOPPED, Clock.systemUTC().instant());
        (job % 2 == 0 ? here : there).ran(report, reason, false);
      }
      Patience.await()
          .until(
              () -> first.outbox().due("MAIL", Instant.now().plus(Duration.ofDays(30))).isEmpty());
    }
    var subjects = new ArrayList<String>();
    for (var mail : post.getReceivedMessages()) {
      subjects.add(mail.getSubject());
    }
    assertThat(subjects).hasSize(JOBS).doesNotHaveDuplicates();
  }
}
