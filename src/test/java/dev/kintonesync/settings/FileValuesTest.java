package dev.kintonesync.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.source.SourceOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileValuesTest {

  @Test
  void whatFilesAreLikeIsWrittenInWords() {
    assertThat(FileValues.HEADER.reader().apply("row 3")).isEqualTo(3);
    assertThat(FileValues.HEADER.reader().apply("None")).isEqualTo(SourceOptions.NO_HEADER);
    assertThat(FileValues.DELIMITER.reader().apply("Tab")).isEqualTo('\t');
    assertThat(FileValues.DELIMITER.reader().apply(";")).isEqualTo(';');
    assertThat(FileValues.SKIP_WHEN.reader().apply("合計 欄 is  empty")).isEqualTo("合計 欄");
    assertThat(FileValues.POINTER.reader().apply("/a~1b/0")).isEqualTo("/a~1b/0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "3", "row 0", "row", "first", "row 99999999"})
  void anotherHeaderIsRefused(String value) {
    assertThatThrownBy(() -> FileValues.HEADER.reader().apply(value))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("row 3, or none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\"", "\n", "ab", "space"})
  void anotherDelimiterIsRefused(String value) {
    assertThatThrownBy(() -> FileValues.DELIMITER.reader().apply(value))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("is not a delimiter");
  }

  @Test
  void otherRulesAndPointersAreRefused() {
    assertThatThrownBy(() -> FileValues.SKIP_WHEN.reader().apply("code is blank"))
        .hasMessageContaining("is empty");
    assertThatThrownBy(() -> FileValues.POINTER.reader().apply("data/records"))
        .hasMessageContaining("/data/records");
    assertThatThrownBy(() -> FileValues.POINTER.reader().apply("/a~2"))
        .hasMessageContaining("not a JSON pointer");
  }
}
