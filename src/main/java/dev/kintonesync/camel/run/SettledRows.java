package dev.kintonesync.camel.run;

import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.sync.BatchResult;
import dev.kintonesync.sync.Reject;
import dev.kintonesync.sync.SyncRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a settled batch came to, row by row.
 *
 * @param applied the records that Kintone holds now, or lacks where they were to be removed
 * @param rejected the rejects, in the order of the source, so that the last one of a key is the
 *     newest; without those that a newer row of their key, which was applied, has overtaken
 * @param overtaken the other rejects
 */
record SettledRows(List<SyncRecord> applied, List<Reject> rejected, List<Reject> overtaken) {

  static SettledRows of(BatchResult result) {
    Set<String> unprocessed = Set.copyOf(result.unprocessed());
    Set<SourceRecord> refused = Collections.newSetFromMap(new IdentityHashMap<>());
    result.rejects().forEach(reject -> refused.add(reject.source()));
    var applied = new ArrayList<SyncRecord>();
    Map<String, Long> rows = new HashMap<>();
    for (SyncRecord record : result.batch().records()) {
      if (!refused.contains(record.source()) && !unprocessed.contains(record.key())) {
        applied.add(record);
        rows.put(record.key(), row(record.source()));
      }
    }
    var rejected = new ArrayList<Reject>();
    var overtaken = new ArrayList<Reject>();
    for (Reject reject : result.rejects()) {
      Long newer = reject.key() == null ? null : rows.get(reject.key());
      boolean isOvertaken = newer != null && newer > row(reject.source());
      (isOvertaken ? overtaken : rejected).add(reject);
    }
    return new SettledRows(applied, rejected, overtaken);
  }

  private static long row(SourceRecord source) {
    return source.position().row();
  }
}
