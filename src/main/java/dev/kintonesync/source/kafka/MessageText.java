package dev.kintonesync.source.kafka;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Keys and values as the text in which a rejected row keeps them, and back, byte for byte. */
final class MessageText {
  /** In front of what is no text; what begins like this is taken for none. */
  private static final String BYTES = "base64:";

  private MessageText() {}

  /** The text of bytes, whatever they are. */
  static @Nullable String of(byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    if (!SchemaLookup.isOfRegistry(bytes)) {
      try {
        String text = strictly(bytes);
        if (!text.startsWith(BYTES)) {
          return text;
        }
      } catch (CharacterCodingException e) {
        return encoded(bytes);
      }
    }
    return encoded(bytes);
  }

  private static String encoded(byte[] bytes) {
    return BYTES + Base64.getEncoder().encodeToString(bytes);
  }

  /** The bytes of such a text; of one that somebody has corrected, what stands there. */
  static byte @Nullable [] bytes(@Nullable String text) {
    if (text == null) {
      return null;
    }
    if (text.startsWith(BYTES)) {
      try {
        return Base64.getDecoder().decode(text.substring(BYTES.length()));
      } catch (IllegalArgumentException e) {
        return text.getBytes(StandardCharsets.UTF_8); // it is no more base64
      }
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The text of UTF-8.
   *
   * @throws CharacterCodingException when it is none
   */
  static String strictly(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }
}
