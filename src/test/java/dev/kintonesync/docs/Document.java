package dev.kintonesync.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A Markdown document of the project, taken apart: what a reader copies, and where it points. */
record Document(Path file, List<Block> blocks, List<String> spans, List<String> links) {
  private static final Pattern FENCED =
      Pattern.compile("^```(\\w+)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern SPAN = Pattern.compile("`([^`\\n]+)`");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

  /** A fenced block and its language. */
  record Block(String language, String text) {}

  static Document of(String file) {
    try {
      Path path = Path.of(file);
      String text = Files.readString(path);
      var blocks =
          FENCED
              .matcher(text)
              .results()
              .map(found -> new Block(found.group(1), found.group(2)))
              .toList();
      String prose = FENCED.matcher(text).replaceAll("");
      return new Document(path, blocks, groups(SPAN, prose), groups(LINK, prose));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the first group of a pattern holds, wherever the pattern is found. */
  static List<String> groups(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(found -> found.group(1)).toList();
  }

  /** The texts of the blocks of one language. */
  List<String> blocks(String language) {
    return blocks.stream()
        .filter(block -> block.language().equals(language))
        .map(Block::text)
        .toList();
  }

  /** The one block of a language. */
  String block(String language) {
    var found = blocks(language);
    if (found.size() != 1) {
      throw new AssertionError(file + " has " + found.size() + " blocks of " + language);
    }
    return found.get(0);
  }

  /** Every line that a reader may type: the spans, and the lines of shell blocks. */
  List<String> typed() {
    var typed = new ArrayList<>(spans);
    blocks("sh").forEach(block -> block.lines().forEach(typed::add));
    blocks("console").stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith("$ "))
        .forEach(typed::add);
    return typed;
  }

  /** Where a relative link leads; empty for an address on the web. */
  Optional<Path> target(String link) {
    if (link.contains("://")) {
      return Optional.empty();
    }
    Path folder = Optional.ofNullable(file.getParent()).orElse(Path.of(""));
    return Optional.of(folder.resolve(link.replaceFirst("#.*", "")));
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
