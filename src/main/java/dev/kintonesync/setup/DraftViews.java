package dev.kintonesync.setup;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kintonesync.camel.run.SourcePreview;
import dev.kintonesync.form.Form;
import dev.kintonesync.form.Proposal;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.ExpectedContent;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.WrittenPair;
import dev.kintonesync.source.file.SourceFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the jobs of drafts read, what becomes of it, and what they would do. Each view is computed
 * from the properties of the draft, as a run would understand them.
 */
public final class DraftViews {
  private final JobSetup setup;
  private final JobSetup.Home home;
  private final Drafts drafts;
  private final Apps apps;
  private final Previews previews;
  private final PlanRuns plans;

  DraftViews(JobSetup setup, JobSetup.Home home, Drafts drafts, Apps apps) {
    this.setup = setup;
    this.home = home;
    this.drafts = drafts;
    this.apps = apps;
    this.previews = new Previews(home, drafts);
    this.plans = new PlanRuns(home.runner());
  }

  /** A draft is over. */
  void forget(String id) {
    previews.forget(id);
    plans.forget(id);
  }

  private DraftProperties properties(Draft draft) {
    return setup.properties(draft);
  }

  /** The first rows of what a draft reads. */
  public ObjectNode source(String id, boolean fresh, MessageBundle bundle) {
    var draft = drafts.get(id);
    var properties = properties(draft);
    ObjectNode view;
    try {
      var preview = previews.of(draft, properties, fresh);
      view = preview == null ? SourceView.waiting() : SourceView.of(preview, bundle);
    } catch (UserErrorException e) {
      view = SetupJson.problem(DraftProperties.problemOf(properties, e.reason()), bundle);
    }
    var network = setup.configuration().settings().network();
    var answer = previews.answer(draft, properties, network, fresh);
    return answer == null ? view : view.set("answer", answer);
  }

  /** How the columns of a draft go to the fields of its app. */
  public ObjectNode mapping(String id, MessageBundle bundle) {
    var draft = drafts.get(id);
    var properties = properties(draft);
    try {
      properties.need("app");
      if (previews.of(draft, properties, false) == null) {
        return SourceView.waiting();
      }
      var wrong = properties.problemOf("map");
      if (wrong.isPresent()) {
        return SetupJson.problem(wrong.get(), bundle);
      }
      var job = previews.jobOfRows(draft, properties);
      var form = form(job, false);
      var preview = previews.of(draft, properties, ExpectedContent.of(job, form));
      if (preview == null) {
        return SourceView.waiting();
      }
      var trial = home.runner().get().tryMapping(job, form, preview.columns(), preview.grouped());
      return MappingView.of(
          form,
          preview,
          trial,
          job.updateKey(),
          pairs(draft, job),
          proposal(form, preview),
          bundle);
    } catch (UserErrorException e) {
      return SetupJson.problem(DraftProperties.problemOf(properties, e.reason()), bundle);
    }
  }

  /** The pairs of the map; those of a file of their own have no text here. */
  private static List<WrittenPair> pairs(Draft draft, Job job) {
    String map = draft.properties().get("map");
    return map != null
        ? Configuration.pairs(map)
        : job.map().assignments().stream().map(pair -> new WrittenPair(pair, "", "")).toList();
  }

  private Form form(Job job, boolean fresh) {
    return apps.form(
        job.connection(), setup.configuration().settings().network(), job.app(), fresh);
  }

  private static Proposal proposal(Form form, SourcePreview preview) {
    var values = new LinkedHashMap<String, List<String>>();
    for (String column : preview.columns()) {
      values.put(
          column,
          preview.rows().stream()
              .map(row -> Objects.toString(row.values().get(column), "").strip())
              .toList());
    }
    return Proposal.of(form, values, preview.grouped());
  }

  /**
   * Fills in what can be proposed from the columns and the form.
   *
   * @throws UserErrorException when there is no app or nothing to read yet
   */
  public Draft propose(String id) {
    var draft = drafts.get(id);
    var properties = properties(draft);
    properties.need("app");
    var preview = previews.of(draft, properties, false);
    if (preview == null) {
      throw new UserErrorException(MessageCode.SETUP_NO_SAMPLE.with());
    }
    var found = new LinkedHashMap<String, @Nullable String>();
    var form = form(previews.jobOfRows(draft, properties), true);
    Path file = previews.file(draft, properties);
    if (file == null) {
      found.putAll(Proposed.mapping(proposal(form, preview)));
    } else {
      var asked = properties.read().reading(properties.job());
      var sample = Sample.of(file, asked, form);
      try (var reader = SourceFile.open(file, sample.reading())) {
        found.putAll(Proposed.guesses(reader.understanding()));
      }
      found.putAll(Proposed.layout(sample.reading(), asked));
      found.putAll(Proposed.mapping(sample.proposal()));
    }
    found.putIfAbsent("map", null);
    return setup.change(id, draft.version(), null, found);
  }

  /** What the rules of a draft would do, and when. */
  public ObjectNode rules(String id, MessageBundle bundle) {
    var draft = drafts.get(id);
    var properties = properties(draft);
    try {
      properties.need("app");
      properties.need("source");
      properties.need("update-key");
      var job = properties.read().job(properties.job());
      var network = setup.configuration().settings().network();
      long records = apps.records(job.connection(), network, job.app());
      String scope = job.rules().scope();
      long inScope =
          scope == null
              ? records
              : apps.recordsInScope(job.connection(), network, job.app(), scope);
      return RulesView.of(job, records, inScope, home.clock().instant(), bundle);
    } catch (ProblemException e) {
      return SetupJson.problem(new Problem(e.property(), e.reason()), bundle);
    } catch (UserErrorException e) {
      return SetupJson.problem(DraftProperties.problemOf(properties, e.reason()), bundle);
    }
  }

  /** Starts the plan of a draft, and says how it stands. */
  public ObjectNode startPlan(String id, MessageBundle bundle) {
    var draft = drafts.get(id);
    var properties = properties(draft);
    properties.need("app");
    properties.need("update-key");
    plans.start(draft, previews.jobOfRows(draft, properties));
    return plans.view(draft, bundle);
  }

  /** How the plan of a draft stands. */
  public ObjectNode plan(String id, MessageBundle bundle) {
    return plans.view(drafts.get(id), bundle);
  }
}
