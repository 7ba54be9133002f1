package dev.kintonesync;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Locale;
import java.util.Set;
import java.util.TimeZone;
import java.util.concurrent.CompletableFuture;
import java.util.stream.BaseStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Classes of tests run side by side in one process, so none may change what is there once. */
class SideBySideTest {
  private static JavaClasses tests;

  @BeforeAll
  static void read() {
    tests =
        new ClassFileImporter()
            .importUrl(SideBySideTest.class.getProtectionDomain().getCodeSource().getLocation());
  }

  /** They fill many megabytes, in a process that has other tests to run. */
  @AfterAll
  static void letGo() {
    tests = null;
  }

  /** The setters of what the whole process has. */
  private static final Set<String> OF_THE_PROCESS =
      Set.of("setIn", "setOut", "setErr", "setProperty", "clearProperty", "setProperties");

  @Test
  void theTestsWereFound() {
    assertThat(tests).hasSizeGreaterThan(300);
  }

  @Test
  void whoeverStartsCommandsSaysSo() {
    classes()
        .that()
        .resideInAPackage("dev.kintonesync.cli")
        .and()
        .haveSimpleNameEndingWith("Test")
        .and(
            DescribedPredicate.describe(
                "start commands",
                type ->
                    type.getAccessesFromSelf().stream()
                        .map(JavaAccess::getTargetOwner)
                        .map(JavaClass::getName)
                        .anyMatch(
                            name ->
                                name.equals("dev.kintonesync.cli.Command")
                                    || name.equals("dev.kintonesync.cli.Main"))))
        .should()
        .beAnnotatedWith(LogOfProcess.Started.class)
        .orShould()
        .beAnnotatedWith(LogOfProcess.LookedAt.class)
        .check(tests);
  }

  @Test
  void whatTheProcessHasOnceIsNotSet() {
    noClasses()
        .that()
        .areNotAnnotatedWith(ResourceLock.class)
        .should()
        .callMethodWhere(
            DescribedPredicate.<JavaMethodCall>describe(
                "it sets what the process has once",
                call ->
                    call.getTargetOwner().isEquivalentTo(System.class)
                            && OF_THE_PROCESS.contains(call.getName())
                        || call.getTargetOwner().isAssignableTo(Locale.class)
                            && call.getName().equals("setDefault")
                        || call.getTargetOwner().isAssignableTo(TimeZone.class)
                            && call.getName().equals("setDefault")))
        .check(tests);
  }

  @Test
  void workOfManyThreadsHasThreadsOfItsOwn() {
    noClasses()
        .should()
        .callMethodWhere(
            DescribedPredicate.<JavaMethodCall>describe(
                "it is a parallel stream, in the threads that run the classes of tests",
                call ->
                    call.getTargetOwner().isAssignableTo(BaseStream.class)
                            && call.getName().equals("parallel")
                        || call.getName().equals("parallelStream")))
        .check(tests);
  }

  @Test
  void nothingWaitsInTheCommonPool() {
    noClasses()
        .should()
        .callMethodWhere(
            DescribedPredicate.<JavaMethodCall>describe(
                "it waits in Java's common pool",
                call ->
                    call.getTargetOwner().isEquivalentTo(CompletableFuture.class)
                        && call.getName().endsWith("Async")
                        && call.getTarget().getRawParameterTypes().size() == 1))
        .check(tests);
  }
}
