package dev.kintonesync.cli;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code reload}: a running service takes over what has changed of the properties of its jobs. */
@Command(name = "reload", customSynopsis = "kintone-sync reload [JOB]", sortOptions = false)
final class ReloadCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Main main;

  @Parameters(arity = "0..1", paramLabel = "JOB")
  private @Nullable String job;

  @Override
  public Integer call() throws Exception {
    var command = Program.command(main);
    var configuration = Program.configure(command, Map.of()); // what is wrong is said here
    try (var program =
        Program.start(command, configuration, Program.Kind.COMMAND, finished -> {})) {
      var names = job == null ? List.copyOf(new TreeSet<>(rows(program))) : List.of(job);
      var asked =
          names.stream()
              .map(name -> ServiceRequest.reload(program, command, name))
              .filter(ServiceRequest::isServed)
              .toList();
      if (asked.isEmpty()) {
        throw new UserErrorException(
            MessageCode.RELOAD_UNSERVED.with(
                job == null
                    ? MessageCode.RELOAD_ANY_JOB.with()
                    : MessageCode.RELOAD_JOB.with(job)));
      }
      int exitCode = 0;
      for (var request : asked) {
        exitCode = Math.max(exitCode, said(command, request));
      }
      return exitCode;
    }
  }

  private static Set<String> rows(Program program) {
    return program.journal().statusRows().all().keySet();
  }

  /** One job that cannot run by its properties is no reason not to ask for the others. */
  private static int said(Main command, ServiceRequest request) throws InterruptedException {
    try {
      return request.ask(null);
    } catch (UserErrorException e) {
      command.terminal().say(e.reason());
      return Main.REFUSED;
    }
  }
}
