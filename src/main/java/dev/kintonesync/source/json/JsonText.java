package dev.kintonesync.source.json;

import dev.kintonesync.source.PlainFile;
import dev.kintonesync.source.text.CharWindow;
import dev.kintonesync.source.text.FoundEncoding;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * A file of JSON, ready to be read from its beginning as often as needed.
 *
 * @param plain the file, unpacked
 * @param extension the end of its name in lower case, without the dot
 */
public record JsonText(Path plain, FoundEncoding encoding, String extension) {

  private static final Set<String> LINES = Set.of("jsonl", "ndjson");

  /** Whether its name says that each line is a record. */
  boolean isCalledLines() {
    return LINES.contains(extension);
  }

  /** Its text after the byte order mark. */
  JsonCutter open() throws IOException {
    SeekableByteChannel channel = PlainFile.open(plain);
    channel.position(encoding.markLength());
    return new JsonCutter(new CharWindow(channel, encoding.charset()));
  }

  long size() throws IOException {
    return Files.size(plain);
  }
}
