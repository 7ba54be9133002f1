package dev.kintonesync.cli;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.util.List;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong with a command line, in our words: picocli speaks English only. */
final class WrongUsage {

  private WrongUsage() {}

  static UserMessage of(ParameterException failure) {
    var command = failure.getCommandLine().getCommandSpec();
    if (failure instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched, command);
    } else if (failure instanceof MissingParameterException missing) {
      var argument = missing.getMissing().get(0);
      return MessageCode.OPTION_WITHOUT_VALUE.with(name(argument), argument.paramLabel());
    } else if (failure instanceof OverwrittenOptionException twice) {
      return MessageCode.OPTION_TWICE.with(name(twice.getOverwritten()));
    }
    var argument = failure.getArgSpec();
    return argument == null || failure.getValue() == null
        ? MessageCode.USAGE_WRONG.with(String.valueOf(failure.getMessage()), help(command))
        : value(argument, failure.getValue());
  }

  /** A value that cannot be what its option takes. */
  private static UserMessage value(ArgSpec argument, String value) {
    String name = name(argument);
    Class<?> type = argument.auxiliaryTypes()[0];
    if (type == boolean.class || type == Boolean.class) {
      return MessageCode.OPTION_TAKES_NO_VALUE.with(name, value);
    } else if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
      return MessageCode.OPTION_NOT_A_NUMBER.with(name, value);
    } else if (type.isEnum()) {
      return MessageCode.OPTION_NOT_ONE_OF.with(
          name, value, String.join(", ", argument.completionCandidates()));
    }
    return MessageCode.OPTION_NOT_A_PATH.with(name, value); // any text is a text
  }

  private static UserMessage unmatched(UnmatchedArgumentException unmatched, CommandSpec command) {
    // what follows the name of a misspelt option may be a secret
    String first = unmatched.getUnmatched().get(0).replaceFirst("^(--[^=]*)=.*", "$1");
    if (unmatched.isUnknownOption()) {
      var nearest = options(unmatched.getSuggestions());
      return nearest.isEmpty()
          ? MessageCode.OPTION_UNKNOWN.with(first, help(command))
          : MessageCode.OPTION_UNKNOWN_NEAREST.with(
              first, String.join(", ", nearest), help(command));
    }
    return command.subcommands().isEmpty()
        ? MessageCode.ARGUMENT_SURPLUS.with(first, help(command))
        : MessageCode.COMMAND_UNKNOWN.with(
            first, String.join(", ", command.subcommands().keySet()));
  }

  private static List<String> options(List<String> suggestions) {
    return suggestions.stream().filter(suggestion -> suggestion.startsWith("--")).toList();
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  private static String help(CommandSpec command) {
    return command.qualifiedName() + " --help";
  }
}
