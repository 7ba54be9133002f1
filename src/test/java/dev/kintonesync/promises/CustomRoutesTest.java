package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files in {@code routes/custom} are loaded with the rest, and cannot break it unnoticed. */
class CustomRoutesTest {
  @TempDir Path home;
  private Rehearsal rehearsal;

  private void start(String name, String text) throws Exception {
    rehearsal =
        new Rehearsal(home, Rehearsal.FIELDS, Map.of(), Rehearsal.routesWith(home, name, text));
  }

  @AfterEach
  void stop() {
    if (rehearsal != null) {
      rehearsal.close();
    }
  }

  private static final String XML =
      """
      <routes>
        <route id="mine">
          <from uri="direct:before-mapping"/>
          <script><simple>${body.put('name', 'xml')}</simple></script>
        </route>
      </routes>
      """;

  private static final String JAVA =
      """
      import java.util.Map;
      import org.apache.camel.builder.RouteBuilder;

      public class Mine extends RouteBuilder {
        @Override
        @SuppressWarnings("unchecked")
        public void configure() {
          from("direct:before-mapping")
              .routeId("mine")
              .process(exchange -> exchange.getMessage().getBody(Map.class).put("name", "java"));
        }
      }
      """;

  private static final String WITH_DEAD_LETTERS =
      """
      import org.apache.camel.builder.RouteBuilder;

      public class Mine extends RouteBuilder {
        @Override
        public void configure() {
          from("direct:another")
              .errorHandler(deadLetterChannel("log:dead"))
              .to("kamelet:kintone-bulk-action?app=1");
          from("direct:before-mapping").to("kamelet:kintone-bulk-action?app=1");
        }
      }
      """;

  @Test
  void anErrorOfAKameletGoesToTheRouteThatSentTheMessage() throws Exception {
    start("Mine.java", WITH_DEAD_LETTERS);

    var run = rehearsal.sync("code,name", "A,no operation");

    assertThat(run.report().counts().rejected()).isEqualTo(1);
    assertThat(rehearsal.held("name")).isEmpty();
  }

  @Test
  void aRouteMayBeWrittenInXml() throws Exception {
    start("mine.xml", XML);

    rehearsal.sync("code,name", "A,abe");

    assertThat(rehearsal.held("name")).containsOnly(entry("A", "xml"));
  }

  @Test
  void aRouteMayBeWrittenInJava() throws Exception {
    start("Mine.java", JAVA);

    rehearsal.sync("code,name", "A,abe");

    assertThat(rehearsal.held("name")).containsOnly(entry("A", "java"));
  }

