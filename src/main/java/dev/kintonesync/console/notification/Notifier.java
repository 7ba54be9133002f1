package dev.kintonesync.console.notification;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kintonesync.console.JobOverview;
import dev.kintonesync.console.JobStatus;
import dev.kintonesync.console.RunFiles;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.Outbox.OutboxMessage;
import dev.kintonesync.kintone.Backoff;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.RepeatedFailure;
import dev.kintonesync.message.RootCause;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.settings.HttpClientFactory;
import dev.kintonesync.settings.Network;
import dev.kintonesync.settings.NotificationSettings;
import dev.kintonesync.settings.NotificationSettings.Channel;
import dev.kintonesync.sync.Report;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notifies people by mail, in a chat and in an app of theirs. What cannot be sent stays in the
 * journal and is tried again for a week; it never delays a run. A program that ends sends what it
 * can within a time limit.
 */
public final class Notifier implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Notifier.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Backoff PAUSES = new Backoff(Duration.ofSeconds(30), Duration.ofHours(1));
  private static final Duration WORTH_IT = Duration.ofDays(7);
  private static final Duration LATE_IS_ASKED = Duration.ofMinutes(1);

  /** A letter at which the program ended so often is the likely cause of it. */
  private static final int DEADLY = 3;

  private final Setup setup;
  private final NotificationRules rules;
  private final RunFiles files;
  private final MailSender mail;
  private final WebhookSender webhook;
  private final RunLogApp app;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            var made = new Thread(work, "telling");
            made.setDaemon(true);
            return made;
          });
  private final List<Future<?>> repeated = new ArrayList<>();
  private final RepeatedFailure unread = new RepeatedFailure(log, "the outbox cannot be read");
  private final RepeatedFailure lateUntold = new RepeatedFailure(log, "who is late cannot be told");
  private volatile @Nullable OutboxMessage onItsWay;

  /** Whether the program has ended without waiting for the letter that was on its way. */
  private volatile boolean left;

  /**
   * Who tells what.
   *
   * @param overview how the jobs stand
   * @param journal the journal, which the caller closes
   * @param notifying who is told of a job, and how
   * @param network what lies between us and the others
   * @param runs the folder of all run folders
   * @param bundle the language of people
   * @param page where the page is that people can open; null: there is none, or nobody knows
   * @param said is told what could not be sent
   * @param clock tells the time
   * @param pause between two looks into the outbox; null: there is one, at the end
   * @param atTheEnd how long the end waits at most for what can be sent
   */
  public record Setup(
      JobOverview overview,
      Journal journal,
      Function<String, NotificationSettings> notifying,
      Network network,
      Path runs,
      MessageBundle bundle,
      Supplier<@Nullable URI> page,
      Consumer<UserMessage> said,
      Clock clock,
      @Nullable Duration pause,
      Duration atTheEnd) {}

  /**
   * Begins to send what is to be sent, unless that is left to the end.
   *
   * @throws dev.kintonesync.message.UserErrorException when a file of certificates cannot be read
   */
  public Notifier(Setup setup) {
    this.setup = setup;
    Path runs = setup.runs().toAbsolutePath().normalize();
    this.files = new RunFiles(runs);
    var toKintone = new HttpClientFactory(setup.network());
    var toAnybody =
        setup.network().certificate() == null
            ? toKintone
            : new HttpClientFactory(setup.network().withoutCertificate());
    this.mail = new MailSender(toAnybody);
    this.webhook = new WebhookSender(toAnybody);
    this.app = new RunLogApp(toKintone, setup.bundle());
    this.rules =
        new NotificationRules(
            setup.journal(),
            setup.overview()::job,
            setup.notifying(),
            runs,
            setup.bundle(),
            setup.clock(),
            setup.page());
    if (setup.pause() != null) {
      repeat(this::send, setup.pause());
      repeat(this::askWhoIsLate, LATE_IS_ASKED);
    }
  }

  private void repeat(Runnable work, Duration pause) {
    repeated.add(thread.scheduleWithFixedDelay(work, 0, pause.toMillis(), TimeUnit.MILLISECONDS));
  }

  /**
   * A run has ended. Whatever goes wrong here does not concern it.
   *
   * @param reason why it ended early; null when it did not
   * @param planned whether it belongs to a job whose runs only make plans, which people let happen
   */
  public void ran(Report report, @Nullable UserMessage reason, boolean planned) {
    try {
      rules.ran(report, reason, planned);
    } catch (RuntimeException e) {
      log.warn("nobody is told of run {}", report.run(), e);
    }
  }

  /**
   * A plan was applied. Whatever goes wrong here does not concern the run.
   *
   * @param reason why the run ended early; null when it did not
   */
  public void applied(Report report, @Nullable UserMessage reason) {
    try {
      rules.applied(report, reason);
    } catch (RuntimeException e) {
      log.warn("nobody is told of run {}", report.run(), e);
    }
  }

  /**
   * A source was held against its app. Whatever goes wrong here does not concern the run.
   *
   * @param reason why the run ended early; null when it did not
   */
  public void compared(Report report, @Nullable UserMessage reason) {
    try {
      rules.compared(report, reason);
    } catch (RuntimeException e) {
      log.warn("nobody is told of run {}", report.run(), e);
    }
  }

  /**
   * A job cannot even begin, or still cannot.
   *
   * @param report of the run that says so
   */
  public void couldNotBegin(Report report, UserMessage reason) {
    try {
      rules.couldNotBegin(report, reason);
    } catch (RuntimeException e) {
      log.warn("nobody is told of run {}", report.run(), e);
    }
  }

  private void askWhoIsLate() {
    try {
      var jobs = setup.overview().jobs();
      jobs.stream().filter(JobStatus::isBlocked).forEach(rules::stillNeedsYou);
      jobs.stream().filter(JobStatus::late).forEach(rules::late);
      lateUntold.passed();
    } catch (Throwable e) { // whatever is thrown on would end the asking
      lateUntold.happened(e);
    }
  }

  private void send() {
    try {
      for (String channel : due()) {
        if (!left) {
          send(channel);
        }
      }
      unread.passed();
    } catch (Throwable e) { // whatever is thrown on would end the sending
      unread.happened(e);
    }
  }

  /** The ways on which something is to be sent: one question, as there is hardly ever anything. */
  private List<String> due() {
    if (left) {
      return List.of(); // the journal is closed, or will be in a moment
    }
    var due = setup.journal().outbox().dueChannels(setup.clock().instant());
    return Stream.of(Channel.values()).map(NotificationRules::word).filter(due::contains).toList();
  }

  /** A way on which one letter fails is left alone for a while: it would hold up the others. */
  private void send(String channel) {
    var outbox = setup.journal().outbox();
    var due = outbox.due(channel, setup.clock().instant());
    while (!due.isEmpty()) {
      for (OutboxMessage letter : due) {
        boolean settled = send(letter);
        if (left) {
          return;
        }
        if (!settled) {
          var now = setup.clock().instant();
          outbox.hold(channel, now, now.plus(PAUSES.first()));
          return;
        }
      }
      due = outbox.due(channel, setup.clock().instant());
    }
  }

  /**
   * Whether nothing is left to do about it. It is postponed before, in case the program does not
   * survive it, and so that no other program sends it as well.
   */
  private boolean send(OutboxMessage letter) {
    var outbox = setup.journal().outbox();
    if (letter.attempts() - letter.survived() >= DEADLY) {
      setup.said().accept(MessageCode.NOTIFYING_DEADLY.with(clients(letter), job(letter), DEADLY));
      outbox.remove(letter);
      return true;
    }
    if (!outbox.take(letter, setup.clock().instant().plus(PAUSES.after(letter.attempts() + 1)))) {
      return true;
    }
    onItsWay = letter;
    try {
      deliver(letter);
      if (!left) {
        outbox.remove(letter);
      }
      return true;
    } catch (Throwable e) {
      if (!left) {
        outbox.survived(letter);
        failed(letter, e);
      }
    } finally {
      onItsWay = null;
    }
    return false;
  }

  private void failed(OutboxMessage letter, Throwable failure) {
    boolean over = setup.clock().instant().isAfter(letter.madeAt().plus(WORTH_IT));
    Object words = words(failure);
    log.warn("{} cannot be told: {}", letter.channel(), words);
    if (letter.attempts() == 0 || over) {
      MessageCode text = over ? MessageCode.NOTIFYING_GIVEN_UP : MessageCode.NOTIFYING_FAILED;
      setup.said().accept(text.with(clients(letter), job(letter), words));
    }
    if (over) {
      setup.journal().outbox().remove(letter);
    }
  }

  /** What failed, and the cause where that is another: that a server is not known, for instance. */
  private static Object words(Throwable failure) {
    if (failure instanceof UserErrorException ours) {
      return ours.reason();
    }
    String words = String.valueOf(failure.getMessage());
    String why = RootCause.words(failure);
    return words.contains(why) ? words : words + ": " + why;
  }

  private static String clients(OutboxMessage letter) {
    return "notify." + letter.channel().toLowerCase(Locale.ROOT);
  }

  private static String job(OutboxMessage letter) {
    try {
      return JSON.readTree(letter.notification()).path("job").asText();
    } catch (JsonProcessingException e) {
      return "";
    }
  }

  private void deliver(OutboxMessage letter) throws Exception {
    NotificationSettings ways = setup.notifying().apply(job(letter));
    switch (Channel.valueOf(letter.channel())) {
      case MAIL -> {
        var notification = Notification.read(letter.notification());
        var by = ways.mail();
        // what the properties said when it was written may hold no more
        if (by != null && MailSender.mayTell(by, notification)) {
          mail.send(by, notification);
        }
      }
      case WEBHOOK -> {
        if (ways.webhook() != null) {
          webhook.send(ways.webhook(), Notification.read(letter.notification()));
        }
      }
      case APP -> {
        if (ways.app() != null) {
          JsonNode report = JSON.readTree(letter.notification());
          app.add(ways.app(), report, files.rejects(report.path("run").asText()));
        }
      }
    }
  }

  @Override
  public void close() {
    if (thread.isShutdown()) {
      return;
    }
    repeated.forEach(one -> one.cancel(false));
    thread.execute(this::sendTheLast);
    thread.shutdown();
    try {
      // a letter on its way still needs the journal
      if (!thread.awaitTermination(setup.atTheEnd().toMillis(), TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
        leaveTheRest();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
    mail.close();
    webhook.close();
    app.close();
  }

  private void sendTheLast() {
    if (setup.pause() == null) {
      askWhoIsLate();
    }
    send();
  }

  private void leaveTheRest() {
    left = true;
    setup.said().accept(MessageCode.NOTIFYING_LEFT.with(setup.atTheEnd().toSeconds()));
    OutboxMessage letter = onItsWay;
    if (letter != null) {
      setup.journal().outbox().survived(letter);
    }
  }
}
