package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/** What a route of the user's does to a row on purpose is no failure that Camel would log. */
@Isolated("the applications of other tests log failures in the meantime")
class QuietHooksTest {
  @TempDir Path home;

  @Test
  void aRowMayBeChangedRefusedOrLeftOutBeforeItIsMapped() throws Exception {
    var logged = new ListAppender<ILoggingEvent>();
    var log = (Logger) LoggerFactory.getLogger("org.apache.camel");
    logged.start();
    log.setLevel(Level.WARN); // as a command sets it that shows no log
    log.addAppender(logged);

    try (var rehearsal =
        new Rehearsal(
            home,
            Rehearsal.FIELDS,
            Map.of(),
            Rehearsal.routesWith(home, "mine.camel.yaml", HooksTest.CHANGES_ROWS))) {
      var run = rehearsal.sync("code,name", "A,abe", "B,bad", "C,closed", "D,doi");
      log.detachAppender(logged);

      assertThat(rehearsal.held("name")).containsOnly(entry("A", "ABE"), entry("D", "DOI"));
      var counts = run.report().counts();
      assertThat(counts.inserted()).isEqualTo(2);
      assertThat(counts.rejected()).isEqualTo(1);
      assertThat(counts.unchanged()).isEqualTo(1);
      assertThat(counts.read()).isEqualTo(4);
      assertThat(run.report().remarks()).singleElement().asString().contains("left out", "1");
      assertThat(Rehearsal.rejects(run).get(1))
          .startsWith("B,bad,")
          .contains("no customer is called so", "direct:before-mapping");
      assertThat(logged.list).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
    }
  }
}
