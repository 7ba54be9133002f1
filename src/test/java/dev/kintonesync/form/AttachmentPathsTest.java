package dev.kintonesync.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kintonesync.message.MessageCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which file a path of a source means. */
class AttachmentPathsTest {
  @TempDir Path home;
  private Attachments attachments;

  @BeforeEach
  void makeFolder() throws Exception {
    Path folder = Files.createDirectories(home.resolve("papers/sub")).getParent();
    Files.writeString(folder.resolve("sub/a.txt"), "one");
    Files.writeString(home.resolve("papers-of-others.txt"), "secret");
    attachments = new Attachments(folder, Attachments.Policy.MERGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sub/a.txt", "sub\\a.txt", "./sub//a.txt", "sub/../sub/a.txt"})
  void aFileIsFoundHoweverItsPathIsWritten(String path) throws Exception {
    var found = attachments.find(path);

    assertThat(found.path()).isEqualTo("sub/a.txt");
    assertThat(found.name()).isEqualTo("a.txt");
    assertThat(found.size()).isEqualTo(3);
    assertThat(found.hash()).startsWith("7692c3ad3540bb80");
  }

  @Test
  void kanaMayBeTakenApartOnEitherSide() throws Exception {
    String whole = "見積プリント.txt";
    String apart = Normalizer.normalize(whole, Normalizer.Form.NFD);
    Files.writeString(attachments.folder().resolve(apart), "two");

    assertThat(attachments.find(whole).name()).isEqualTo(whole);
    assertThat(attachments.find(apart).name()).isEqualTo(whole);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"..", "../papers-of-others.txt", "/etc/hosts", "sub/../../x", "..\\x", "/"})
  void noPathLeadsOut(String path) {
    var unfit = catchThrowableOfType(ConversionException.class, () -> attachments.find(path));

    assertThat(unfit.reason().text()).isEqualTo(MessageCode.ATTACHMENT_OUTSIDE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sub/b.txt", "a\u0000b", "sub/a.txt/c"})
  void whatIsNotThereIsMissing(String path) {
    var unfit = catchThrowableOfType(ConversionException.class, () -> attachments.find(path));

    assertThat(unfit.reason().text())
        .isIn(MessageCode.ATTACHMENT_MISSING, MessageCode.ATTACHMENT_UNREADABLE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sub", "."})
  void aFolderIsNoFile(String path) {
    var unfit = catchThrowableOfType(ConversionException.class, () -> attachments.find(path));

    assertThat(unfit.reason().text()).isEqualTo(MessageCode.ATTACHMENT_NO_FILE);
  }
}
