package dev.kintonesync.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes a plan document: its header, then one change on each line, then one reject on each line,
 * so that it takes no memory and two plans can be compared line by line. Only its owner can read
 * it.
 */
public final class PlanWriter implements Closeable {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Writer out;
  private boolean first = true;

  private PlanWriter(Writer out) {
    this.out = out;
  }

  /**
   * Begins a document, in the place of an earlier one.
   *
   * @param summary what the document says besides its header, for people and scripts
   */
  public static PlanWriter create(Path file, PlanHeader header, ObjectNode summary) {
    try {
      if (Files.isRegularFile(file)) {
        Files.delete(file);
      }
      var out =
          new BufferedWriter(
              new OutputStreamWriter(OwnerOnly.append(file), StandardCharsets.UTF_8));
      var writer = new PlanWriter(out);
      out.write("{\n");
      ObjectNode head = header.json();
      head.setAll(summary);
      for (var member : head.properties()) {
        out.write("  " + text(member.getKey()) + ": " + text(member.getValue()) + ",\n");
      }
      out.write("  \"changes\": [");
      return writer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Object value) throws IOException {
    return MAPPER.writeValueAsString(value);
  }

  /** Adds a change, or after {@link #rejects} a reject. */
  public void add(JsonNode entry) {
    try {
      out.write(first ? "\n    " : ",\n    ");
      out.write(text(entry));
      first = false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The changes are through: what is added from now on is rejected. */
  public void rejects() {
    try {
      out.write(first ? "],\n  \"rejects\": [" : "\n  ],\n  \"rejects\": [");
      first = true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the document; one that ends earlier can be seen to be cut off. */
  public void end() {
    try {
      out.write(first ? "]\n}\n" : "\n  ]\n}\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
