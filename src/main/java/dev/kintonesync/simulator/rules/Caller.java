package dev.kintonesync.simulator.rules;

import dev.kintonesync.simulator.state.Directory;
import dev.kintonesync.simulator.state.Permission;
import dev.kintonesync.simulator.state.Tokens.Grant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who calls: a user with a password, or the holder of API tokens, who acts as Administrator.
 *
 * @param grants what is allowed; null when everything is
 * @param withToken whether it is tokens that allow it
 * @param counted whether the calls count against an app's day; what people do on a screen does not
 */
public record Caller(
    String user, @Nullable List<Grant> grants, boolean withToken, boolean counted) {

  /** A user, limited to some apps or, with null, to nothing. */
  public static Caller user(String user, @Nullable List<Grant> grants) {
    return new Caller(user, grants, false, true);
  }

  /** A user on a screen, limited to some apps or, with null, to nothing. */
  public static Caller person(String user, @Nullable List<Grant> grants) {
    return new Caller(user, grants, false, false);
  }

  /** The holder of tokens; null as long as none is registered and any may do everything. */
  public static Caller holder(@Nullable List<Grant> grants) {
    return new Caller(Directory.ADMINISTRATOR, grants, true, true);
  }

  /** Refuses unless all of these are allowed at an app. */
  void require(long app, Permission... permissions) {
    for (Permission permission : permissions) {
      if (!may(app, permission)) {
        throw withToken ? ErrorCode.GAIA_NO01.refuse() : ErrorCode.CB_NO02.refuse();
      }
    }
  }

  /** Refuses the holder of a registered token, which belongs to an app and cannot make one. */
  void requireNoToken() {
    if (withToken && grants != null) {
      throw ErrorCode.GAIA_NO01.refuse();
    }
  }

  /** Whether something is allowed at an app. */
  public boolean may(long app, Permission permission) {
    return grants == null
        || grants.stream()
            .anyMatch(grant -> grant.app() == app && grant.permissions().contains(permission));
  }
}
