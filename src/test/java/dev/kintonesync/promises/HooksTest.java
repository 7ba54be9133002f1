package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.kintonesync.Patience;
import dev.kintonesync.settings.Source;
import dev.kintonesync.sync.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes of the user's take part in a run, and whatever they do, the run keeps its promises. */
public class HooksTest {
  @TempDir Path home;
  private Rehearsal rehearsal;

  private void start(String routes) throws Exception {
    rehearsal =
        new Rehearsal(
            home,
            Rehearsal.FIELDS,
            Map.of(),
            Rehearsal.routesWith(home, "mine.camel.yaml", routes.replace("HOME", home.toString())));
  }

  @AfterEach
  void stop() {
    rehearsal.close();
  }

  /** A route that writes each body it gets as a line of a file. */
  private static String writesDown(String place) {
    return """
    - route:
        id: %1$s-mine
        from:
          uri: direct:%1$s
          steps:
            - setBody: { simple: "${header.kintoneJob}: ${body}\\n" }
            - to: file:HOME?fileName=%1$s.txt&fileExist=Append
    """
        .formatted(place);
  }

  private List<String> writtenDown(String place) throws Exception {
    Path file = home.resolve(place + ".txt");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  static final String CHANGES_ROWS =
      """
      - route:
          id: change-rows
          from:
            uri: direct:before-mapping
            steps:
              - choice:
                  when:
                    - simple: "${body[name]} == 'bad'"
                      steps:
                        - throwException:
                            exceptionType: java.lang.IllegalArgumentException
                            message: "no customer is called so"
                    - simple: "${body[name]} == 'closed'"
                      steps:
                        - setBody: { simple: "${null}" }
              - script:
                  simple: "${body.put('name', ${body[name].toUpperCase()})}"
      """;

  @Test
  void aColumnThatOnlyARouteFillsIsNotEmpty() throws Exception {
    start(
        """
        - route:
            id: fill
            from:
              uri: direct:before-mapping-customers
              steps:
                - script: { simple: "${body.put('rank', 'B')}" }
        """);
    rehearsal.sync("code,rank", "A,A");

    rehearsal.sync("code,rank", "A,");

    assertThat(rehearsal.held("rank")).containsOnly(entry("A", "B"));
  }

  @Test
  void aRouteOfAnotherJobIsNotAsked() throws Exception {
    start(CHANGES_ROWS.replace("direct:before-mapping", "direct:before-mapping-suppliers"));

    rehearsal.sync("code,name", "A,abe", "B,bad");

    assertThat(rehearsal.held("name")).containsOnly(entry("A", "abe"), entry("B", "bad"));
  }

  @Test
  void whatIsAboutToBeWrittenMayBeObjectedTo() throws Exception {
    start(
        """
        - route:
            id: object
            from:
              uri: direct:before-writing
              steps:
                - filter:
                    simple: "${body[action]} == 'update' && ${body[values][name]} == 'new'"
                    steps:
                      - throwException:
                          exceptionType: java.lang.IllegalStateException
                          message: "${body[key]} is locked"
        """);
    rehearsal.sync("code,name,amount", "A,old,1", "B,old,1");
    rehearsal.forgetRequests();

    var run = rehearsal.sync("code,name,amount", "A,new,1", "B,old,2", "C,new,1");

    assertThat(rehearsal.held("name"))
        .containsOnly(entry("A", "old"), entry("B", "old"), entry("C", "new"));
    assertThat(rehearsal.held("amount")).containsEntry("B", "2");
    assertThat(rehearsal.writes()).hasSize(1);
    assertThat(run.report().counts().rejected()).isEqualTo(1);
    assertThat(Rehearsal.rejects(run).get(1)).contains("A is locked");
  }

  @Test
  void rejectsAndTheEndOfARunAreTold() throws Exception {
    start(writesDown("on-reject") + writesDown("after-run"));

    rehearsal.sync("code,name,amount", "A,abe,1", "B,beck,many");
    rehearsal
        .application()
        .runner()
        .plan(rehearsal.job().on(new Source.OneFile(rehearsal.csv("code", "Z"))));

    assertThat(writtenDown("on-reject"))
        .singleElement()
        .asString()
        .startsWith("customers: {key=B, field=amount, reason=")
        .contains("many", "values={code=B, name=beck, amount=many}");
    assertThat(writtenDown("after-run"))
        .singleElement()
        .asString()
        .contains("job=customers", "state=completed-with-rejects", "read=2", "inserted=1");
  }

  @Test
  void aRouteThatFailsWhenItIsToldChangesNothing() throws Exception {
    start(
        """
        - route:
            id: fails
            from:
              uri: direct:after-run
              steps:
                - throwException: { exceptionType: java.io.IOException, message: "no mail" }
        - route:
            id: fails-too
            from:
              uri: direct:on-reject
              steps:
                - throwException: { exceptionType: java.io.IOException, message: "no chat" }
        """);

    var run = rehearsal.sync("code,amount", "A,1", "B,many");

    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED_WITH_REJECTS);
    assertThat(run.report().counts().inserted()).isEqualTo(1);
    assertThat(rehearsal.allSaid())
        .anySatisfy(said -> assertThat(said).contains("direct:on-reject", "no chat"))
        .anySatisfy(said -> assertThat(said).contains("direct:after-run", "no mail"));
  }

  @Test
  void aLeftOutRowProtectsItsRecordFromAMirror() throws Exception {
    start(CHANGES_ROWS);
    var job = rehearsal.jobWith("mode = mirror", "mirror.scope = amount > 0");
    rehearsal.sync("code,name,amount", "A,abe,1", "C,coe,1", "D,doi,1");
    rehearsal.sync(job, "code,name,amount", "A,abe,1", "C,coe,1", "D,doi,1");

    var run = rehearsal.sync(job, "code,name,amount", "A,abe,1", "C,closed,1");

    assertThat(run.report().missing()).isEqualTo(1);
    assertThat(rehearsal.held("name")).containsKeys("A", "C");
  }

