package dev.kintonesync.cli;

import dev.kintonesync.console.web.SettingUp;
import dev.kintonesync.console.web.SetupLinks;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.OwnerOnly;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.setup.JobSetup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The setup of a home on the page of a program. Where the page is stands in a file of the home, so
 * that another process of the same home can make a link to it. Nothing of the setup is made before
 * somebody asks for it.
 */
final class SetupOffer implements AutoCloseable {
  private static final int PATIENCE = 2000;

  private final Path home;
  private final SetupLinks links;
  private final SettingUp settingUp;
  private @Nullable JobSetup made;
  private @Nullable URI page;

  /**
   * An offer that nobody has taken yet.
   *
   * @param runsJobs whether the program runs the jobs that are set up
   */
  SetupOffer(Main command, Program program, @Nullable String password, boolean runsJobs) {
    this.home = command.home().path();
    this.links = links(home);
    Supplier<JobSetup> jobs =
        () -> {
          synchronized (this) {
            if (made == null) {
              made =
                  new JobSetup(
                      new JobSetup.Home(
                          home,
                          command.environment(),
                          program.application()::runner,
                          request -> count(program.journal(), request),
                          runsJobs,
                          Clock.systemUTC()));
            }
            return made;
          }
        };
    this.settingUp = new SettingUp(password, links, jobs);
  }

  /** Lists of apps are asked of no app, so they count for none. */
  private static void count(Journal journal, KintoneRequest request) {
    String app = request.app().isEmpty() ? request.payload().path("id").asText() : request.app();
    if (!app.isEmpty()) {
      String domain = String.valueOf(request.connection().baseUrl());
      journal.called(domain, app, Instant.now(), request.counted());
    }
  }

  private static SetupLinks links(Path home) {
    return new SetupLinks(home, Clock.systemUTC());
  }

  SettingUp settingUp() {
    return settingUp;
  }

  /**
   * The page is served from now on.
   *
   * @param here where this machine finds it; null: it does not
   */
  void served(@Nullable URI here) {
    page = here;
    if (here == null) {
      return;
    }
    Path file = pageFile(home);
    try {
      OwnerOnly.folders(file.resolveSibling(""));
      OwnerOnly.file(file);
      Files.writeString(file, said(here));
    } catch (IOException e) {
      throw new UserErrorException(MessageCode.OUTPUT_NOT_WRITABLE.with(file, e), e);
    }
  }

  /** A new link into the setup; null where the page is not served on this machine. */
  @Nullable UserMessage link() {
    return page == null ? null : MessageCode.SETUP_LINK.with(links.to(page));
  }

  /** A new link to the page that another process of the home serves; null: none does. */
  static @Nullable UserMessage linkOfRunning(Path home) {
    try {
      var lines = Files.readAllLines(pageFile(home));
      var page = URI.create(lines.get(0));
      boolean alive =
          ProcessHandle.of(Long.parseLong(lines.get(1))).map(ProcessHandle::isAlive).orElse(false);
      if (!alive) {
        return null;
      }
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(page.getHost(), page.getPort()), PATIENCE);
      }
      return MessageCode.SETUP_LINK.with(links(home).to(page));
    } catch (IOException | RuntimeException e) {
      return null; // nobody has, or it was killed
    }
  }

  private static String said(URI page) {
    return page + "\n" + ProcessHandle.current().pid() + "\n";
  }

  private static Path pageFile(Path home) {
    return home.resolve("drafts").resolve("page");
  }

  @Override
  public void close() {
    if (page != null) {
      try {
        if (Files.readString(pageFile(home)).equals(said(page))) { // no later program's
          Files.delete(pageFile(home));
        }
      } catch (IOException e) {
        page = null; // its process is over, which the next one sees
      }
    }
  }
}
