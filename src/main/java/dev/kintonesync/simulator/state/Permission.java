package dev.kintonesync.simulator.state;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a token may do with its app. */
public enum Permission {
  VIEW,
  ADD,
  EDIT,
  DELETE,
  /** App management: settings, and creators and times of new records. */
  ADMIN;

  /** The permission of that name in either case, or null. */
  public static @Nullable Permission named(String name) {
    for (Permission permission : values()) {
      if (permission.name().equals(name.toUpperCase(Locale.ROOT))) {
        return permission;
      }
    }
    return null;
  }
}
