package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.h2.api.ErrorCode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What another user of the computer finds of a service: closed files, and two ports of loopback.
 */
@EnabledOnOs(OS.LINUX)
class RightsIT {
  private static final Path TOKYO =
      Path.of("src/test/resources/data/postal-codes-tokyo.csv").toAbsolutePath();
  private static final String LISTENS = "0A";
  private static final String LOOPBACK = "0100007F";
  private static final String LOOPBACK_IN_IPV6 = "0000000000000000FFFF00000100007F";

  @TempDir static Path folder;

  private static SimulatorProcess simulator;
  private static int homes;

  @BeforeAll
  static void start() throws IOException {
    simulator =
        SimulatorProcess.start(
            Installation.withHome(Files.createDirectory(folder.resolve("simulator"))));
  }

  @AfterAll
  static void stop() {
    simulator.close();
  }

  @ParameterizedTest
  @CsvSource({"000, closed", "022, closed", "000, open", "022, open"})
  void nobodyElseReadsOrWritesWhatAServiceMakes(String umask, String before) throws Exception {
    Path home = Files.createDirectory(folder.resolve("home-" + ++homes));
    Path inbox = Files.createDirectory(folder.resolve("inbox-" + homes));
    var installation = installed(home, inbox);
    if (before.equals("open")) {
      for (String part : List.of("journal", "runs", "logs")) {
        Path made = Files.createDirectory(home.resolve(part));
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxrwxrwx"));
      }
    }
    Set<Path> shipped = everything(home).keySet();
    try (var service = installation.withUmask(umask).start("run")) {
      service.awaitText("codes: watching");
      String rows = String.join("\n", Files.readAllLines(TOKYO).subList(0, 20));
      Path part = Files.writeString(inbox.resolve("codes.csv.part"), rows + "\n\"ragged\"\n");
      Files.move(part, inbox.resolve("codes.csv"));
      service.awaitText("1 rejected");
      service.awaitText("http://");

      var rights = everything(home);
      rights.keySet().removeAll(shipped);
      assertThat(rights)
          .hasSizeGreaterThan(before.equals("open") ? 6 : 9)
          .allSatisfy(
              (path, mode) ->
                  assertThat(mode)
                      .as(path + " in " + rights)
                      // in a folder of the owner alone it is out of reach
                      .matches(
                          path.getParent().getParent().endsWith("runs")
                                  && path.getFileName().toString().startsWith("rejects")
                              ? "rw-.{6}"
                              : "rw[-x]------"));
      for (String made : List.of("journal", "runs", "logs")) {
        assertThat(everything(home).get(home.resolve(made))).as(made).isEqualTo("rwx------");
      }
      assertThat(rights.keySet().stream().map(path -> home.relativize(path).toString()))
          .contains(
              "journal/journal.mv.db",
              "journal/journal.password",
              "journal/journal.lock.db",
              "journal/journal.presence",
              "logs/kintone-sync.log");
      mustListenOnLoopbackOnly(service.pid(), home);
      mustKeepOutOthers(home);
    }
  }

  @Test
  void aServiceDoesNotStartFromWhatEverybodyMayWrite() throws Exception {
    Path home = folder.resolve("copied");
    var installation = Installation.copied(home);
    Path library = home.resolve("lib");
    Files.setPosixFilePermissions(library, PosixFilePermissions.fromString("rwxrwxrwx"));
    for (String command : List.of("run", "runs", "check", "status")) {
      var ended = installation.run(command);
      assertThat(ended.exitCode()).as(ended.said()).isEqualTo(2);
      assertThat(ended.err()).hasLineCount(1).contains(library + ",", "chmod -R o-w " + home);
    }
    assertThat(installation.run("--version").exitCode()).isZero();
    Files.setPosixFilePermissions(library, PosixFilePermissions.fromString("rwxrwxr-x"));
    assertThat(installation.run("runs").exitCode()).isZero();
  }

