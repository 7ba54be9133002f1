package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bin/kintone-sync} does before Java does anything. */
class StartScriptIT {
  @TempDir Path folder;

  private Installation installation;

  @BeforeEach
  void install() throws IOException {
    installation = Installation.withHome(Files.createDirectory(folder.resolve("home")));
  }

  @Test
  void refusesAJavaThatIsTooOld() throws IOException {
    refusesJava("11.0.22", ": Java 11.0.22");
    refusesJava("1.8.0_402", ": Java 1.8.0_402");
  }

  @Test
  void refusesWhereThereIsNoJava() {
    var ended = installation.with("JAVA_HOME", folder.toString()).run("demo");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err())
        .contains("needs Java 17 or newer", "Java 17 以上が必要です")
        .doesNotContain(": Java");
  }

  @Test
  void findsJavaInThePathAndPassesItsOptionsOn() {
    var ended =
        installation
            .with("JAVA_HOME", "")
            .with("PATH", Path.of(System.getProperty("java.home"), "bin") + ":/usr/bin:/bin")
            .with("JAVA_OPTS", "-Xmx64m -XX:+PrintCommandLineFlags")
            .run("--version");
    assertThat(ended.exitCode()).as(ended.said()).isZero();
    assertThat(ended.said()).contains("kintone-sync ", "-XX:MaxHeapSize=67108864");
  }

  @Test
  void speaksJapaneseInAJapaneseLocaleThatIsNotUtf8OrNotInstalled() {
    for (String locale : new String[] {"ja_JP.eucJP", "ja_JP.UTF-8", "ja_JP"}) {
      assertThat(installation.with("LANG", locale).run("import").err())
          .as(locale)
          .contains("ファイルを指定してください");
    }
  }

  @Test
  void aFileWithAJapaneseNameIsFoundWhateverTheLocale() throws IOException {
    Path file = Files.writeString(folder.resolve("得意先一覧.csv"), "");
    for (String locale : new String[] {"C", "POSIX", "ja_JP.eucJP", "ja_JP.UTF-8"}) {
      var ended =
          installation.with("LC_ALL", locale).run("import", file.toString(), "--lang", "en");
      assertThat(ended.err()).as(locale).startsWith("No Kintone address is given");
      assertThat(ended.exitCode()).isEqualTo(2);
    }
  }

  @Test
  void classesKeptForAnotherFolderArePassedOverUntilQuickenKeepsThemAnew() throws Exception {
    var moved = Installation.copied(folder.resolve("kintone 同期"));
    assertThat(moved.home().resolve("lib/classes.jsa")).exists();
    assertThat(moved.run("--version").err()).isEmpty();
    moved.with("JAVA_OPTS", "-Xshare:on"); // ends a Java that cannot use them
    assertThat(moved.run("--version").exitCode()).isNotZero();

    var quicken =
        new ProcessBuilder(moved.home().resolve("bin/quicken").toString())
            .inheritIO()
            .directory(folder.toFile())
            .start();
    assertThat(quicken.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(quicken.exitValue()).isZero();
    var ended = moved.run("--version");
    assertThat(ended.exitCode()).as(ended.said()).isZero();
    assertThat(ended.out()).startsWith("kintone-sync ");
    try (var lib = Files.list(moved.home().resolve("lib"))) {
      assertThat(lib.filter(file -> !file.toString().endsWith(".jar")))
          .containsExactly(moved.home().resolve("lib/classes.jsa"));
    }
  }

  @Test
  void theBatchFileForWindowsHasItsLineEnds() throws IOException {
    String batch =
        Files.readString(
            Installation.PACKAGED.resolve("bin/kintone-sync.cmd"), StandardCharsets.US_ASCII);
    assertThat(batch).contains("\r\n");
    assertThat(batch.replace("\r\n", "")).doesNotContain("\n", "\r");
  }

  private void refusesJava(String version, String said) throws IOException {
    Path bin = Files.createDirectories(folder.resolve(version).resolve("bin"));
    Path java = bin.resolve("java");
    Files.writeString(
        java, "#!/bin/sh\necho 'openjdk version \"" + version + "\" 2024-01-16' >&2\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    var ended =
        installation
            .with("JAVA_HOME", "")
            .with("PATH", bin + ":/usr/bin:/bin")
            .run("import", "customers.csv");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains(said, "Java 17 or newer", "Java 17 以上が必要");
    assertThat(ended.err().lines()).hasSize(3);
  }
}
