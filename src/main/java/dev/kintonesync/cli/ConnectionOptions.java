package dev.kintonesync.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which Kintone, which app and who calls; named as cli-kintone names them. */
final class ConnectionOptions {
  @Option(names = "--base-url", paramLabel = "URL")
  private @Nullable String baseUrl;

  @Option(names = "--app", paramLabel = "N")
  private @Nullable String app;

  @Option(names = "--api-token", paramLabel = "TOKEN")
  private List<String> apiTokens = new ArrayList<>();

  @Option(
      names = {"-u", "--username"},
      paramLabel = "NAME")
  private @Nullable String username;

  @Option(
      names = {"-p", "--password"},
      paramLabel = "PW")
  private @Nullable String password;

  @Option(names = "--basic-auth-username", paramLabel = "NAME")
  private @Nullable String basicAuthUsername;

  @Option(names = "--basic-auth-password", paramLabel = "PW")
  private @Nullable String basicAuthPassword;

  @Option(names = "--guest-space-id", paramLabel = "N")
  private @Nullable String guestSpaceId;

  // What few networks need stands at the foot of the help, which has to fit on a screen.
  @Option(names = "--proxy", hidden = true)
  private @Nullable String proxy;

  @Option(names = "--pfx-file-path", hidden = true)
  private @Nullable String pfxFilePath;

  @Option(names = "--pfx-file-password", hidden = true)
  private @Nullable String pfxFilePassword;

  /**
   * What was said, by the keys of the properties.
   *
   * @param job the job that the app belongs to
   */
  Map<String, String> overrides(String job) {
    var said = new LinkedHashMap<String, String>();
    put(said, "kintone.base-url", baseUrl);
    put(said, "kintone.api-token", apiTokens.isEmpty() ? null : String.join(",", apiTokens));
    put(said, "kintone.username", username);
    put(said, "kintone.password", password);
    put(said, "kintone.basic-auth-username", basicAuthUsername);
    put(said, "kintone.basic-auth-password", basicAuthPassword);
    put(said, "kintone.guest-space-id", guestSpaceId);
    put(said, "kintone.proxy", proxy);
    put(said, "kintone.pfx-file-path", absolute(pfxFilePath));
    put(said, "kintone.pfx-file-password", pfxFilePassword);
    put(said, "job." + job + ".app", app);
    return said;
  }

  /** Paths in options are relative to the caller, those in properties to the home. */
  static @Nullable String absolute(@Nullable String path) {
    return path == null ? null : Path.of(path).toAbsolutePath().toString();
  }

  static void put(Map<String, String> said, String key, @Nullable String value) {
    if (value != null) {
      said.put(key, value);
    }
  }
}
