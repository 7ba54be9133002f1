package dev.kintonesync.journal;

import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.kintonesync.console.RunFiles;
import dev.kintonesync.sync.Change;
import dev.kintonesync.sync.Counts;
import dev.kintonesync.sync.Outcome;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyHistoryTest {
  private static final Instant START = Instant.parse("2026-11-22T02:00:00Z");

  @TempDir Path home;

  private Path run(Journal journal, int number, List<List<String>> batches) {
    var at = START.plusSeconds(number);
    try (var folder = RunFolder.create(home.resolve("runs"), "customers", at, ZoneOffset.UTC)) {
      for (List<String> keys : batches) {
        folder.changes(
            RunFolder.zipped(
                keys.stream()
                    .map(
                        key ->
                            new Change(
                                Outcome.UPDATED,
                                key,
                                "7",
                                null,
                                12,
                                false,
                                Map.of(
                                    "name",
                                    new Change.Values(
                                        new TextNode("before " + number),
                                        new TextNode("after " + number))),
                                Map.of(),
                                null,
                                null,
                                Map.of()))
                    .toList()));
      }
      journal.begun(SampleReports.running(folder.name(), "customers", at));
      journal.ended(SampleReports.completed(folder.name(), "customers", at, Counts.NONE, 0));
      return folder.path();
    }
  }

  private static List<String> batch(int number) {
    return IntStream.range(0, 500).mapToObj(i -> "K" + number + "-" + i).toList();
  }

  private List<String> history(Journal journal, String key, int unindexed) {
    var found = new ArrayList<String>();
    var extent =
        new KeyHistory(journal, home.resolve("runs"))
            .read(
                key,
                false,
                run -> true,
                entry ->
                    found.add(
                        entry.change().path("key").asText()
                            + " "
                            + entry.change().path("fields").path("name").path("after").asText()
                            + " row "
                            + entry.change().path("row").asInt()));
    assertThat(extent.unindexed()).isEqualTo(unindexed);
    return found;
  }

  @Test
  void everyRunThatTouchedAKeyIsFoundInOrderWhateverBecameOfItsIndex() throws IOException {
    try (var journal = Journal.open(home.resolve("journal"))) {
      run(journal, 1, List.of(batch(1), List.of("0600001"), batch(2)));
      run(journal, 2, List.of(batch(3)));
      Path cut = run(journal, 3, List.of(batch(4), List.of("600001", "X"), batch(5)));
      run(journal, 4, List.of(List.of("0600001"), batch(6), List.of("0600001")));

      var all =
          List.of(
              "0600001 after 1 row 12",
              "600001 after 3 row 12",
              "0600001 after 4 row 12",
              "0600001 after 4 row 12");
      assertThat(history(journal, "0600001", 0)).isEqualTo(all);
      assertThat(history(journal, "K6-499", 0)).containsExactly("K6-499 after 4 row 12");
      assertThat(history(journal, "none", 0)).isEmpty();

      Path index = cut.resolve(ChangesIndex.NAME);
      try (var file = new RandomAccessFile(index.toFile(), "rw")) {
        file.setLength(file.length() - 3); // killed while the last block was written
      }
      assertThat(history(journal, "0600001", 1)).isEqualTo(all);
      assertThat(history(journal, "K5-7", 1)).containsExactly("K5-7 after 3 row 12");
      Files.write(index, new byte[100]); // as a file system may leave it after a power failure
      assertThat(history(journal, "0600001", 1)).isEqualTo(all);
      Files.delete(index); // of a run before there were indexes
      assertThat(history(journal, "0600001", 1)).isEqualTo(all);

      Path changes = cut.resolve(RunFolder.CHANGES);
      try (var file = new RandomAccessFile(changes.toFile(), "rw")) {
        file.setLength(file.length() - 9); // killed while the last member was written
      }
      assertThat(history(journal, "0600001", 1)).isEqualTo(all);
    }
  }

  /** As a power failure leaves a file, or a disk with a fault. */
  @Test
  void aDamagedRunHidesNoOther() throws IOException {
    try (var journal = Journal.open(home.resolve("journal"))) {
      run(journal, 1, List.of(List.of("A")));
      Path changes = run(journal, 2, List.of(List.of("A"), batch(1))).resolve(RunFolder.CHANGES);
      run(journal, 3, List.of(List.of("A")));
      long whole = Files.size(changes);
      Files.write(changes, new byte[700], APPEND);
      var all = List.of("A after 1 row 12", "A after 2 row 12", "A after 3 row 12");
      assertThat(history(journal, "A", 1)).isEqualTo(all);
      var part = new RunFiles(home.resolve("runs")).changes(name(changes), RunFiles.Part.first(9));
      assertThat(part.first()).hasSize(9);

      try (var file = new RandomAccessFile(changes.toFile(), "rw")) {
        file.seek(whole / 2);
        file.write(new byte[40]);
      }
      Files.delete(changes.resolveSibling(ChangesIndex.NAME));
      assertThat(history(journal, "A", 1)).isEqualTo(all);
      assertThat(
              new RunFiles(home.resolve("runs")).changes(name(changes), RunFiles.Part.first(900)))
          .satisfies(
              read -> {
                assertThat(read.first()).isNotEmpty();
                assertThat(read.more()).isTrue();
              });
    }
  }

  private static String name(Path changes) {
    return String.valueOf(changes.getParent().getFileName());
  }
}
