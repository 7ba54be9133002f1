package dev.kintonesync.message;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.kintonesync.LogOfProcess;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@LogOfProcess.LookedAt
class RepeatedFailureTest {
  private static final UserErrorException AWAY =
      new UserErrorException(MessageCode.JOURNAL_UNREACHABLE.with("db", "refused"));

  private final Logger log = (Logger) LoggerFactory.getLogger("RepeatedFailureTest");
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final RepeatedFailure failure = new RepeatedFailure(log, "it is not read");

  @BeforeEach
  void listen() {
    log.setAdditive(false);
    log.setLevel(Level.INFO);
    log.detachAndStopAllAppenders();
    log.addAppender(logged);
    logged.start();
  }

  private List<String> said() {
    return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void aReasonForPeopleIsLoggedOnceAndWithoutItsStack() {
    failure.happened(AWAY);
    failure.happened(AWAY);

    assertThat(said()).containsExactly("it is not read: " + AWAY.getMessage());
    assertThat(logged.list.get(0).getThrowableProxy()).isNull();
  }

  @Test
  void anotherReasonIsLoggedAsWell() {
    failure.happened(AWAY);
    failure.happened(new IllegalStateException("a defect"));

    assertThat(said()).hasSize(2);
    assertThat(logged.list.get(1).getThrowableProxy().getMessage()).isEqualTo("a defect");
  }

  @Test
  void reasonsThatTakeTurnsAreLoggedOnceEachAndTheEndOnce() {
    var jobs = new RepeatedFailure(log, "they stay", "they go on");
    jobs.passed();
    for (int i = 0; i < 3; i++) {
      jobs.happened(AWAY);
      jobs.happened(new UserErrorException(MessageCode.JOURNAL_UNREACHABLE.with("db", "late")));
    }
    jobs.passed();
    jobs.passed();

    assertThat(said()).hasSize(3).last().isEqualTo("they go on");
  }

  @Test
  void whatFailsAgainAfterItWasDoneIsLoggedAgain() {
    failure.happened(AWAY);
    failure.passed();
    failure.happened(AWAY);

    assertThat(said()).hasSize(2);
  }
}
