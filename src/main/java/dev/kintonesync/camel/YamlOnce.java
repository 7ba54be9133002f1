package dev.kintonesync.camel;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.dsl.yaml.YamlRoutesBuilderLoader;
import org.apache.camel.spi.Resource;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.YamlUnicodeReader;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Loads routes from YAML as Camel does, and parses each file once: Camel's own loader parses it a
 * first time for beans, before any route is loaded, and then again. What a file was parsed to is
 * kept until its bytes are others.
 */
final class YamlOnce extends YamlRoutesBuilderLoader {
  /** What in a file has nothing that other files need before they are loaded. */
  private static final Set<String> ROUTES = Set.of("route", "routeConfiguration", "routeTemplate");

  /** More files than an application has; then it begins anew. */
  private static final int MANY = 200;

  /** By the place of the file, which errors name. */
  private static final Map<String, Parsed> PARSED = new ConcurrentHashMap<>();

  /** What was seen of files with routes alone that are not loaded yet, by the same. */
  private final Map<String, Composed> seen = new ConcurrentHashMap<>();

  private record Parsed(ByteBuffer bytes, List<Event> events) {}

  /** The nodes of these events, which are another list when the file is another one. */
  private record Composed(List<Event> events, Node root) {}

  /** Events that were parsed before. */
  private static final class Events implements Parser {
    private final Iterator<Event> rest;
    private @Nullable Event next;

    private Events(List<Event> events) {
      rest = events.iterator();
      step();
    }

    private void step() {
      next = rest.hasNext() ? rest.next() : null;
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public boolean checkEvent(Event.ID choice) {
      return next != null && next.getEventId() == choice;
    }

    @Override
    public Event peekEvent() {
      if (next == null) {
        throw new NoSuchElementException("the file has ended");
      }
      return next;
    }

    @Override
    public Event next() {
      Event event = peekEvent();
      step();
      return event;
    }
  }

  /** Nothing is to be prepared when a file has routes alone. */
  @Override
  public void preParseRoute(Resource resource) throws Exception {
    if (!hasRoutesAlone(resource)) {
      super.preParseRoute(resource);
    }
  }

  private boolean hasRoutesAlone(Resource resource) throws IOException {
    try {
      if (!resource.exists()) {
        return false;
      }
      var events = events(resource);
      var root = root(resource, events).filter(YamlOnce::isRoutes);
      root.ifPresent(nodes -> seen.put(resource.getLocation(), new Composed(events, nodes)));
      return root.isPresent();
    } catch (YamlEngineException e) {
      return false; // Camel says so, in its own words
    }
  }

  private static boolean isRoutes(Node root) {
    return root instanceof SequenceNode sequence
        && sequence.getValue().stream().allMatch(YamlOnce::isRoute);
  }

  private static boolean isRoute(Node node) {
    return node instanceof MappingNode mapping
        && mapping.getValue().stream()
            .allMatch(
                entry ->
                    entry.getKeyNode() instanceof ScalarNode key
                        && ROUTES.contains(key.getValue()));
  }

  @Override
  public RouteBuilder doLoadRouteBuilder(Resource resource) throws Exception {
    var root = resource.exists() ? unused(resource) : Optional.<Node>empty();
    if (root.isEmpty()) {
      return super.doLoadRouteBuilder(resource); // which says what is missing
    }
    return builder(newYamlDeserializationContext(settings(resource), resource), root.get());
  }

  private static LoadSettings settings(Resource resource) {
    return LoadSettings.builder().setLabel(resource.getLocation()).build();
  }

  /** The nodes of a file, which nobody has loaded routes from: that changes them. */
  private Optional<Node> unused(Resource resource) throws IOException {
    var events = events(resource);
    var composed = seen.remove(resource.getLocation());
    return composed != null && composed.events() == events
        ? Optional.of(composed.root())
        : root(resource, events);
  }

  private static Optional<Node> root(Resource resource, List<Event> events) {
    return new Composer(settings(resource), new Events(events)).getSingleNode();
  }

  private List<Event> events(Resource resource) throws IOException {
    try (InputStream in = resourceInputStream(resource)) {
      var bytes = ByteBuffer.wrap(in.readAllBytes());
      var kept = PARSED.get(resource.getLocation());
      if (kept != null && kept.bytes().equals(bytes)) {
        return kept.events();
      }
      var settings = settings(resource);
      var read = new ArrayList<Event>();
      new ParserImpl(
              settings,
              new StreamReader(
                  settings, new YamlUnicodeReader(new ByteArrayInputStream(bytes.array()))))
          .forEachRemaining(read::add);
      if (PARSED.size() >= MANY) {
        PARSED.clear();
      }
      var events = List.copyOf(read);
      PARSED.put(resource.getLocation(), new Parsed(bytes, events));
      return events;
    }
  }
}
