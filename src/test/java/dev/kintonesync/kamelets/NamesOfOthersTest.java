package dev.kintonesync.kamelets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.kintonesync.camel.kamelet.KintoneContextPlugin;
import java.io.File;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.junit.jupiter.api.Test;
import org.w3c.dom.NodeList;

/**
 * An application that has our jar on its class path keeps its own properties and beans, whatever
 * their names.
 */
class NamesOfOthersTest {
  private static final String SINK = "kamelet:kintone-upsert-sink?app={{customers}}&updateKey=code";

  /** Beans and a route of an application that knows nothing of us. */
  private static final class Own extends RouteBuilder {
    @Override
    public void configure() {
      for (String name : List.of("plans", "hooks", "runs", "writers", "kintone", "operations")) {
        getContext().getRegistry().bind(name, new StringBuilder("own " + name));
      }
      from("direct:own")
          .setProperty("run", constant("own run"))
          .setProperty("plan", constant(1))
          .to(SINK)
          .setHeader("run", exchangeProperty("run"));
    }
  }

  @Test
  void propertiesBeansAndExchangePropertiesOfItsOwnStayAsTheyAre() throws Exception {
    var properties =
        Map.of(
            "job.cron", "0 0 2 * * ?",
            "job.nightly.cron", "0 0 2 * * ?",
            "job.nightly.mode", "as fast as possible",
            "kintone.poller.threads", "many");

    try (var other = new OtherApplication(properties, new Own())) {
      var answered =
          other
              .producer()
              .request(
                  "direct:own",
                  exchange -> exchange.getMessage().setBody(Map.of("code", "A", "name", "abe")));

      assertThat(answered.getException()).isNull();
      assertThat(answered.getMessage().getHeader("run")).isEqualTo("own run");
      assertThat(other.held("name")).containsOnly(entry("A", "abe"));
      for (String name : List.of("plans", "hooks", "runs", "writers", "kintone", "operations")) {
        assertThat(other.context().getRegistry().lookupByName(name)).hasToString("own " + name);
      }
    }
  }

  @Test
  void theJarBringsNoBackendOfLoggingToIt() throws Exception {
    var pom =
        DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(new File("pom.xml"));
    var backends =
        (NodeList)
            XPathFactory.newDefaultInstance()
                .newXPath()
                .evaluate(
                    "/project/dependencies/dependency[not(optional='true') and not(scope='test')"
                        + " and (groupId='ch.qos.logback' or contains(artifactId,'log4j-core') or"
                        + " contains(artifactId,'-to-slf4j') or starts-with(artifactId,'slf4j-')"
                        + " and artifactId!='slf4j-api')]",
                    pom,
                    XPathConstants.NODESET);

    assertThat(backends.getLength()).isZero();
  }

  @Test
  void errorsOfItsRoutesGoWhereItSays() throws Exception {
    try (var other = new OtherApplication()) {
      var errorHandler = other.context().getCamelContextExtension().getErrorHandlerFactory();
      assertThat(errorHandler instanceof NoErrorHandlerDefinition).isFalse();
    }
  }

  @Test
  void aJobThatAKameletNamesIsReadWithAllItsProperties() throws Exception {
    var properties = Map.of("job.nightly.app", "APP", "job.nightly.colour", "red");

    try (var other = new OtherApplication(properties)) {
      assertThatThrownBy(
              () ->
                  other
                      .producer()
                      .requestBody(
                          "kamelet:kintone-upsert-sink?job=nightly&updateKey=code",
                          Map.of("code", "A")))
          .rootCause()
          .hasMessageContaining("job.nightly.colour");
    }
  }

  @Test
  void anApplicationThatGotNoBeansOfOursStopsQuietly() {
    var context = new DefaultCamelContext();

    assertThatCode(() -> new KintoneContextPlugin().unload(context)).doesNotThrowAnyException();
  }
}
