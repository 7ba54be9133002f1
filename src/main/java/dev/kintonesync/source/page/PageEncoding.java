package dev.kintonesync.source.page;

import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.Encoding;
import dev.kintonesync.source.PlainFile;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.source.Understanding.How;
import dev.kintonesync.source.text.FoundEncoding;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** In which encoding a page is: by its mark, by what a person says, by what it says itself. */
final class PageEncoding {

  private static final Pattern DECLARED =
      Pattern.compile(
          "(?i)<meta\\s[^>]*?charset\\s*=\\s*[\"']?\\s*([\\w:.-]+)"
              + "|^\\W*<\\?xml\\s[^>]*?encoding\\s*=\\s*[\"']([\\w:.-]+)");

  private PageEncoding() {}

  /**
   * The encoding of a page.
   *
   * @throws UserErrorException if it may be one or another
   */
  static FoundEncoding of(Path file, Path plain, byte[] head, SourceOptions options)
      throws IOException {
    Encoding own = options.encoding() == null ? declared(head) : null;
    try (SeekableByteChannel channel = PlainFile.open(plain)) {
      var found =
          FoundEncoding.of(
              file,
              own == null ? options.encoding() : own,
              options.expected().words(),
              head,
              channel);
      return own != null && found.how() == How.SETTING
          ? new FoundEncoding(found.charset(), found.markLength(), How.MARK)
          : found;
    }
  }

  /** What a page says of itself; null: nothing, or nothing that is known. */
  private static @Nullable Encoding declared(byte[] head) {
    // A page begins with a character of ASCII.
    if (head.length > 1 && (head[0] == 0 || head[1] == 0)) {
      return head[0] == 0 ? Encoding.UTF_16BE : Encoding.UTF_16LE;
    }
    var said = DECLARED.matcher(new String(head, StandardCharsets.ISO_8859_1));
    if (!said.find()) {
      return null;
    }
    try {
      var named = Encoding.named(said.group(1) == null ? said.group(2) : said.group(1));
      // HTML means Microsoft's by this name. Source: WHATWG Encoding, section 4.2.
      return named == Encoding.LATIN1 ? Encoding.CP1252 : named;
    } catch (UserErrorException unknown) {
      return null;
    }
  }
}
