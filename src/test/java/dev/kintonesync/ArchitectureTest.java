package dev.kintonesync;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import dev.kintonesync.cli.Main;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The arrows between the rooms of the house. */
class ArchitectureTest {
  private static final String ROOM = "dev.kintonesync.";

  private static JavaClasses classes;

  @BeforeAll
  static void read() {
    classes =
        new ClassFileImporter()
            .importUrl(Main.class.getProtectionDomain().getCodeSource().getLocation());
  }

  /** They fill many megabytes, in a process that has other tests to run. */
  @AfterAll
  static void letGo() {
    classes = null;
  }

  @Test
  void theClassesWereFound() {
    assertThat(classes).hasSizeGreaterThan(300);
  }

  @Test
  void messageImportsNothingOfOurs() {
    check(room("message"));
  }

  @Test
  void kintoneImportsMessage() {
    check(room("kintone", "message"));
  }

  @Test
  void formImportsKintone() {
    check(room("form", "kintone", "message"));
  }

  @Test
  void sourceImportsMessage() {
    check(room("source", "kintone", "message"));
  }

  @Test
  void syncIsThinking() {
    check(room("sync", "source", "form", "kintone", "message"));
  }

  @Test
  void journalImportsSync() {
    check(room("journal", "sync", "source", "form", "kintone", "message"));
  }

  @Test
  void settingsImportJournal() {
    check(room("settings", "journal", "sync", "source", "form", "kintone", "message"));
  }

  @Test
  void camelImportsAllButTheTerminal() {
    check(room("camel", "settings", "journal", "sync", "source", "form", "kintone", "message"));
  }

  @Test
  void theRoomsOfCamelStandInOneLine() {
    inner("camel", "kintone");
    inner("camel", "batch", "kintone");
    inner("camel", "source", "kintone");
    inner("camel", "run", "source", "batch", "kintone");
    inner("camel", "job", "run", "source", "batch", "kintone");
    inner("camel", "kamelet", "batch", "kintone");
  }

  @Test
  void theRoomsOfSourceStandInOneLine() {
    ground("source");
    inner("source", "text", "");
    inner("source", "json", "text", "");
    inner("source", "sheet", "text", "");
    inner("source", "page", "text", "");
    inner("source", "file", "sheet", "page", "json", "text", "");
    inner("source", "database", "");
    inner("source", "api", "json", "text", "");
    inner("source", "kafka", "json", "");
  }

  @Test
  void theRoomsOfConsoleStandBesideEachOther() {
    ground("console");
    inner("console", "web", "");
    inner("console", "notification", "");
  }

  /** What stands in the room itself imports nothing of the rooms within it. */
  private static void ground(String room) {
    check(
        classes()
            .that()
            .resideInAPackage(ROOM + room)
            .should()
            .onlyDependOnClassesThat(
                resideInAnyPackage(ROOM + room).or(not(resideInAnyPackage(ROOM + room + "..")))));
  }

  /** A room within a room imports only those of its neighbours named; "" is the ground. */
  private static void inner(String room, String name, String... right) {
    String outer = ROOM + room;
    var allowed = new ArrayList<>(List.of(outer + "." + name + ".."));
    for (String each : right) {
      allowed.add(each.isEmpty() ? outer : outer + "." + each + "..");
    }
    check(
        classes()
            .that()
            .resideInAPackage(outer + "." + name + "..")
            .should()
            .onlyDependOnClassesThat(
                resideInAnyPackage(allowed.toArray(String[]::new))
                    .or(not(resideInAnyPackage(outer + "..")))));
  }

  @Test
  void noPackagesFormACircle() {
    check(
        slices()
            .assignedFrom(
                new SliceAssignment() {
                  @Override
                  public SliceIdentifier getIdentifierOf(JavaClass type) {
                    return SliceIdentifier.of(type.getPackageName());
                  }

                  @Override
                  public String getDescription() {
                    return "each package";
                  }
                })
            .should()
            .beFreeOfCycles());
  }

  @Test
  void consoleKnowsRunningProgramsByTheJournalAlone() {
    check(
        room(
            "console",
            "setup",
            "settings",
            "journal",
            "sync",
            "source",
            "form",
            "kintone",
            "message"));
  }

  @Test
  void setupImportsCamel() {
    check(
        room(
            "setup",
            "camel",
            "settings",
            "journal",
            "sync",
            "source",
            "form",
            "kintone",
            "message"));
  }

  @Test
  void simulatorImportsNothingOfOurs() {
    check(room("simulator").because("the wire is the only contract"));
  }

  @Test
  void onlyTheTerminalStartsASimulator() {
    check(
        noClasses()
            .that(not(resideInAnyPackage(ROOM + "simulator..", ROOM + "cli..")))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOM + "simulator.."));
  }

  @Test
  void onlyThreeRoomsKnowCamel() {
    check(
        noClasses()
            .that(not(resideInAnyPackage(ROOM + "cli..", ROOM + "camel..", ROOM + "console..")))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.camel.."));
  }

  /** Camel would keep their objects; what else routes read is in {@code sync}, without Camel. */
  @Test
  void whatRoutesReadByAPropertyTakesNoExchange() {
    for (String type : List.of("kamelet.MessageBatch", "kintone.KintoneCall", "run.Mirror")) {
      assertThat(classes.get(ROOM + "camel." + type).getMethods())
          .filteredOn(method -> !method.getModifiers().contains(JavaModifier.PRIVATE))
          .noneMatch(
              method ->
                  method.getRawParameterTypes().stream()
                      .anyMatch(parameter -> parameter.isAssignableTo(Exchange.class)));
    }
  }

  @Test
  void onlyTheExtensionKnowsJUnit() {
    check(
        noClasses()
            .that(not(resideInAnyPackage(ROOM + "simulator.junit..")))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.junit.."));
  }

  @Test
  void theThinkingDoesNotSleepOrSend() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(ROOM + "sync..", ROOM + "form..", ROOM + "kintone..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.net.http..", "java.sql..", "org.apache.hc..")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class));
  }

  private static void check(ArchRule rule) {
    rule.check(classes);
  }

  /** The room imports only the rooms named, and what is not ours. */
  private static ArchRule room(String name, String... right) {
    var allowed = new String[right.length + 1];
    allowed[0] = ROOM + name + "..";
    for (int i = 0; i < right.length; i++) {
      allowed[i + 1] = ROOM + right[i] + "..";
    }
    return classes()
        .that()
        .resideInAPackage(ROOM + name + "..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(allowed).or(not(resideInAnyPackage("dev.kintonesync.."))))
        .allowEmptyShould(true);
  }
}
