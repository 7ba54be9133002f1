package dev.kintonesync.cli;

import org.apache.camel.CamelContext;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: ours, Camel's and Java's version. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {
      "kintone-sync " + ofProgram(),
      "Apache Camel " + of(CamelContext.class),
      "Java " + Runtime.version()
    };
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
