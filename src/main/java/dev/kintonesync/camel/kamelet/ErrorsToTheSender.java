package dev.kintonesync.camel.kamelet;

import java.util.Set;
import org.apache.camel.model.ModelLifecycleStrategySupport;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;

/**
 * Lets errors of the Kamelets that take messages go to the step that sent the message. Camel gives
 * the route of a Kamelet the error handler of the first route that names it; the messages of all
 * other routes would go there too.
 */
final class ErrorsToTheSender extends ModelLifecycleStrategySupport {
  private static final Set<String> SINKS = Set.of("kintone-upsert-sink", "kintone-bulk-action");

  @Override
  public void onAddRouteDefinition(RouteDefinition route) {
    var parameters = route.getTemplateParameters();
    if (parameters != null && SINKS.contains(String.valueOf(parameters.get("templateId")))) {
      route.setErrorHandlerFactory(new NoErrorHandlerDefinition());
    }
  }
}
