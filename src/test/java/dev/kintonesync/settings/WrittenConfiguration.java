package dev.kintonesync.settings;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kintonesync.kintone.Credentials;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** Writes the files of properties of an installation, and reads its configuration. */
abstract class WrittenConfiguration {
  static final String CUSTOMERS =
      """
      kintone.base-url = https://example.cybozu.com
      job.customers.app = 42
      job.customers.update-key = 顧客コード
      job.customers.source = folder
      job.customers.folder = inbox/customers
      """;
  static final Map<String, String> TOKEN = Map.of("KINTONE_API_TOKEN", "general");

  @TempDir Path home;

  Configuration read(Map<String, String> environment) {
    return read(environment, Map.of());
  }

  Configuration read(Map<String, String> environment, Map<String, String> overrides) {
    return Configuration.read(home, environment, overrides);
  }

  Credentials credentials(Map<String, String> environment) {
    return read(environment).job("customers").connection().credentials();
  }

  UserMessage line(int line) {
    return MessageCode.PLACE_LINE.with(home.resolve("application.properties"), line);
  }

  static UserMessage refusal(Runnable reading) {
    return catchThrowableOfType(UserErrorException.class, reading::run).reason();
  }

  void application(String content) {
    write("application.properties", content);
  }

  void secrets(String content) {
    write("secrets.properties", content);
    var file = home.resolve("secrets.properties");
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  void write(String name, String content) {
    try {
      Files.writeString(home.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