  private static Installation installed(Path home, Path inbox) throws IOException {
    return Installation.withHome(home)
        .with("KINTONE_API_TOKEN", "t")
        .configured(
            """
            kintone.base-url = %s
            console.port = 0
            job.codes.app = %s
            job.codes.update-key = postal_code
            job.codes.source = folder
            job.codes.folder = %s
            """
                .formatted(simulator.url(), simulator.postalCodeApp(), inbox));
  }

  /** H2's port and that of the page, and no other. */
  private static void mustListenOnLoopbackOnly(long pid, Path home) throws IOException {
    var server = Files.readString(home.resolve("journal/journal.lock.db"));
    var addresses = new ArrayList<String>();
    var sockets = sockets(pid);
    for (String table : List.of("tcp", "tcp6", "udp", "udp6")) {
      Path file = Path.of("/proc", String.valueOf(pid), "net", table);
      for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
        String[] words = line.strip().split("\\s+");
        if (words.length > 9
            && sockets.contains("socket:[" + words[9] + "]")
            && (words[3].equals(LISTENS) || table.startsWith("udp"))) {
          addresses.add(words[1]);
        }
      }
    }
    assertThat(addresses)
        .as("ports of H2 and of the page; %s", server)
        .hasSize(2)
        .allSatisfy(address -> assertThat(address.split(":")[0]).isIn(LOOPBACK, LOOPBACK_IN_IPV6));
    assertThat(addresses.stream().map(address -> Integer.parseInt(address.split(":")[1], 16)))
        .anySatisfy(port -> assertThat(server).contains("server=localhost\\:" + port));
  }

  private static Set<String> sockets(long pid) throws IOException {
    var sockets = new TreeSet<String>();
    try (var open = Files.list(Path.of("/proc", String.valueOf(pid), "fd"))) {
      for (Path descriptor : open.toList()) {
        if (Files.isSymbolicLink(descriptor)) {
          sockets.add(Files.readSymbolicLink(descriptor).toString());
        }
      }
    }
    return sockets;
  }

  /** Who has found out the key of the port, and even the password, gets no further. */
  private static void mustKeepOutOthers(Path home) throws Exception {
    Path journal = home.resolve("journal");
    var lock = new Properties();
    try (var in = Files.newBufferedReader(journal.resolve("journal.lock.db"))) {
      lock.load(in);
    }
    String url = "jdbc:h2:tcp://" + lock.getProperty("server") + "/" + lock.getProperty("id");
    assertThatThrownBy(() -> DriverManager.getConnection(url, "sa", ""))
        .isInstanceOfSatisfying(
            SQLException.class,
            e -> assertThat(e.getErrorCode()).isEqualTo(ErrorCode.WRONG_USER_OR_PASSWORD));
    String password = Files.readString(journal.resolve("journal.password"));
    Path secret = Files.writeString(home.resolve("secret"), "secret");
    try (var connection = DriverManager.getConnection(url, "KINTONE_SYNC", password);
        var sql = connection.createStatement()) {
      for (String statement :
          List.of(
              "CREATE ALIAS run FOR 'java.lang.System.getProperty'",
              "CREATE ALIAS run AS 'String run() { return null; }'",
              "CALL FILE_READ('" + secret + "', NULL)",
              "CALL CSVWRITE('" + secret + "', 'SELECT 1')",
              "CREATE LINKED TABLE more ('', 'jdbc:h2:mem:other', 'sa', '', 'X')")) {
        assertThatThrownBy(() -> sql.execute(statement))
            .isInstanceOfSatisfying(
                SQLException.class,
                e ->
                    assertThat(e.getErrorCode())
                        .as(e.getMessage())
                        .isEqualTo(ErrorCode.ADMIN_RIGHTS_REQUIRED));
      }
    }
    assertThat(secret).hasContent("secret");
    Files.delete(secret);
  }

  private static Map<Path, String> everything(Path home) throws IOException {
    var rights = new TreeMap<Path, String>();
    try (var files = Files.walk(home)) {
      for (Path file : files.toList()) {
        rights.put(file, PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      }
    }
    return rights;
  }
}
