package dev.kintonesync.simulator.rules;

import dev.kintonesync.simulator.state.App;
import dev.kintonesync.simulator.state.App.Deployment;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.Domain;
import dev.kintonesync.simulator.state.FieldType;
import dev.kintonesync.simulator.state.FormField;
import dev.kintonesync.simulator.state.Lookup;
import dev.kintonesync.simulator.state.StoredRecord;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Makes previews live: at once, or a while later as the real one does. */
public final class Deployments {
  private final Domain domain;

  public Deployments(Domain domain) {
    this.domain = domain;
  }

  /** Refuses a preview whose lookups copy by a field that may hold a value twice. */
  public void check(App app) {
    for (FormField field : app.preview().form().fields()) {
      check(field);
      field.inner().values().forEach(this::check);
    }
  }

  private void check(FormField field) {
    Lookup lookup = field.lookup();
    if (lookup == null) {
      return;
    }
    App source = domain.app(lookup.app());
    Design live = source == null ? null : source.live();
    FormField key = live == null ? null : live.form().field(lookup.keyField());
    if (key == null || !(key.unique() || key.type() == FieldType.RECORD_NUMBER)) {
      throw ErrorCode.GAIA_LO03.refuse(field.code());
    }
  }

  /** Begins to make an app's preview live; it takes as long as the settings say. */
  public void begin(App app) {
    app.deployment(Deployment.PROCESSING);
    CompletableFuture.delayedExecutor(domain.settings().deployMs(), TimeUnit.MILLISECONDS)
        .execute(() -> domain.write(transaction -> finish(app)));
  }

  /** Makes an app's preview live now; it fails when a unique field would hold a value twice. */
  public Deployment finish(App app) {
    Design design = app.preview();
    boolean unique =
        design.form().unique().stream().allMatch(field -> holdsEachValueOnce(app, field));
    if (unique) {
      app.publish(design);
    }
    app.deployment(unique ? Deployment.SUCCESS : Deployment.FAIL);
    return app.deployment();
  }

  /** Throws the preview away. */
  public void revert(App app) {
    Design live = app.live();
    if (live != null) {
      app.preview(live.atRevision(app.preview().revision() + 1));
    }
    app.deployment(Deployment.SUCCESS);
  }

  private static boolean holdsEachValueOnce(App app, FormField field) {
    Set<Object> seen = new HashSet<>();
    for (StoredRecord record : app.records().values()) {
      Object value = record.cell(field);
      if (value != null && !seen.add(app.canonicalKey(value))) {
        return false;
      }
    }
    return true;
  }
}
