package dev.kintonesync.setup;

import dev.kintonesync.form.Proposal;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.source.Understanding;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a sample says of a job, as the properties of its block. */
public final class Proposed {
  private Proposed() {}

  /** What was guessed of a sample is a setting for the files that come. */
  public static Map<String, String> guesses(@Nullable Understanding sample) {
    var properties = new LinkedHashMap<String, String>();
    if (sample == null) {
      return properties;
    }
    var encoding = sample.encoding();
    if (encoding != null && encoding.how() == Understanding.How.GUESS) {
      properties.put("encoding", encoding.value());
    }
    var delimiter = sample.delimiter();
    if (delimiter != null && delimiter.how() == Understanding.How.GUESS) {
      properties.put("delimiter", delimiter.value() == '\t' ? "tab" : delimiter.value().toString());
    }
    return properties;
  }

  /** Where the header stands and what groups the rows, where that was found in the sample. */
  public static Map<String, String> layout(SourceOptions found, SourceOptions asked) {
    var properties = new LinkedHashMap<String, String>();
    if (found.header() != asked.header()) {
      properties.put("header", "row " + found.header());
    }
    String column = found.groupBy();
    if (column != null && !column.equals(asked.groupBy())) {
      properties.put("group-by", column);
    }
    return properties;
  }

  /** The key and the map; no map where every column is called as its field. */
  static Map<String, String> mapping(Proposal proposal) {
    var properties = new LinkedHashMap<String, String>();
    if (proposal.key() != null) {
      properties.put("update-key", proposal.key().code());
    }
    if (!proposal.byName() && !proposal.map().isEmpty()) {
      properties.put("map", Configuration.mapOf(proposal.map()));
    }
    return properties;
  }
}
