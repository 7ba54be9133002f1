package dev.kintonesync.source.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.source.Expected;
import dev.kintonesync.source.Samples;
import dev.kintonesync.source.SourceFormat;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.source.file.RejectsFile;
import dev.kintonesync.source.file.SourceFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kintone's export in a language of which nobody has told the name of its first column. */
class StarColumnTest {
  private static final SourceOptions OPTIONS =
      SourceOptions.DEFAULT.withExpected(
          new Expected(Set.of("code", "name", "item", "qty", "orders"), Set.of("item", "qty")));

  @TempDir Path folder;

  @Test
  void theFirstColumnIsTakenForTheStarsOfAnExport() {
    Path file =
        Samples.file(
            folder,
            "首条,code,name,item,qty\n"
                + "*,A,x,p,1\n"
                + ",A,x,q,2\n"
                + ",,,r,3\n\n"
                + "*,B,y,,\n"
                + "首条,code,name,item,qty\n"
                + "*,C,z,s,4\n");

    try (var reader = SourceFile.open(file, OPTIONS)) {
      List<SourceRecord> records = new ArrayList<>();
      reader.forEachRemaining(records::add);

      assertThat(reader.isGrouped()).isTrue();
      assertThat(reader.columns()).startsWith("*", "code");
      assertThat(records)
          .extracting(record -> record.values().get("code"))
          .containsExactly("A", "B", "C");
      assertThat(records.get(0).members()).hasSize(3);
      assertThat(reader.remarks()).asString().contains("首条").contains("first row of each record");
    }
  }

  @Test
  void itIsReadSoOnceMore() {
    Path file = Samples.file(folder, "首条,code,item\n*,A,p\n,,q\n");

    try (var reader = SourceFile.open(file, OPTIONS);
        var again = reader.again()) {
      assertThat(again.columns()).startsWith("*");
    }
  }

  @Test
  void itsRejectsComeBack() throws Exception {
    Path file = Samples.file(folder, "首条,code,item\n*,A,p\n,,q\n*,B,r\n");
    Path rejects = folder.resolve("rejects.csv");
    try (var reader = SourceFile.open(file, OPTIONS);
        var written = RejectsFile.create(rejects, reader.columns(), reader.format())) {
      written.add(reader.next(), "bad", "ref");
    }

    assertThat(Files.readString(rejects)).contains("*,code,item,_error,_ref");
    assertThat(Samples.read(rejects, OPTIONS))
        .singleElement()
        .satisfies(record -> assertThat(record.members()).hasSize(2));
  }

  /** Each is read as the rows that it has, so that what is unknown in it is named. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        // a field of the app holds stars
        "name,code,item\n*,A,p\n,,q\n",
        // another value
        "首条,code,item\n*,A,p\nx,B,q\n",
        "首条,code,item\n*,A,p\n,,q\n*,B,r\n**,C,s\n",
        // the first row has no star
        "首条,code,item\n,A,p\n*,B,q\n",
        // no column fills the cells of a table
        "首条,code,name\n*,A,p\n,,q\n",
        // a row without a star is another record
        "首条,code,item\n*,A,p\n,B,q\n",
        "首条,code,name,item\n*,A,x,p\n,A,y,q\n",
        "首条,メモ,code,item\n*,m,A,p\n,n,,q\n",
        // not the first column
        "code,首条,item\nA,*,p\n,,q\n",
        // no rows
        "首条,code,item\n",
      })
  void whatMayBeAnythingElseIsLeftAlone(String text) {
    try (var reader = SourceFile.open(Samples.file(folder, text), OPTIONS)) {
      assertThat(reader.isGrouped()).isFalse();
      assertThat(reader.columns()).isEqualTo(List.of(text.split("\n", 2)[0].split(",")));
      assertThat(reader.remarks()).isEmpty();
    }
  }

  @Test
  void whoGroupsByAColumnMeansThat() {
    Path file = Samples.file(folder, "首条,code,item\n*,A,p\n,A,q\n");

    try (var reader = SourceFile.open(file, OPTIONS.withGroupBy("code"))) {
      assertThat(reader.columns()).startsWith("首条");
    }
  }

  @Test
  void whereTheAppIsNotKnownNothingIsTakenForAStar() {
    Path file = Samples.file(folder, "首条,code,item\n*,A,p\n,,q\n");

    try (var reader = SourceFile.open(file, SourceOptions.DEFAULT)) {
      assertThat(reader.isGrouped()).isFalse();
      assertThat(reader.format().kind()).isEqualTo(SourceFormat.Kind.DELIMITED);
    }
  }
}
