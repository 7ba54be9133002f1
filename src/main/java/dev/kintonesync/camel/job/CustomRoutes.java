package dev.kintonesync.camel.job;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteBuilderLifecycleStrategy;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.NodeIdFactory;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;

/**
 * The routes that the user has put into {@code routes/custom}: YAML, XML and Java files. They are
 * loaded after ours, file by file, so that each failure has a file, and none of them can take the
 * place of a route, a bean or an endpoint that is there already.
 */
public final class CustomRoutes {
  private static final Set<String> ENDINGS = Set.of("yaml", "yml", "xml", "java");
  private static final Pattern LINE = Pattern.compile("(?:, line |\\.java:)(\\d+)");
  private static final Pattern FAILED_STEP = Pattern.compile(">>> (.*?) <<<", Pattern.DOTALL);

  private final CamelContext context;
  private final Path folder;
  private final Map<String, Object> beans;

  /** What has been loaded: the ids of routes by file. */
  private final Map<Path, List<String>> loaded = new TreeMap<>();

  private final Map<Path, @Nullable FileTime> seen = new HashMap<>();

  private final Map<Path, List<String>> templates = new HashMap<>();

  /**
   * The routes of a folder, none of which is loaded yet.
   *
   * @param folder may be missing
   * @param beans the beans of ours, by name
   */
  public CustomRoutes(CamelContext context, Path folder, Map<String, Object> beans) {
    this.context = context;
    this.folder = folder;
    this.beans = beans;
  }

