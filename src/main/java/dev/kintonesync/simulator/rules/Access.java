package dev.kintonesync.simulator.rules;

import dev.kintonesync.simulator.state.App;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.Domain;
import dev.kintonesync.simulator.state.Permission;
import org.jspecify.annotations.Nullable;

/**
 * The way to an app: it exists, the path names its guest space, and the caller has permission; in
 * this order. Counts the call as Kintone counts it.
 *
 * @param space the guest space the path names, or null
 */
public record Access(Domain domain, Caller caller, @Nullable Long space) {

  /** An app with what is live of it. */
  public record Live(App app, Design design) {}

  /** An app as its records are seen: it must have been deployed. */
  public Live live(long id, Permission... permissions) {
    App app = existing(id);
    Design design = app.live();
    if (design == null) {
      throw notFound(id);
    }
    caller.require(id, permissions);
    return new Live(app, design);
  }

  /** Like {@link #live}, where any one of these permissions is enough. */
  public Live liveToAny(long id, Permission... permissions) {
    Live app = live(id);
    for (Permission permission : permissions) {
      if (caller.may(id, permission)) {
        return app;
      }
    }
    caller.require(id, permissions);
    return app;
  }

  /** An app as its administrator sees it, deployed or not. */
  public App preview(long id) {
    App app = existing(id);
    caller.require(id, Permission.ADMIN);
    return app;
  }

  /**
   * Whether an app shows in a list of those that allow something; outside guest spaces theirs do,
   * too.
   */
  public boolean lists(App app, Permission permission) {
    return (space == null || space.equals(app.guestSpace())) && caller.may(app.id(), permission);
  }

  /** Refuses callers who cannot make an app. */
  public void requireMaker() {
    caller.requireNoToken();
  }

  private App existing(long id) {
    App app = domain.app(id);
    if (app == null) {
      throw notFound(id);
    }
    if (caller.counted()) {
      domain.statistics().called(id, domain.day());
    }
    if (app.guestSpace() != null && space == null) {
      throw ErrorCode.GAIA_IL23.refuse();
    }
    if (space != null && !space.equals(app.guestSpace())) {
      throw ErrorCode.CB_NO02.refuse();
    }
    return app;
  }

  private static Refusal notFound(long id) {
    return ErrorCode.GAIA_AP01.refuse(Long.toString(id));
  }
}
