package dev.kintonesync.docs;

import dev.kintonesync.cli.Main;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The commands and their options, read off the annotations of the command line. */
final class Commands {
  private final Map<String, Set<String>> optionsByCommand = new TreeMap<>();

  Commands() {
    for (var each : Main.parser().getSubcommands().entrySet()) {
      Class<?> command = each.getValue().getCommandSpec().userObject().getClass();
      if (each.getKey().equals("help")) {
        continue; // the same as an option
      }
      var options = new TreeSet<>(Set.of("--help"));
      Stream.concat(options(command), options(Main.class)).forEach(options::add);
      optionsByCommand.put(each.getKey(), options);
    }
  }

  private static Stream<String> options(Class<?> type) {
    return Arrays.stream(type.getDeclaredFields())
        .flatMap(
            field ->
                field.isAnnotationPresent(Mixin.class)
                    ? options(field.getType())
                    : Arrays.stream(field.getAnnotationsByType(Option.class))
                        .flatMap(option -> Arrays.stream(option.names())));
  }

  Set<String> names() {
    return optionsByCommand.keySet();
  }

  /** The options of one command, with those of all. */
  Set<String> options(String command) {
    return optionsByCommand.getOrDefault(command, Set.of());
  }

  /** The options of any command. */
  Set<String> options() {
    var all = new TreeSet<String>();
    optionsByCommand.values().forEach(all::addAll);
    return all;
  }
}
