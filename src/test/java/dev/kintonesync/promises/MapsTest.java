package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.sync.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a job says of its columns holds on the way to Kintone. */
class MapsTest {
  @TempDir static Path home;
  private static Rehearsal rehearsal;

  @BeforeAll
  static void start() throws Exception {
    rehearsal = new Rehearsal(home);
  }

  @AfterAll
  static void stop() {
    rehearsal.close();
  }

  @BeforeEach
  void begin() throws Exception {
    rehearsal.withAnotherApp();
  }

  @Test
  void valuesGoThroughTheStepsOfTheMapAndASecondRunWritesNothing() throws Exception {
    var job =
        rehearsal.jobWith(
            "map = CD=code | nfkc | pad(3), SEI + ' ' + MEI=name, 'x@example.com'=email,"
                + " AMOUNT=amount, R=rank | values(1=A, 2=B)");
    String[] lines = {"CD,SEI,MEI,AMOUNT,R", "１,山田,太郎,\"△1,234\",2", "2,佐藤,,５,3"};

    var run = rehearsal.sync(job, lines);

    assertThat(rehearsal.held("name")).containsOnlyKeys("001").containsValue("山田 太郎");
    assertThat(rehearsal.held("amount")).containsEntry("001", "-1234");
    assertThat(rehearsal.held("rank")).containsEntry("001", "B");
    assertThat(rehearsal.held("email")).containsEntry("001", "x@example.com");
    assertThat(Rehearsal.rejects(run).get(1)).contains("\"\"3\"\"").contains("1, 2");
    assertThat(rehearsal.sync(job, lines).report().counts().unchanged()).isEqualTo(1);
  }

  @Test
  void aMapFileSaysTheSame() throws Exception {
    Files.writeString(home.resolve("map.txt"), "# 顧客\nCD = code\nNAME = name | upper\n");
    var run = rehearsal.sync(rehearsal.jobWith("map-file = map.txt"), "CD,NAME", "A,n");

    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED);
    assertThat(rehearsal.held("name")).containsEntry("A", "N");
  }

  @Test
  void simpleSeesTheValueAndTheOtherColumns() throws Exception {
    var job =
        rehearsal.jobWith("map = CD=code, 名前=name | simple(${body.toUpperCase()}-${variable.CD})");
    rehearsal.sync(job, "CD,名前", "7,n");

    assertThat(rehearsal.held("name")).containsEntry("7", "N-7");
  }

  @Test
  void anExpressionThatFailsOnARowRejectsItAlone() throws Exception {
    var job = rehearsal.jobWith("map = CD=code, N=name | simple(${body.charAt(3)})");
    var run = rehearsal.sync(job, "CD,N", "1,abcd", "2,ab");

    assertThat(rehearsal.held("name")).containsOnlyKeys("1").containsEntry("1", "d");
    assertThat(Rehearsal.rejects(run).get(1)).contains("simple(").contains("name (顧客名)");
  }

  @Test
  void anExpressionThatCannotBeReadRefusesTheJob() throws Exception {
    var run =
        rehearsal.sync(rehearsal.jobWith("map = CD=code, N=name | simple(${bodi})"), "CD,N", "1,n");

    assertThat(run.report().state()).isEqualTo(RunState.REFUSED);
    assertThat(run.report().reason()).contains("simple(${bodi})");
  }

  @Test
  void columnsThatGoNowhereAreTreatedAsTheJobSays() throws Exception {
    var ignored = rehearsal.sync(rehearsal.jobWith("unknown-columns = ignore"), "code,FAX", "A,1");
    assertThat(ignored.report().state()).isEqualTo(RunState.COMPLETED);
    assertThat(ignored.report().remarks()).singleElement().asString().contains("FAX");

    var refused =
        rehearsal.sync(
            rehearsal.jobWith("map = CD=code", "unknown-columns = error"), "CD,FAX", "A,1");
    assertThat(refused.report().state()).isEqualTo(RunState.REFUSED);
    assertThat(refused.report().reason()).contains("FAX", "unknown-columns");
  }

  @Test
  void aFieldThatIsGoneSinceTheLastGoodRunIsNamedWithTheOneThatTookItsPlace() throws Exception {
    var job = rehearsal.jobWith("map = CD=code, TEL=email");
    rehearsal.sync(job, "CD,TEL", "A,03");
    rehearsal.changeForm(
        "DELETE", "{\"app\": " + rehearsal.app.id() + ", \"fields\": [\"email\"]}");
    rehearsal.changeForm(
        "POST",
        "{\"app\": "
            + rehearsal.app.id()
            + ", \"properties\": {\"phone\": {\"type\": \"SINGLE_LINE_TEXT\", \"code\": \"phone\","
            + " \"label\": \"電話番号\"}}}");

    var run = rehearsal.sync(job, "CD,TEL", "A,04");

    assertThat(run.report().state()).isEqualTo(RunState.REFUSED);
    assertThat(run.report().reason())
        .contains("App " + rehearsal.app.id() + " no longer has the field email")
        .contains("New since then: phone (label 電話番号, same type)")
        .contains("Put TEL=phone in job.customers.map");
  }
}
