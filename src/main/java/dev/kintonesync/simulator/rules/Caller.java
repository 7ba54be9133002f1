package dev.kintonesync.simulator.rules;

import dev.kintonesync.simulator.state.Directory;
import dev.kintonesync.simulator.state.Permission;
import dev.kintonesync.simulator.state.Tokens.Grant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who calls: a user with a password, or the holder of API tokens, who acts as Administrator.
 *
 * @param grants what the tokens allow; null when everything is allowed
 */
public record Caller(String user, @Nullable List<Grant> grants) {

  /** A user, or the holder of any token as long as none is registered. */
  public static Caller unlimited(String user) {
    return new Caller(user, null);
  }

  /** The holder of registered tokens. */
  public static Caller withTokens(List<Grant> grants) {
    return new Caller(Directory.ADMINISTRATOR, List.copyOf(grants));
  }

  /** Refuses unless all of these are allowed at an app. */
  void require(long app, Permission... permissions) {
    if (grants == null) {
      return;
    }
    Grant grant = grantOf(app);
    if (grant == null || !grant.permissions().containsAll(Arrays.asList(permissions))) {
      throw ErrorCode.GAIA_NO01.refuse();
    }
  }

  boolean may(long app, Permission permission) {
    if (grants == null) {
      return true;
    }
    Grant grant = grantOf(app);
    return grant != null && grant.permissions().contains(permission);
  }

  private @Nullable Grant grantOf(long app) {
    if (grants != null) {
      for (Grant grant : grants) {
        if (grant.app() == app) {
          return grant;
        }
      }
    }
    return null;
  }
}
