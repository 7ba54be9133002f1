package dev.kintonesync.journal;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What apps are called, as Kintone last said when a run began. Safe for several threads and
 * processes.
 *
 * <p>Every method throws {@link dev.kintonesync.message.UserErrorException} when the journal cannot
 * be read or written.
 */
public final class AppNames {
  private final Database database;

  AppNames(Database database) {
    this.database = database;
  }

  /**
   * Names by app.
   *
   * @param byApp the names that are known
   */
  public record Known(Map<App, String> byApp) {
    public Known {
      byApp = Map.copyOf(byApp);
    }

    /** The name of an app; null: not known. */
    public @Nullable String of(String domain, String app) {
      return byApp.get(new App(domain, app));
    }
  }

  /** An app of a domain. */
  public record App(String domain, String app) {}

  /** All names that are known. */
  public Known all() {
    return database.call(
        connection -> {
          var names = new HashMap<App, String>();
          try (var query = Sql.prepare(connection, "SELECT domain, app, name FROM app_name");
              var rows = query.executeQuery()) {
            while (rows.next()) {
              names.put(new App(rows.getString(1), rows.getString(2)), rows.getString(3));
            }
          }
          return new Known(names);
        });
  }

  /** An app has a name now. */
  public void keep(String domain, String app, String name) {
    database.call(
        connection -> Sql.put(connection, "app_name", 2, "domain, app, name", domain, app, name));
  }
}
