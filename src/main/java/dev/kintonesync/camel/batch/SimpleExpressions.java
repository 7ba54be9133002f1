package dev.kintonesync.camel.batch;

import dev.kintonesync.form.ConversionException;
import dev.kintonesync.form.Expressions;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.RootCause;
import dev.kintonesync.message.UserErrorException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Expression;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;

/**
 * Camel's Simple language in a map: the value is {@code ${body}}, and a column of the row is {@code
 * ${variable.COLUMN}}.
 */
public final class SimpleExpressions implements Expressions {
  private final Supplier<CamelContext> context;
  private final Map<String, Expression> compiled = new ConcurrentHashMap<>();

  public SimpleExpressions(Supplier<CamelContext> context) {
    this.context = context;
  }

  @Override
  public void check(String text) {
    try {
      compiled(text);
    } catch (RuntimeException e) {
      throw new UserErrorException(MessageCode.SIMPLE_UNREADABLE.with(text, words(e)), e);
    }
  }

  private Expression compiled(String text) {
    return compiled.computeIfAbsent(
        text,
        simple -> {
          var expression = context.get().resolveLanguage("simple").createExpression(simple);
          expression.init(context.get());
          return expression;
        });
  }

  @Override
  public @Nullable Object evaluate(
      String text, @Nullable Object value, Map<String, ? extends @Nullable Object> row)
      throws ConversionException {
    var exchange = new DefaultExchange(context.get());
    exchange.getMessage().setBody(value);
    row.forEach(exchange::setVariable);
    try {
      return compiled(text).evaluate(exchange, Object.class);
    } catch (RuntimeException e) {
      throw new ConversionException(
          MessageCode.STEP_SIMPLE_FAILED.with(text, String.valueOf(value), words(e)));
    }
  }

  /** The first line of what the cause says; the rest is a drawing of where it stands. */
  private static String words(Throwable failure) {
    return RootCause.words(failure).lines().findFirst().orElse("");
  }
}
