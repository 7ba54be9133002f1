package dev.kintonesync.simulator.junit;

import dev.kintonesync.simulator.Simulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a Kintone: a parameter of type {@link Simulator} is one that is empty at the start of
 * each test. The tests of a class share it, so a class does not run its tests in parallel.
 *
 * <pre>{@code
 * @ExtendWith(KintoneSimulatorExtension.class)
 * class CustomersTest {
 *   @Test
 *   void customersAreAdded(Simulator kintone) {
 *     SimulatedApp app = kintone.app("customers", fieldsJson);
 *     new Customers(kintone.url(), app.id()).add("Sato");
 *     assertThat(app.records()).hasSize(1);
 *   }
 * }
 * }</pre>
 */
public final class KintoneSimulatorExtension
    implements BeforeEachCallback, AfterAllCallback, ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(KintoneSimulatorExtension.class);

  @Override
  public void beforeEach(ExtensionContext context) {
    simulator(context).reset();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Simulator simulator = context.getStore(NAMESPACE).remove(Simulator.class, Simulator.class);
    if (simulator != null) {
      simulator.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Simulator.class;
  }

  @Override
  public Simulator resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return simulator(context);
  }

  private static Simulator simulator(ExtensionContext context) {
    ExtensionContext shared =
        context.getTestMethod().isPresent() && context.getParent().isPresent()
            ? context.getParent().get()
            : context;
    return shared
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(Simulator.class, key -> started(), Simulator.class);
  }

  private static Simulator started() {
    try {
      return Simulator.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
