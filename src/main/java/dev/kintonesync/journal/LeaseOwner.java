package dev.kintonesync.journal;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Optional;

/**
 * A process that holds what only one may hold, as it tells others.
 *
 * @param process its number on its computer
 * @param host the name of that computer
 * @param since when it took hold
 * @param command which command it is, without its options, of which some are secret
 */
record LeaseOwner(long process, String host, Instant since, String command) {
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
  private static final String HOST = hostOfThisProcess();

  /** Describes this process as an owner. */
  static LeaseOwner here(Instant since, String command) {
    return new LeaseOwner(ProcessHandle.current().pid(), HOST, since, command);
  }

  /** As half a sentence. */
  UserMessage words() {
    return MessageCode.HOLDER.with(
        process, host, STAMP.format(since.atZone(ZoneId.systemDefault())), command);
  }

  /** For a file: lines that a person can read as well. */
  String lines() {
    return "process = %d\nhost = %s\nsince = %s\ncommand = %s\n"
        .formatted(process, host, since, command);
  }

  /** Who wrote these lines; empty when they are not whole. */
  static Optional<LeaseOwner> read(String lines) {
    var said = new HashMap<String, String>();
    for (String line : lines.split("\n", -1)) {
      int equals = line.indexOf(" = ");
      if (equals > 0) {
        said.put(line.substring(0, equals), line.substring(equals + 3));
      }
    }
    try {
      return Optional.of(
          new LeaseOwner(
              Long.parseLong(said.getOrDefault("process", "")),
              said.getOrDefault("host", ""),
              Instant.parse(said.getOrDefault("since", "")),
              said.getOrDefault("command", "")));
    } catch (NumberFormatException | DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Whether it says that it runs on this computer, where nothing of its number runs any more. */
  boolean isGone() {
    return host.equals(HOST) && ProcessHandle.of(process).isEmpty();
  }

  /** Whether it runs on this computer. */
  boolean isOfThisHost() {
    return host.equals(HOST);
  }

  /** The name of the computer that this process runs on. */
  static String thisHost() {
    return HOST;
  }

  /** Without asking the network for it, which may take long where there is none. */
  private static String hostOfThisProcess() {
    try {
      Path linux = Path.of("/proc/sys/kernel/hostname");
      String windows = System.getenv("COMPUTERNAME");
      if (Files.isReadable(linux)) {
        return Files.readString(linux).strip();
      } else if (windows != null) {
        return windows;
      }
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
