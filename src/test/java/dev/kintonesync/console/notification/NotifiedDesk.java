package dev.kintonesync.console.notification;

import static dev.kintonesync.Patience.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.kintonesync.console.Desk;
import dev.kintonesync.console.JobOverview;
import dev.kintonesync.console.SampleRuns;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.promises.MovableClock;
import dev.kintonesync.settings.Network;
import dev.kintonesync.settings.NotificationSettings;
import dev.kintonesync.settings.NotificationSettings.Channel;
import dev.kintonesync.settings.NotificationSettings.LogApp;
import dev.kintonesync.settings.NotificationSettings.Mail;
import dev.kintonesync.settings.NotificationSettings.Security;
import dev.kintonesync.settings.NotificationSettings.Webhook;
import dev.kintonesync.sync.RunState;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Runs a notifier over a journal with samples, and a mail server. */
abstract class NotifiedDesk {
  @TempDir Path home;

  final MovableClock clock = new MovableClock();
  final BlockingQueue<UserMessage> said = new LinkedBlockingQueue<>();
  final GreenMail post = new GreenMail(ServerSetup.SMTP.dynamicPort());
  Desk desk;
  Notifier notifier;
  @Nullable URI page;

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

  void tell(
      MessageBundle bundle, @Nullable Mail mail, @Nullable Webhook webhook, @Nullable LogApp app) {
    tell(bundle, job -> new NotificationSettings(mail, webhook, app));
  }

  void tell(MessageBundle bundle, Function<String, NotificationSettings> notifying) {
    notifier = new Notifier(setup(notifying, bundle, Duration.ofMillis(20), Duration.ofSeconds(5)));
  }

  Notifier.Setup setup(
      Function<String, NotificationSettings> notifying,
      MessageBundle bundle,
      @Nullable Duration pause,
      Duration atTheEnd) {
    return new Notifier.Setup(
        new JobOverview(List::of, 0, desk.journal, home.resolve("runs"), clock),
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

  Mail mail(int port) {
    return new Mail(
        List.of("it@example.com"),
        "sync@example.com",
        "127.0.0.1",
        port,
        Security.NONE,
        null,
        null);
  }

  void ran(RunState state, @Nullable UserMessage reason) {
    notifier.ran(SampleRuns.of(desk.newest, "customers", state, clock.instant()), reason, false);
  }

  boolean allIsSent() {
    return Stream.of(Channel.values())
        .allMatch(
            channel ->
                desk.journal
                    .outbox()
                    .due(channel.name(), clock.instant().plusSeconds(9999))
                    .isEmpty());
  }

  void awaitAsTimeGoesOn(BooleanSupplier condition) {
    await()
        .until(
            () -> {
              clock.move(Duration.ofSeconds(40));
              return condition.getAsBoolean();
            });
  }

  void toSend(Channel channel, String job) {
    String notification = new Notification(job, "headline of " + job, "text").json();
    desk.journal.outbox().add(channel.name(), notification, clock.instant());
  }

  MimeMessage awaitMail(int number) {
    return awaitMail(post, number);
  }

  static MimeMessage awaitMail(GreenMail post, int number) {
    await().until(() -> post.getReceivedMessages().length >= number);
    return post.getReceivedMessages()[number - 1];
  }

  static String subject(MimeMessage mail) {
    try {
      return mail.getSubject();
    } catch (MessagingException e) {
      throw new AssertionError(e);
    }
  }
}
