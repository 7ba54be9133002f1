package dev.kintonesync.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/**
 * {@code setup}: a link into the setup on the page of the program that runs in this home, or on a
 * page of its own, which it serves until it is stopped. Runs no job.
 */
@Command(name = "setup", customSynopsis = "kintone-sync setup", sortOptions = false)
final class SetupCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Main main;

  @Override
  public Integer call() throws InterruptedException {
    var command = Program.command(main);
    var configuration = Program.configure(command, Map.of());
    var terminal = command.terminal();
    var running = SetupOffer.linkOfRunning(command.home().path());
    if (running != null) {
      terminal.result(running);
      return 0;
    }
    try (var program = Program.start(command, configuration, Program.Kind.SETUP, finished -> {});
        var offer =
            new SetupOffer(command, program, configuration.settings().setupPassword(), false)) {
      program.publisher().serveSetup(configuration, offer, terminal.bundle());
      var link = offer.link();
      if (link != null) {
        terminal.result(link);
      }
      new CountDownLatch(1).await(); // until a signal comes
      return 0;
    }
  }
}
