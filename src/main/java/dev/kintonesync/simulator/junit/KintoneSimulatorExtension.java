package dev.kintonesync.simulator.junit;

import dev.kintonesync.simulator.Simulator;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Gives JUnit 5 tests a {@link Simulator}, started before and closed after them.
 *
 * <p>With {@code @ExtendWith(KintoneSimulatorExtension.class)}, or in a field that is not static,
 * every test has one of its own. In a static field there is one for the class, nested classes
 * included, which is reset before each test:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final KintoneSimulatorExtension kintone = new KintoneSimulatorExtension();
 * }</pre>
 *
 * Tests, and methods before and after each of them, take the simulator as a parameter, or ask
 * {@link #simulator()}. Methods before and after all tests can have the one of a static field.
 */
public final class KintoneSimulatorExtension
    implements BeforeAllCallback,
        BeforeEachCallback,
        AfterEachCallback,
        AfterAllCallback,
        ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(KintoneSimulatorExtension.class);

  /** Of a context: the simulator that was started for it. */
  private static final String STARTED = "started";

  private volatile @Nullable Simulator current;

  /** For {@code @ExtendWith} and for fields with {@code @RegisterExtension}. */
  public KintoneSimulatorExtension() {}

  /**
   * The simulator of the present test.
   *
   * @throws IllegalStateException outside of the tests it serves
   */
  public Simulator simulator() {
    Simulator simulator = current;
    if (simulator == null) {
      throw new IllegalStateException("no test runs that this simulator was started for");
    }
    return simulator;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    boolean forAllTests =
        AnnotationSupport.findAnnotatedFieldValues(
                context.getRequiredTestClass(),
                RegisterExtension.class,
                KintoneSimulatorExtension.class)
            .contains(this);
    if (forAllTests && found(context) == null) {
      start(context);
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    Simulator shared = found(context);
    if (shared == null) {
      start(context);
    } else {
      shared.reset();
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    close(context);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close(context);
  }

  private void start(ExtensionContext context) throws IOException {
    Simulator simulator = Simulator.start();
    store(context).put(STARTED, simulator);
    current = simulator;
  }

  /** The simulator of a context or of one around it, or null. */
  private @Nullable Simulator found(ExtensionContext context) {
    return store(context).get(STARTED, Simulator.class);
  }

  private void close(ExtensionContext context) {
    // what was started for a context around this one is not removed here
    Simulator own = store(context).remove(STARTED, Simulator.class);
    if (own != null) {
      own.close();
      current = null;
    }
  }

  private ExtensionContext.Store store(ExtensionContext context) {
    return context.getStore(NAMESPACE.append(this));
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Simulator.class;
  }

  @Override
  public Simulator resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Simulator simulator = found(context);
    if (simulator == null) {
      throw new ParameterResolutionException(
          "There is no simulator yet. Take it as a parameter of a test or of a @BeforeEach method,"
              + " or register the extension in a static field.");
    }
    return simulator;
  }
}
