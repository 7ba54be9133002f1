package dev.kintonesync.cli;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: ours, Camel's and Java's version. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    var lines = new ArrayList<>(lines(ofProgram()));
    lines.add("Java " + Runtime.version());
    return lines.toArray(String[]::new);
  }

  /** All but Java's, which is known when the program runs. */
  static List<String> lines(String program) {
    return List.of("kintone-sync " + program, "Apache Camel " + of(CamelContext.class));
  }

  /** Returns the version of this program. */
  static String ofProgram() {
    return of(Main.class);
  }

  private static String of(Class<?> type) {
    String version = type.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
