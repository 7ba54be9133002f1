package dev.kintonesync.camel.kintone;

import dev.kintonesync.form.Attachments;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.hc.client5.http.entity.mime.FileBody;
import org.apache.hc.client5.http.entity.mime.HttpMultipartMode;
import org.apache.hc.client5.http.entity.mime.MultipartEntityBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;

/**
 * A file on its way to Kintone: read while it is sent, whatever its size, and hashed on the way,
 * since it may not be any more what it was when it was looked at.
 */
final class UploadEntity extends FileBody {
  private final MessageDigest digest = Attachments.sha256();

  private UploadEntity(Path file, String name) {
    super(file.toFile(), type(name), name);
  }

  static UploadEntity of(Path file, String name) {
    return new UploadEntity(file, name);
  }

  private static ContentType type(String name) {
    @Nullable String guessed = URLConnection.guessContentTypeFromName(name);
    return guessed == null ? ContentType.APPLICATION_OCTET_STREAM : ContentType.create(guessed);
  }

  /**
   * The body of the request. Kintone wants a part {@code file} with its name in UTF-8 (Kintone's
   * API page "Upload file"); {@code LEGACY} writes it so, as Kintone's own client does.
   */
  HttpEntity entity() {
    return MultipartEntityBuilder.create()
        .setMode(HttpMultipartMode.LEGACY)
        .setCharset(StandardCharsets.UTF_8)
        .setContentType(ContentType.MULTIPART_FORM_DATA)
        .addPart("file", this)
        .build();
  }

  /** Not through a link that was put in its place since it was hashed. */
  @Override
  public InputStream getInputStream() throws IOException {
    return Files.newInputStream(getFile().toPath(), LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    digest.reset();
    var hashing = new DigestOutputStream(out, digest);
    try (var content = getInputStream()) {
      content.transferTo(hashing);
    }
    hashing.flush();
  }

  /** The SHA-256 of what was sent. */
  String hash() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
