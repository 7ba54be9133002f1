package dev.kintonesync.promises;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With a snapshot, too, what people do in the app between two runs is seen. */
class SnapshotAmongPeopleTest extends SnapshotSync {
  /** What people do in the app between two runs. */
  enum ByPeople {
    EDIT {
      @Override
      void happens(SnapshotAmongPeopleTest test) {
        test.edit("B", "name", "by hand");
      }
    },
    DELETE {
      @Override
      void happens(SnapshotAmongPeopleTest test) {
        test.rehearsal.somebodyElse().deleteRecords(test.rehearsal.app.id(), List.of(test.id("B")));
      }
    },
    DELETE_ALL {
      @Override
      void happens(SnapshotAmongPeopleTest test) {
        var ids = test.rehearsal.held("$id").values().stream().map(Long::valueOf).toList();
        test.rehearsal.somebodyElse().deleteRecords(test.rehearsal.app.id(), ids);
      }
    },
    DELETE_AND_ADD_ANEW {
      @Override
      void happens(SnapshotAmongPeopleTest test) {
        DELETE.happens(test);
        test.rehearsal.app.add("{\"code\":{\"value\":\"B\"},\"name\":{\"value\":\"by hand\"}}");
      }
    },
    DELETE_AND_ADD_ANOTHER {
      @Override
      void happens(SnapshotAmongPeopleTest test) {
        DELETE.happens(test);
        test.rehearsal.app.add("{\"code\":{\"value\":\"Z\"},\"name\":{\"value\":\"by hand\"}}");
      }
    },
    CHANGE_THE_KEY {
      @Override
      void happens(SnapshotAmongPeopleTest test) {
        test.edit("B", "code", "Y");
      }
    };

    abstract void happens(SnapshotAmongPeopleTest test);
  }

  @ParameterizedTest
  @EnumSource(ByPeople.class)
  void whatPeopleDoInTheAppIsSeenAfterTheFirstRun(ByPeople act) throws Exception {
    var job = confirmed();
    act.happens(this);
    again(job, ROWS);
    assertThat(rehearsal.held("name")).containsAllEntriesOf(Map.of("A", "Abe", "B", "Baba"));
  }

  /** When the records are old, so that nothing but ids and counts can tell. */
  @ParameterizedTest
  @EnumSource(ByPeople.class)
  void whatPeopleDoInTheAppIsSeenLongAfterwards(ByPeople act) throws Exception {
    var job = confirmed();
    again(job, ROWS);
    again(job, ROWS);
    act.happens(this);
    again(job, ROWS);
    assertThat(rehearsal.held("name")).containsAllEntriesOf(Map.of("A", "Abe", "B", "Baba"));
  }

  /** It is not among those whose number tells the next run whether others have deleted some. */
  @Test
  void aRecordThatTheRunHasAddedAndDeletedHidesNoOtherThatIsGone() throws Exception {
    rehearsal.close();
    rehearsal =
        new Rehearsal(
            home, Map.of("kintone.records-per-request", "1", "kintone.requests-per-batch", "1"));
    var job = confirmed("delete-when = name=gone", "mirror.missing = delete");
    var rows = List.of("code,name", "A,Abe", "B,Baba", "C,Chiba", "D,Doi", "D,gone");
    var report = again(job, rows.toArray(String[]::new));
    assertThat(report.counts().inserted()).isEqualTo(1);
    assertThat(report.deleted()).isEqualTo(1);

    rehearsal.somebodyElse().deleteRecords(rehearsal.app.id(), List.of(id("B")));

    assertThat(again(job, ROWS).counts().inserted()).isEqualTo(1);
    assertThat(rehearsal.held("name")).containsEntry("B", "Baba");
  }

  /** Source and people change records at random; after each run Kintone holds the source. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void kintoneHoldsTheSourceAfterEachRun(long seed) throws Exception {
    var random = new Random(seed);
    var job = rehearsal.jobWith("diff = snapshot");
    var source = new TreeMap<String, String>();
    for (int run = 0; run < 12; run++) {
      for (int change = random.nextInt(4); change > 0; change--) {
        source.put("K" + random.nextInt(12), "v" + random.nextInt(3));
      }
      var lines = new ArrayList<>(List.of("code,name"));
      source.forEach((code, name) -> lines.add(code + "," + name));
      if (run > 0) {
        people(random, List.copyOf(rehearsal.held("$id").keySet()));
      }
      if (random.nextInt(4) == 0) {
        rehearsal.simulator.faults().add(answerLost("/records.json"));
      }
      var report = again(job, lines.toArray(String[]::new));
      assertThat(report.counts().addUp()).isTrue();
      assertThat(rehearsal.held("name")).as("run %d", run).containsAllEntriesOf(source);
    }
  }

  private void people(Random random, List<String> codes) {
    for (int act = random.nextInt(3); act > 0 && !codes.isEmpty(); act--) {
      String code = codes.get(random.nextInt(codes.size()));
      if (!rehearsal.held("$id").containsKey(code)) {
        continue;
      }
      if (random.nextBoolean()) {
        edit(code, "name", "v" + random.nextInt(3));
      } else {
        rehearsal.somebodyElse().deleteRecords(rehearsal.app.id(), List.of(id(code)));
        if (random.nextBoolean()) {
          rehearsal.app.add(
              "{\"code\":{\"value\":\"%s\"},\"name\":{\"value\":\"v9\"}}".formatted(code));
        }
      }
    }
  }
}
