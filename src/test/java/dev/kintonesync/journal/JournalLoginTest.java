package dev.kintonesync.journal;

import static dev.kintonesync.journal.SampleReports.COUNTS;
import static dev.kintonesync.journal.SampleReports.completed;
import static dev.kintonesync.journal.SampleReports.running;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.sync.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.h2.api.ErrorCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody gets at the journal, or by it at more, who may not read the files of its folder. */
@Order(1) // it waits long
class JournalLoginTest {
  private static final String USER = "KINTONE_SYNC";

  /** All that H2 has to reach something outside the tables, or to become somebody who may. */
  private static final List<String> WAYS_OUT =
      List.of(
          "CREATE ALIAS run FOR 'java.lang.System.getProperty'",
          "CREATE ALIAS run AS 'String run() { return null; }'",
          "CREATE TRIGGER run BEFORE INSERT ON run FOR EACH ROW CALL 'a.B'",
          "CREATE AGGREGATE run FOR 'a.B'",
          "CREATE TABLE more (a INT) ENGINE \"a.B\"",
          "CREATE LINKED TABLE more ('', 'jdbc:h2:mem:other', 'sa', '', 'X')",
          "CALL LINK_SCHEMA('MORE', '', 'jdbc:h2:mem:other', 'sa', '', 'PUBLIC')",
          "CALL FILE_READ('secrets.properties', NULL)",
          "CALL FILE_WRITE(X'00', 'written')",
          "CALL CSVWRITE('written.csv', 'SELECT 1')",
          "SELECT * FROM CSVREAD('secrets.properties')",
          "SCRIPT TO 'script.sql'",
          "RUNSCRIPT FROM 'script.sql'",
          "BACKUP TO 'backup.zip'",
          "SET TRACE_LEVEL_FILE 3",
          "SET DATABASE_EVENT_LISTENER 'a.B'",
          "CREATE USER other PASSWORD '' ADMIN",
          "ALTER USER KINTONE_SYNC ADMIN TRUE",
          "SHUTDOWN");

  @TempDir Path home;
  private Path folder;
  private Path password;

  @BeforeEach
  void folder() {
    folder = home.resolve("journal");
    password = folder.resolve("journal.password");
  }

  @Test
  void nobodyComesInWithoutThePassword() throws Exception {
    try (var journal = Journal.open(folder)) {
      journal.begun(running("ours"));
      for (String user : new String[] {"sa", USER, "", "admin"}) {
        assertThatThrownBy(() -> connect(user, ""))
            .as("as " + user)
            .isInstanceOfSatisfying(
                SQLException.class,
                e ->
                    assertThat(e.getErrorCode())
                        .as(e.getMessage())
                        .isEqualTo(ErrorCode.WRONG_USER_OR_PASSWORD));
      }
      assertThat(Files.readString(password)).matches("[0-9a-f]{64}");
    }
  }

  @Test
  void everyJournalHasAPasswordOfItsOwn() throws IOException {
    Path other = home.resolve("other");
    Journal.open(folder).close();
    Journal.open(other).close();
    assertThat(password).isRegularFile();
    assertThat(Files.readString(password))
        .isNotEqualTo(Files.readString(other.resolve("journal.password")));
  }

  @Test
  void evenWithThePasswordNothingButTablesCanBeReached() throws Exception {
    mustReachTablesOnly();
    delete();
    formerJournal();
    mustReachTablesOnly();
  }

  @Test
  void aJournalOfAnEarlierVersionIsSecuredAtItsFirstOpeningAndKeepsWhatItKnows() throws Exception {
    formerJournal();
    try (var journal = Journal.open(folder)) {
      journal.begun(running("ours"));
      journal.settled("ours", 0, COUNTS);
      journal.ended(completed("ours", COUNTS));
    }
    try (var journal = Journal.open(folder)) {
      assertThat(journal.runs(9)).extracting(Report::run).containsExactly("ours");
      mustBeSecured();
    }
  }