  @Test
  void aMirrorRemovesNothingWhereNobodyKnowsWhichKeyALeftOutRowWouldHaveHad() throws Exception {
    start(
        """
        - route:
            id: makes-keys
            from:
              uri: direct:before-mapping
              steps:
                - choice:
                    when:
                      - simple: "${body[name]} == 'out'"
                        steps:
                          - setBody: { simple: "${null}" }
                      - simple: "${body[name]} == 'bad'"
                        steps:
                          - throwException: { exceptionType: java.io.IOException, message: "no" }
                    otherwise:
                      steps:
                        - bean: { beanType: "dev.kintonesync.promises.HooksTest", method: prefixed }
        """);
    var job = rehearsal.jobWith("mode = mirror", "mirror.scope = amount > 0");
    rehearsal.sync(job, "code,name,amount", "1,a,1", "2,b,1", "3,c,1");
    assertThat(rehearsal.held("name")).containsOnlyKeys("K1", "K2", "K3");

    var out = rehearsal.sync(job, "code,name,amount", "1,a,1", "2,out,1", "3,c,1");
    assertThat(out.report().missing()).isZero();
    var bad = rehearsal.sync(job, "code,name,amount", "1,a,1", "2,bad,1", "3,c,1");
    assertThat(bad.report().missing()).isZero();
  }

  /** What a hook of this test makes of a row. */
  public static Map<String, Object> prefixed(Map<String, Object> row) {
    row.put("code", "K" + row.get("code"));
    return row;
  }

  @Test
  void aRouteMayKeepARecordThatAMirrorWouldRemove() throws Exception {
    start(
        """
        - route:
            id: keep
            from:
              uri: direct:before-writing
              steps:
                - filter:
                    simple: "${body[action]} == 'delete' && ${body[key]} == 'C'"
                    steps:
                      - throwException:
                          exceptionType: java.lang.IllegalStateException
                          message: "C has open orders"
        """);
    var job =
        rehearsal.jobWith("mode = mirror", "mirror.scope = amount > 0", "mirror.missing = delete");
    rehearsal.sync("code,amount", "A,1", "C,1", "D,1");
    rehearsal.sync(job, "code,amount", "A,1", "C,1", "D,1");

    var run = rehearsal.sync(job, "code,amount", "A,1");

    assertThat(rehearsal.held("amount")).containsOnlyKeys("A", "C");
    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED);
    assertThat(run.report().deleted()).isEqualTo(1);
    assertThat(run.report().missing()).isEqualTo(2);
  }

  @Test
  void anUnknownResultOfARouteIsARejectedRow() throws Exception {
    start(
        """
        - route:
            id: odd
            from:
              uri: direct:before-mapping
              steps:
                - setBody: { constant: "done" }
        """);

    var run = rehearsal.sync("code,name", "A,abe");

    assertThat(run.report().counts().rejected()).isEqualTo(1);
    assertThat(Rehearsal.rejects(run).get(1)).contains("java.lang.String");
  }

  private static String sendsA(String place, String step) {
    return """
    - route:
        id: send-on
        from:
          uri: direct:%s
          steps:
            - setProperty: { name: given, simple: "${body}" }
            %s
            - setBody: { simple: "${exchangeProperty.given}" }
    - route:
        id: sends
        from:
          uri: direct:send
          steps:
            - setBody: { simple: '{"code": "A", "name": "from the route"}' }
            - unmarshal: { json: {} }
            - to: kamelet:kintone-upsert-sink?job=customers
    """
        .formatted(place, step);
  }

  private void startWithSink(String routes) throws Exception {
    start(routes);
    var job = rehearsal.job();
    Files.writeString(
        home.resolve("application.properties"),
        """
        kintone.base-url = %s
        job.customers.app = %s
        job.customers.update-key = code
        job.customers.source = folder
        job.customers.folder = inbox
        """
            .formatted(job.connection().baseUrl(), job.app()));
    Path secrets = home.resolve("secrets.properties");
    Files.createFile(
        secrets,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(secrets, "kintone.api-token = t\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"before-writing", "before-mapping"})
  @Timeout(300)
  void aRouteCannotSendARecordThatItsOwnRunHasInWork(String place) throws Exception {
    startWithSink(sendsA(place, "- to: direct:send"));

    var run = rehearsal.sync("code,name", "A,abe", "B,beck");

    assertThat(run.report().state()).isEqualTo(RunState.COMPLETED_WITH_REJECTS);
    assertThat(Rehearsal.rejects(run))
        .last()
        .asString()
        .contains("record A cannot be sent from direct:" + place, "after-run");
  }

  @Test
  @Timeout(300)
  void aRouteMayHandARecordOfItsRunOver() throws Exception {
    startWithSink(sendsA("before-writing", "- wireTap: { uri: direct:send }"));

    rehearsal.sync("code,name", "A,abe");

    Patience.await()
        .untilAsserted(
            () -> assertThat(rehearsal.held("name")).containsOnly(entry("A", "from the route")));
  }

  @Test
  @Timeout(300)
  void aRouteMaySendRecordsThatItsRunDoesNotHave() throws Exception {
    startWithSink(sendsA("before-writing", "- to: direct:send"));

    rehearsal.sync("code,name", "B,beck");

    assertThat(rehearsal.held("name"))
        .containsOnly(entry("A", "from the route"), entry("B", "beck"));
  }
}
