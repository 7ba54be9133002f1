package dev.kintonesync.camel.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.AtOnce;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An editor replaces a file of routes while it is looked at. */
class ReplacedRoutesTest {
  private static final int LOOKS = 5_000;

  @TempDir Path folder;

  /** Some of so many looks come between the listing of the file and its time. */
  @Test
  void aFileThatIsGoneAtTheMomentEndsNothing() throws Exception {
    Path file = Files.writeString(folder.resolve("mine.xml"), "<routes/>");
    var looked = new AtomicBoolean();
    try (var context = new DefaultCamelContext()) {
      var routes = new CustomRoutes(context, folder, Map.of());
      routes.load();
      var editor = AtOnce.begin(() -> replaceUntil(looked, file));
      try {
        for (int look = 0; look < LOOKS; look++) {
          assertThat(routes.changed()).isSubsetOf(List.of(file));
        }
      } finally {
        looked.set(true);
        editor.get();
      }
      Files.delete(file);
      assertThat(routes.changed()).containsExactly(file);
    }
  }

  private static void replaceUntil(AtomicBoolean looked, Path file) {
    try {
      while (!looked.get()) {
        Files.delete(file);
        Files.writeString(file, "<routes/>");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