  /** The steps in the order in which the program takes them, each as a kill behind it leaves it. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void whoeverIsKilledWhileItSecuresAJournalLocksNobodyOut(int steps) throws Exception {
    formerJournal();
    String agreed = "0123456789abcdef".repeat(4);
    if (steps > 0) {
      Files.writeString(password, steps == 1 ? "" : steps == 2 ? "0123" : agreed);
    }
    try (var former = DriverManager.getConnection(file(), "sa", "");
        var sql = former.createStatement()) {
      if (steps > 3) {
        sql.execute("CREATE USER " + USER + " PASSWORD '" + agreed + "' ADMIN");
      }
      if (steps > 4) {
        sql.execute("ALTER USER sa SET PASSWORD 'lost'");
      }
    }
    try (var journal = Journal.open(folder)) {
      journal.begun(running("ours"));
      mustBeSecured();
    }
    if (steps > 2) {
      assertThat(password).hasContent(agreed);
    }
    try (var journal = Journal.open(folder)) {
      assertThat(journal.run("ours")).isPresent();
    }
  }

  @Test
  void theFirstWhoOpenAJournalAtOnceAgreeOnOnePassword() throws Exception {
    for (boolean former : new boolean[] {true, false}) {
      if (former) {
        formerJournal();
      }
      try (var one = OtherProcess.start("settle", folder);
          var two = OtherProcess.start("settle", folder);
          var three = OtherProcess.start("settle", folder)) {
        for (var process : new OtherProcess[] {one, two, three}) {
          assertThat(process.nextLine()).matches("\\d+");
        }
        mustBeSecured();
      }
      delete();
    }
  }

  @Test
  void aLostOrDamagedPasswordIsSaidAndNothingIsTouched() throws Exception {
    try (var journal = Journal.open(folder)) {
      journal.begun(running("ours"));
    }
    String right = Files.readString(password);
    Files.delete(password);
    mustBeRefused();
    assertThat(password).doesNotExist();
    for (String wrong : new String[] {"", "no password", "0".repeat(64), right + "\n"}) {
      Files.writeString(password, wrong);
      mustBeRefused();
      assertThat(password).hasContent(wrong);
    }
    Files.writeString(password, right);
    try (var journal = Journal.open(folder)) {
      assertThat(journal.run("ours")).isPresent();
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void anOpenFolderIsClosedWhoeverHasMadeIt() throws Exception {
    Files.createDirectory(folder);
    rights(folder, "rwxrwxrwx");
    try (var journal = Journal.open(folder)) {
      journal.begun(running("ours"));
      try (var files = Files.list(folder)) {
        assertThat(files).allSatisfy(file -> assertThat(rights(file)).isEqualTo("rw-------"));
      }
      assertThat(rights(folder)).isEqualTo("rwx------");
      assertThat(folder.resolve("journal.lock.db")).exists();
      rights(password, "rw-r--r--");
    }
    Journal.open(folder).close();
    assertThat(rights(password)).isEqualTo("rw-------");
  }

  private void mustBeRefused() {
    assertThatThrownBy(() -> Journal.open(folder))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("journal.mv.db needs the password in " + password);
  }

  private void mustReachTablesOnly() throws Exception {
    try (var journal = Journal.open(folder);
        var ours = connect(USER, Files.readString(password));
        var sql = ours.createStatement()) {
      assertThat(WAYS_OUT)
          .allSatisfy(
              statement ->
                  assertThatThrownBy(() -> sql.execute(statement))
                      .isInstanceOfSatisfying(
                          SQLException.class,
                          e ->
                              assertThat(e.getErrorCode())
                                  .as(e.getMessage())
                                  .isEqualTo(ErrorCode.ADMIN_RIGHTS_REQUIRED)));
      assertThat(journal.runs(1)).isEmpty();
    }
  }

  private void mustBeSecured() throws Exception {
    assertThatThrownBy(() -> connect("sa", "")).isInstanceOf(SQLException.class);
    try (var ours = connect(USER, Files.readString(password));
        var sql = ours.createStatement();
        var users = sql.executeQuery("SELECT is_admin FROM information_schema.users")) {
      assertThat(users.next()).isTrue();
      assertThat(users.getBoolean(1)).isFalse();
    }
  }

  /** As the versions made it that knew no password. */
  private void formerJournal() {
    try {
      OwnerOnly.folders(folder);
      try (var former = DriverManager.getConnection(file() + ";WRITE_DELAY=0", "sa", "")) {
        Schema.bringUpToDate(former, folder);
      }
    } catch (IOException | SQLException e) {
      throw new AssertionError(e);
    }
  }

  private void delete() throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  private Connection connect(String user, String with) throws SQLException {
    return DriverManager.getConnection(file() + ";AUTO_SERVER=TRUE", user, with);
  }

  private String file() {
    return "jdbc:h2:file:" + folder.toAbsolutePath().resolve("journal");
  }

  private static void rights(Path path, String rights) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
  }

  private static String rights(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
