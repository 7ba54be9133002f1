package dev.kintonesync.console.web;

import dev.kintonesync.journal.OwnerOnly;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the files that people upload to the page. Who sends one is judged before the first byte of
 * it is read. A file is written to the disk while it comes in and removed after the answer, unless
 * it was moved.
 *
 * @param brings whether a request of a method to a path brings a file
 * @param folder where files are kept until they are answered
 * @param refusal answers a request that may not send a file, of which only the head is there; empty
 *     when it may
 * @param answers answers a request whose file is there whole
 * @param language the language of a request
 */
record Uploads(
    BiPredicate<String, String> brings,
    Path folder,
    Function<PageRequest, Optional<PageResponse>> refusal,
    Function<PageRequest, PageResponse> answers,
    Function<PageRequest, MessageBundle> language) {
  /** The largest file, in bytes. */
  static final long LARGEST = 100_000_000;

  private static final int MEGABYTE = 1_000_000;
  private static final Logger log = LoggerFactory.getLogger(Uploads.class);
  private static final String PREFIX = "upload-";

  /** Of the name only this part tells what the file is. */
  private static final Pattern ENDING = Pattern.compile("(?:\\.[A-Za-z0-9]{1,8}){0,2}$");

  /** What keeps a file from being read is the answer. */
  private static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient PageResponse answer;

    RefusedException(PageResponse answer) {
      super("HTTP " + answer.status(), null, false, false);
      this.answer = answer;
    }
  }

  /** Removes what a program that was killed has left behind. */
  void tidy() {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, PREFIX + "*")) {
      left.forEach(Uploads::remove);
    } catch (IOException e) {
      log.debug("no uploads to remove: {}", e.toString());
    }
  }

  /** Whether a request may bring a file. */
  boolean concerns(HttpServerRequest request) {
    String path = request.path();
    return path != null && brings.test(request.method().name(), path);
  }

  /**
   * Receives a file and has it answered.
   *
   * @param request whose content nobody has begun to read
   * @param head the same, without its content
   * @param admitted is told that the content may take its time
   */
  Future<PageResponse> receive(
      Vertx vertx, HttpServerRequest request, PageRequest head, Runnable admitted) {
    request.pause();
    return vertx
        .executeBlocking(() -> place(head), false)
        .compose(
            file -> {
              admitted.run();
              return vertx
                  .fileSystem()
                  .open(file.toString(), new OpenOptions().setRead(false))
                  .compose(request::pipeTo)
                  .compose(
                      written -> vertx.executeBlocking(() -> answers.apply(head.with(file)), false))
                  .eventually(
                      () ->
                          vertx.executeBlocking(
                              () -> {
                                remove(file.resolveSibling(""));
                                return true;
                              },
                              false));
            })
        .recover(
            failure -> {
              if (failure instanceof RefusedException refused) {
                request.resume(); // what still comes is dropped, so that the answer arrives
                return Future.succeededFuture(refused.answer);
              }
              return Future.failedFuture(failure);
            });
  }

  /**
   * Judges a request and makes the empty file.
   *
   * @throws RefusedException when nothing of it is to be read
   */
  private Path place(PageRequest head) throws IOException {
    refusal.apply(head).ifPresent(answer -> refuse(answer));
    String length = head.header(HttpHeaders.CONTENT_LENGTH.toString());
    if (length == null) {
      refuse(PageResponse.text(411, "length required").with("Connection", "close"));
    } else if (Long.parseLong(length) > LARGEST) {
      var words = MessageCode.UPLOAD_TOO_LARGE.with(LARGEST / MEGABYTE);
      refuse(PageResponse.text(413, language.apply(head).say(words)).with("Connection", "close"));
    }
    OwnerOnly.folders(folder);
    var ending = ENDING.matcher(head.of("file"));
    Path own = Files.createTempDirectory(folder, PREFIX);
    return Files.createFile(own.resolve("file" + (ending.find() ? ending.group() : "")));
  }

  private static void refuse(PageResponse answer) {
    throw new RefusedException(answer);
  }

  private static void remove(Path own) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(own)) {
      for (Path file : files) {
        Files.delete(file);
      }
      Files.delete(own);
    } catch (IOException e) {
      log.warn("{} cannot be removed: {}", own, e.toString());
    }
  }
}
