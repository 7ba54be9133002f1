package dev.kintonesync.console.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kintonesync.console.RunFiles;
import dev.kintonesync.console.StatusJson;
import dev.kintonesync.journal.Journal;
import java.nio.file.Path;
import java.util.Optional;

/** The plans that people have asked for on the page, see {@link Journal#keptPlans}. */
final class PlanViews {
  private final Journal journal;
  private final RunFiles files;

  PlanViews(Journal journal, RunFiles files) {
    this.journal = journal;
    this.files = files;
  }

  /** The kept plans of a job, newest first: the reports of their runs, and what became of them. */
  ArrayNode of(String job) {
    var plans = JsonNodeFactory.instance.arrayNode();
    for (String run : journal.keptPlans().of(job)) {
      journal
          .run(run)
          .ifPresent(
              report ->
                  plans.add(
                      StatusJson.tree(report)
                          .put("appliedBy", journal.appliedPlans().runOf(run).orElse(null))
                          .put("page", files.planPage(run).isPresent())));
    }
    return plans;
  }

  /** The plan of a run as one HTML file, to download. */
  Optional<Path> page(String run) {
    return journal.run(run).flatMap(report -> files.planPage(report.run()));
  }
}
