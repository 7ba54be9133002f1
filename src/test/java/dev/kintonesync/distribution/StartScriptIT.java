package dev.kintonesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
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
  void aServiceGivesMemoryBackIfItsJavaCan() {
    installation.with("JAVA_OPTS", "-XX:+PrintCommandLineFlags");
    String trim = "-XX:TrimNativeHeapInterval=20000";
    var java = Runtime.version();
    boolean can =
        java.feature() > 21
            || java.feature() == 17 && java.update() > 8
            || java.feature() == 21 && java.update() > 0;

    var service = installation.run("run", "--no-such-option");
    assertThat(service.err()).contains("--no-such-option");
    assertThat(service.said().contains(trim)).as(service.said()).isEqualTo(can);
    assertThat(installation.run("import").said()).doesNotContain(trim);
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
  @Tag("sweep")
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
  void usesTheJavaThatCameWithThePackageWhateverElseIsInstalled() throws IOException {
    var packaged = Installation.copied(folder.resolve("kintone 同期"));
    Path runtime = packaged.home().resolve("runtime");
    Files.createSymbolicLink(runtime, Path.of(System.getProperty("java.home")));
    packaged.with("JAVA_HOME", folder.toString()).with("JAVA_OPTS", "-Xshare:auto");
    var ended = packaged.run("--version");
    assertThat(ended.exitCode()).as(ended.said()).isZero();
    assertThat(ended.out()).startsWith("kintone-sync ");

    Files.delete(runtime);
    Path java = Files.createDirectories(runtime.resolve("bin")).resolve("java");
    Files.write(java, new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}); // of no machine
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    var unfit = packaged.run("--version");
    assertThat(unfit.exitCode()).isEqualTo(2);
    assertThat(unfit.err()).contains("does not run on this computer", "動作しません", java.toString());
    assertThat(unfit.out()).isEmpty();
  }

  @Test
  void keepsDataApartFromTheProgramWhereAPackageOfTheSystemSaysSo() throws IOException {
    Path data = Files.createDirectory(folder.resolve("data"));
    Path custom = Files.createDirectories(data.resolve("routes/custom"));
    Files.writeString(
        custom.resolve("mine.yaml"),
        "- route: { id: mine, from: { uri: direct:mine, steps: [ { log: mine } ] } }\n");
    Path properties = Files.writeString(folder.resolve("kept.properties"), "lang = en\n");
    Files.createSymbolicLink(data.resolve("application.properties"), properties);
    var program = Installation.copied(folder.resolve("program"));
    var shipped = listed(program.home());
    program.with("KINTONE_SYNC_HOME", data.toString()).with("JAVA_OPTS", "");

    var demo = program.run("demo", "--once");

    assertThat(demo.exitCode()).as(demo.said()).isEqualTo(1);
    assertThat(data.resolve("demo/sandbox/inbox/rejects")).isDirectory();
    assertThat(data.resolve("runs")).isDirectoryContaining("glob:**");
    assertThat(Files.readString(data.resolve("logs/kintone-sync.log"))).contains("mine");
    assertThat(listed(program.home())).isEqualTo(shipped);

    var elsewhere = folder.resolve("not-there");
    var refused = program.with("KINTONE_SYNC_HOME", elsewhere.toString()).run("check");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).hasLineCount(1).contains(elsewhere.toString());
  }

  private static List<String> listed(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.map(Path::toString).sorted().toList();
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
