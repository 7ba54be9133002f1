package dev.kintonesync;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the rooms of the house. */
@AnalyzeClasses(packages = "dev.kintonesync", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOM = "dev.kintonesync.";

  @ArchTest static final ArchRule messageImportsNothingOfOurs = room("message");

  @ArchTest static final ArchRule kintoneImportsMessage = room("kintone", "message");

  @ArchTest static final ArchRule formImportsKintone = room("form", "kintone", "message");

  @ArchTest static final ArchRule sourceImportsMessage = room("source", "kintone", "message");

  @ArchTest
  static final ArchRule syncIsThinking = room("sync", "source", "form", "kintone", "message");

  @ArchTest
  static final ArchRule journalImportsSync =
      room("journal", "sync", "source", "form", "kintone", "message");

  @ArchTest
  static final ArchRule settingsImportJournal =
      room("settings", "journal", "sync", "source", "form", "kintone", "message");

  @ArchTest
  static final ArchRule camelImportsAllButTheTerminal =
      room("camel", "settings", "journal", "sync", "source", "form", "kintone", "message");

  @ArchTest
  static final ArchRule simulatorImportsNothingOfOurs =
      room("simulator").because("the wire is the only contract");

  @ArchTest
  static final ArchRule onlyTheTerminalStartsASimulator =
      noClasses()
          .that(not(resideInAnyPackage(ROOM + "simulator..", ROOM + "cli..")))
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOM + "simulator..");

  @ArchTest
  static final ArchRule onlyThreeRoomsKnowCamel =
      noClasses()
          .that(not(resideInAnyPackage(ROOM + "cli..", ROOM + "camel..", ROOM + "console..")))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.camel..");

  @ArchTest
  static final ArchRule onlyTheExtensionKnowsJUnit =
      noClasses()
          .that(not(resideInAnyPackage(ROOM + "simulator.junit..")))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.junit..");

  @ArchTest
  static final ArchRule theThinkingDoesNotSleepOrSend =
      noClasses()
          .that()
          .resideInAnyPackage(ROOM + "sync..", ROOM + "form..", ROOM + "kintone..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.net.http..", "java.sql..", "org.apache.hc..")
          .orShould()
          .callMethod(Thread.class, "sleep", long.class);

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
