package dev.kintonesync.simulator.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.simulator.Simulator;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

class KintoneSimulatorExtensionTest {
  private static final String FIELDS = "{\"K\":{\"type\":\"SINGLE_LINE_TEXT\",\"code\":\"K\"}}";

  private static void assertIsEmptyAndServes(Simulator simulator) throws IOException {
    assertThat(simulator.app("a", FIELDS).id()).as("the first app").isEqualTo(1);
    assertThat(simulator.requests()).isEmpty();
    new Socket("127.0.0.1", simulator.port()).close();
  }

  private static void assertIsClosed(Simulator simulator) {
    assertThatThrownBy(() -> new Socket("127.0.0.1", simulator.port()).close())
        .isInstanceOf(ConnectException.class);
  }

  @Nested
  @ExtendWith(KintoneSimulatorExtension.class)
  class ByAnnotation {
    private static final List<Simulator> SEEN = new ArrayList<>();

    @BeforeEach
    void takesItAsAParameterToo(Simulator simulator) {
      SEEN.forEach(KintoneSimulatorExtensionTest::assertIsClosed);
      SEEN.add(simulator);
    }

    @RepeatedTest(2)
    void everyTestHasOneOfItsOwn(Simulator simulator) throws IOException {
      assertIsEmptyAndServes(simulator);
      assertThat(SEEN).last().isSameAs(simulator);
    }

    @AfterAll
    static void allOfThemAreClosed() {
      assertThat(SEEN).hasSize(2).doesNotHaveDuplicates();
      SEEN.forEach(KintoneSimulatorExtensionTest::assertIsClosed);
    }
  }

  @Nested
  class InAField {
    private static final Set<Simulator> SEEN = new HashSet<>();

    @RegisterExtension final KintoneSimulatorExtension kintone = new KintoneSimulatorExtension();

    @RepeatedTest(2)
    void everyTestHasOneOfItsOwn(Simulator simulator) throws IOException {
      assertThat(kintone.simulator()).isSameAs(simulator);
      assertThat(SEEN.add(simulator)).isTrue();
      assertIsEmptyAndServes(simulator);
    }
  }

  @Nested
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  class InAStaticField {
    @RegisterExtension
    static final KintoneSimulatorExtension KINTONE = new KintoneSimulatorExtension();

    private static Simulator first;

    @BeforeAll
    static void itIsThereBeforeAllTests(Simulator simulator) {
      first = simulator;
    }

    @Order(1)
    @RepeatedTest(2)
    void itIsResetBetweenTests(Simulator simulator) throws IOException {
      assertThat(simulator).isSameAs(first).isSameAs(KINTONE.simulator());
      assertIsEmptyAndServes(simulator);
    }

    @Nested
    class AndNestedClasses {
      @Test
      void shareIt(Simulator simulator) throws IOException {
        assertThat(simulator).isSameAs(first);
        assertIsEmptyAndServes(simulator);
      }
    }

    @AfterAll
    static void itIsThereAfterAllTests(Simulator simulator) throws IOException {
      assertThat(simulator).isSameAs(first);
      new Socket("127.0.0.1", simulator.port()).close();
    }
  }

  @AfterAll
  static void theSharedOneIsClosedAtTheEnd() {
    assertIsClosed(InAStaticField.first);
    assertThatThrownBy(InAStaticField.KINTONE::simulator).isInstanceOf(IllegalStateException.class);
  }
}