  @Test
  void aRouteOfAJobWithAJapaneseNameIsFound() throws Exception {
    start("mine.xml", XML.replace("before-mapping", "before-mapping-顧客"));
    var job =
        dev.kintonesync.settings.Job.upsert(
            "顧客",
            rehearsal.job().connection(),
            rehearsal.job().app(),
            "code",
            rehearsal.job().source());

    rehearsal.sync(job, "code,name", "A,abe");

    assertThat(rehearsal.held("name")).containsOnly(entry("A", "xml"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "indent.yaml| line 3| expected <block end>",
        "step.yaml  | line 6| stepz",
        "part.yaml  | line 6| nosuch://thing",
        "simple.yaml| line 5| expected symbol functionEnd",
        "tag.xml    | line 3| tooo",
        "open.xml   | line 4| </rout>",
        "Semi.java  | line 3| ';' expected",
        "id.yaml    | sync-batch| belongs to kintone-sync",
        "from.yaml  | direct:sync-batch| belongs to kintone-sync",
        "tmpl.yaml  | watch-folder| belongs to kintone-sync",
        "bean.yaml  | the bean kintoneRuns| kintone-sync",
        "call.yaml  | sizze| ArrayList",
      })
  void aBrokenFileIsNamedWithItsLineAndTheReason(String name, String where, String why) {
    var text =
        Map.of(
            "indent.yaml",
            "- route:\n    id: a\n   from:\n      uri: direct:a\n",
            "step.yaml",
            "- route:\n"
                + "    id: a\n"
                + "    from:\n"
                + "      uri: direct:a\n"
                + "      stepz:\n"
                + "        - to: log:a\n",
            "part.yaml",
            "- route:\n"
                + "    id: a\n"
                + "    from:\n"
                + "      uri: direct:a\n"
                + "      steps:\n"
                + "        - to: nosuch:thing\n",
            "simple.yaml",
            "- route:\n"
                + "    from:\n"
                + "      uri: direct:a\n"
                + "      steps:\n"
                + "        - setBody:\n"
                + "            simple: \"${body.foo(\"\n",
            "tag.xml",
            "<routes>\n"
                + "<route id=\"a\"><from uri=\"direct:a\"/>\n"
                + "<tooo uri=\"log:a\"/></route></routes>\n",
            "open.xml",
            "<routes>\n"
                + "<route id=\"a\"><from uri=\"direct:a\"/>\n"
                + "<to uri=\"log:a\"/>\n"
                + "</rout></routes>\n",
            "Semi.java",
            "public class Semi extends org.apache.camel.builder.RouteBuilder {\n"
                + "  public void configure() {\n    from(\"direct:a\").to(\"log:a\")\n  }\n}\n",
            "id.yaml",
            "- route:\n"
                + "    id: sync-batch\n"
                + "    from:\n"
                + "      uri: direct:a\n"
                + "      steps:\n"
                + "        - to: log:a\n",
            "from.yaml",
            "- route:\n"
                + "    id: a\n"
                + "    from:\n"
                + "      uri: direct:sync-batch\n"
                + "      steps:\n"
                + "        - to: log:a\n",
            "tmpl.yaml",
            "- routeTemplate:\n    id: watch-folder\n    from:\n      uri: direct:a\n      steps:\n"
                + "        - to: log:a\n");
    String file =
        switch (name) {
          case "bean.yaml" ->
              "- beans:\n    - name: kintoneRuns\n      type: java.util.ArrayList\n";
          case "call.yaml" ->
              "- route:\n"
                  + "    from:\n"
                  + "      uri: direct:a\n"
                  + "      steps:\n"
                  + "        - setBody:\n"
                  + "            method: {beanType: java.util.ArrayList, method: sizze}\n";
          default -> text.get(name);
        };

    assertThatThrownBy(() -> start(name, file))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining(home.resolve("routes/custom").resolve(name).toString())
        .hasMessageContaining(where)
        .hasMessageContaining(why)
        .hasMessageNotContaining("Exception")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void twoFilesCannotHoldRoutesOfOneId() throws Exception {
    String mine =
        "- route:\n"
            + "    id: a\n"
            + "    from:\n"
            + "      uri: direct:NAME\n"
            + "      steps:\n"
            + "        - to: log:a\n";
    Path routes = Rehearsal.routesWith(home, "one.yaml", mine.replace("NAME", "one"));
    Files.writeString(routes.resolve("custom/two.yaml"), mine.replace("NAME", "two"));

    assertThatThrownBy(() -> rehearsal = new Rehearsal(home, Rehearsal.FIELDS, Map.of(), routes))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("two.yaml")
        .hasMessageContaining("one.yaml");
  }

  @Test
  void aChangedFileIsLoadedAgainAndABrokenOneIsToldWithoutItsRoutes() throws Exception {
    start("mine.xml", XML);
    Path file = home.resolve("routes/custom/mine.xml");
    assertThat(rehearsal.application().loadChangedRoutes()).isEmpty();

    change(file, XML.replace("'xml'", "'again'"));
    assertThat(rehearsal.application().loadChangedRoutes())
        .singleElement()
        .asString()
        .contains("reloaded", "mine");
    rehearsal.sync("code,name", "A,abe");
    change(file, "<routes><rout>");
    assertThat(rehearsal.application().loadChangedRoutes())
        .singleElement()
        .asString()
        .contains("mine.xml, line 1");
    rehearsal.sync("code,name", "B,beck");
    change(file, XML);
    rehearsal.application().loadChangedRoutes();
    Files.delete(file);
    assertThat(rehearsal.application().loadChangedRoutes())
        .singleElement()
        .asString()
        .contains("was removed");
    rehearsal.sync("code,name", "C,coe");

    assertThat(rehearsal.held("name"))
        .containsOnly(entry("A", "again"), entry("B", "beck"), entry("C", "coe"));
  }

  @Test
  void aRunInWorkIsNotTouched() throws Exception {
    start("mine.xml", XML);
    var done = new ArrayList<UserMessage>();
    rehearsal.crossing.before(
        "GET",
        "/fields.json",
        1,
        () -> {
          change(home.resolve("routes/custom/mine.xml"), XML.replace("'xml'", "'again'"));
          done.addAll(rehearsal.application().loadChangedRoutes());
        });

    rehearsal.sync("code,name", "A,abe");

    assertThat(done).singleElement().asString().contains("current runs are finished");
    assertThat(rehearsal.held("name")).containsOnly(entry("A", "xml"));
    assertThat(rehearsal.application().loadChangedRoutes()).hasSize(1);
  }

  /** A later time, whatever the clock of the file system can tell apart. */
  private void change(Path file, String text) {
    try {
      var before = Files.exists(file) ? Files.getLastModifiedTime(file).toMillis() : 0;
      Files.writeString(file, text);
      Files.setLastModifiedTime(file, FileTime.fromMillis(before + 5000));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