  /** The files of a folder that may hold routes, by name; none of a folder that is missing. */
  public static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .filter(file -> ENDINGS.contains(ending(file)) && Files.isRegularFile(file))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String ending(Path file) {
    String name = file.getFileName().toString();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** The ids of all routes that are loaded. */
  public List<String> ids() {
    return loaded.values().stream().flatMap(List::stream).toList();
  }

  /**
   * Loads all files; starts none of their routes.
   *
   * @throws UserErrorException for the first one that cannot be: the file, the line and the reason
   */
  public void load() {
    files(folder).forEach(this::load);
  }

  /**
   * Loads a file, for the first time or again; what it held before is removed. Starts nothing.
   *
   * @return the ids of its routes
   * @throws UserErrorException when it cannot be loaded; then nothing of it is there
   */
  public List<String> load(Path file) {
    remove(file);
    seen.put(file, modified(file));
    if (ending(file).equals("java") && ToolProvider.getSystemJavaCompiler() == null) {
      throw new UserErrorException(MessageCode.CUSTOM_NEEDS_JDK.with(file));
    }
    var ids = new ArrayList<String>();
    try {
      var resource = ResourceHelper.resolveResource(context, "file:" + file);
      for (RoutesBuilder builder :
          PluginHelper.getRoutesLoader(context).findRoutesBuilders(List.of(resource))) {
        ((RouteBuilder) builder).addLifecycleInterceptor(new Admission(file, ids));
        if (builder instanceof RouteConfigurationsBuilder configurations) {
          context.addRoutesConfigurations(configurations);
        }
        context.addRoutes(builder);
        refuseForeignBeans(file);
      }
    } catch (Exception e) {
      var refusal = refusal(file, e);
      ids.forEach(this::remove);
      throw refusal;
    }
    loaded.put(file, List.copyOf(ids));
    return ids;
  }

  /** The files that are not as they were when they were last looked at: changed, new or gone. */
  public List<Path> changed() {
    var now = new TreeMap<Path, @Nullable FileTime>();
    files(folder).forEach(file -> now.put(file, modified(file)));
    return Stream.concat(now.keySet().stream(), seen.keySet().stream())
        .distinct()
        .filter(file -> !Objects.equals(now.get(file), seen.get(file)))
        .sorted()
        .toList();
  }

  /** Null: it is gone at this moment, as when an editor replaces it. */
  private static @Nullable FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return null;
    }
  }

  /** Takes over what a changed file holds now, and says what came of it. */
  public UserMessage again(Path file) {
    try {
      if (!Files.exists(file)) {
        seen.remove(file);
        return MessageCode.ROUTES_TAKEN_OUT.with(file, String.join(", ", remove(file)));
      }
      var ids = load(file);
      startKamelets(true);
      start(file, ids, true);
      return MessageCode.ROUTES_LOADED_AGAIN.with(file, String.join(", ", ids));
    } catch (UserErrorException e) {
      return e.reason();
    }
  }

  /** Removes what a file held. */
  List<String> remove(Path file) {
    var ids = Objects.requireNonNullElse(loaded.remove(file), List.<String>of());
    ids.forEach(this::remove);
    Objects.requireNonNullElse(templates.remove(file), List.<String>of())
        .forEach(this::removeTemplate);
    return ids;
  }

  private void removeTemplate(String id) {
    try {
      model().removeRouteTemplateDefinitions(id);
    } catch (Exception e) {
      throw new IllegalStateException("route template " + id + " cannot be removed", e);
    }
  }

  private void remove(String id) {
    try {
      context.getRouteController().stopRoute(id);
      context.removeRoute(id);
      var definition = model().getRouteDefinition(id);
      if (definition != null) {
        model().removeRouteDefinition(definition);
      }
    } catch (Exception e) {
      throw new IllegalStateException("route " + id + " cannot be removed", e);
    }
  }

  /**
   * Starts routes that are loaded, unless they say that they are not to.
   *
   * @param all whether those that begin something by themselves start too, or only those from
   *     {@code direct:}
   * @throws UserErrorException when one cannot
   */
  public void start(boolean all) {
    startKamelets(all);
    loaded.forEach((file, ids) -> start(file, ids, all));
  }

  /** Kamelets are routes that Camel makes when a route names them; nobody else starts those. */
  void startKamelets(boolean all) {
    for (var route : List.copyOf(context.getRoutes())) {
      boolean passive = route.getEndpoint().getEndpointUri().startsWith("kamelet:");
      if (route.isCreatedByKamelet() && (all || passive)) {
        try {
          context.getRouteController().startRoute(route.getRouteId());
        } catch (Exception e) {
          throw refusal(folder, e);
        }
      }
    }
  }

  public void start(Path file, List<String> ids, boolean all) {
    for (String id : ids) {
      var route = context.getRoute(id);
      if (route != null
          && !Boolean.FALSE.equals(route.isAutoStartup())
          && (all || isDirect(route.getEndpoint()))) {
        try {
          context.getRouteController().startRoute(id);
        } catch (Exception e) {
          throw refusal(file, e);
        }
      }
    }
  }

  public static boolean isDirect(Endpoint endpoint) {
    return endpoint.getEndpointUri().startsWith("direct:");
  }

  private Model model() {
    return context.getCamelContextExtension().getContextPlugin(Model.class);
  }

  private void refuseForeignBeans(Path file) {
    for (var bean : beans.entrySet()) {
      if (context.getRegistry().lookupByName(bean.getKey()) != bean.getValue()) {
        context.getRegistry().bind(bean.getKey(), bean.getValue());
        throw new UserErrorException(MessageCode.CUSTOM_TAKES_BEAN.with(file, bean.getKey()));
      }
    }
  }

  /** Looks at what a file is about to add, before it replaces anything. */
  private final class Admission implements RouteBuilderLifecycleStrategy {
    private final Path file;
    private final List<String> ids;

    private Admission(Path file, List<String> ids) {
      this.file = file;
      this.ids = ids;
    }

    @Override
    public void afterConfigure(RouteBuilder builder) {
      for (var template : builder.getRouteTemplateCollection().getRouteTemplates()) {
        String id = template.getId();
        refuseTaken(id, model().getRouteTemplateDefinition(id) != null);
        templates.computeIfAbsent(file, any -> new ArrayList<>()).add(id);
      }
      var nodeIds = context.getCamelContextExtension().getContextPlugin(NodeIdFactory.class);
      for (RouteDefinition route : builder.getRouteCollection().getRoutes()) {
        String id = route.idOrCreate(nodeIds);
        refuseTaken(id, context.getRoute(id) != null || ids.contains(id));
        refuseInput(id, route.getEndpointUrl());
        ids.add(id);
      }
    }

    private void refuseTaken(String id, boolean taken) {
      if (taken) {
        throw new UserErrorException(MessageCode.CUSTOM_TAKES_ID.with(file, id, owner(id)));
      }
    }

    /** Only one route may read from a direct: name. */
    private void refuseInput(String id, String uri) {
      if (!uri.startsWith("direct:")) {
        return;
      }
      String base = base(uri);
      for (var route : context.getRoutes()) {
        if (route.getEndpoint().getEndpointBaseUri().equals(base)
            && !route.getRouteId().equals(id)) {
          throw new UserErrorException(
              MessageCode.CUSTOM_TAKES_ENDPOINT.with(file, id, uri, owner(route.getRouteId())));
        }
      }
    }
  }

  private Object owner(String id) {
    return loaded.entrySet().stream()
        .filter(entry -> entry.getValue().contains(id))
        .map(entry -> (Object) entry.getKey())
        .findFirst()
        .orElse(MessageCode.OWNER_KINTONE_SYNC.with());
  }

  private static String base(String uri) {
    try {
      return URISupport.normalizeUri(uri).replaceFirst("\\?.*", "");
    } catch (Exception e) {
      return uri;
    }
  }

  private UserErrorException refusal(Path file, Exception failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      if (root instanceof UserErrorException) {
        break;
      }
      root = root.getCause();
    }
    if (root instanceof UserErrorException refused) {
      return refused;
    }
    String line = line(failure);
    return new UserErrorException(
        line == null
            ? MessageCode.CUSTOM_BROKEN.with(file, words(root))
            : MessageCode.CUSTOM_BROKEN_AT.with(file, line, words(root)),
        failure);
  }

  /** The line at fault, as far as it is known. */
  private @Nullable String line(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      Matcher named = LINE.matcher(String.valueOf(each.getMessage()));
      String line = null;
      while (named.find()) {
        line = named.group(1); // the last one is where it was noticed
      }
      if (line != null) {
        return line;
      }
      if (each instanceof FailedToCreateRouteException route) {
        return line(route);
      }
    }
    return null;
  }

  private @Nullable String line(FailedToCreateRouteException failure) {
    var route = model().getRouteDefinition(failure.getRouteId());
    if (route == null) {
      return null;
    }
    int line = route.getInput().getLineNumber();
    Matcher step = FAILED_STEP.matcher(String.valueOf(failure.getMessage()));
    if (step.find()) {
      line =
          steps(route)
              .filter(each -> each.toString().equalsIgnoreCase(step.group(1)))
              .map(ProcessorDefinition::getLineNumber)
              .findFirst()
              .orElse(line);
    }
    return line > 0 ? String.valueOf(line) : null;
  }

  private static Stream<ProcessorDefinition<?>> steps(ProcessorDefinition<?> step) {
    return Stream.concat(Stream.of(step), step.getOutputs().stream().flatMap(CustomRoutes::steps));
  }

  /** What is wrong, on one line and without the excerpt of the file. */
  private static String words(Throwable root) {
    String words =
        String.valueOf(root.getMessage())
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith("  "))
            .map(String::strip)
            .filter(line -> !line.startsWith("in file:") && !line.equals("Compilation error:"))
            .map(line -> line.replaceFirst("^\\S*\\.java:\\d+: error: ", ""))
            .collect(Collectors.joining(" "));
    String message = words.replaceFirst("\\.$", "");
    return root instanceof ClassNotFoundException ? "class not found: " + message : message;
  }
}
