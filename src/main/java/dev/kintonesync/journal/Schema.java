package dev.kintonesync.journal;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;

/** The tables of the journal, and how those of an earlier version become the present ones. */
final class Schema {
  /** The schema, one step per version; a step that was ever released is never changed again. */
  private static final List<List<String>> STEPS =
      List.of(
          List.of(
              """
              CREATE TABLE IF NOT EXISTS run (
                name VARCHAR PRIMARY KEY,
                job VARCHAR NOT NULL,
                started_at TIMESTAMP(9) WITH TIME ZONE NOT NULL,
                running BOOLEAN NOT NULL,
                process BIGINT NOT NULL,
                report VARCHAR NOT NULL)
              """,
              "CREATE INDEX IF NOT EXISTS run_by_time ON run (started_at, name)",
              "CREATE INDEX IF NOT EXISTS run_by_job ON run (job, started_at, name)",
              """
              CREATE TABLE IF NOT EXISTS batch (
                run VARCHAR NOT NULL,
                number INT NOT NULL,
                at TIMESTAMP(9) WITH TIME ZONE NOT NULL,
                read BIGINT NOT NULL,
                inserted BIGINT NOT NULL,
                updated BIGINT NOT NULL,
                unchanged BIGINT NOT NULL,
                superseded BIGINT NOT NULL,
                rejected BIGINT NOT NULL,
                unprocessed BIGINT NOT NULL,
                PRIMARY KEY (run, number))
              """,
              """
              CREATE TABLE IF NOT EXISTS calls (
                domain VARCHAR NOT NULL,
                app VARCHAR NOT NULL,
                kintone_day DATE NOT NULL,
                calls BIGINT NOT NULL,
                PRIMARY KEY (domain, app, kintone_day))
              """),
          List.of(
              """
              CREATE TABLE IF NOT EXISTS held (
                source VARCHAR PRIMARY KEY,
                claim BIGINT NOT NULL,
                presence BIGINT NOT NULL,
                process BIGINT NOT NULL,
                host VARCHAR NOT NULL,
                since TIMESTAMP(9) WITH TIME ZONE NOT NULL,
                command VARCHAR NOT NULL,
                seen_at TIMESTAMP(9) WITH TIME ZONE NOT NULL)
              """),
          List.of(
              """
              CREATE TABLE IF NOT EXISTS open_reject (
                job VARCHAR NOT NULL,
                id VARCHAR NOT NULL,
                record_key VARCHAR,
                cells VARCHAR NOT NULL,
                reason VARCHAR NOT NULL,
                run VARCHAR NOT NULL,
                since TIMESTAMP(9) WITH TIME ZONE NOT NULL,
                tried INT NOT NULL,
                PRIMARY KEY (job, id))
              """),
          List.of(
              """
              CREATE TABLE IF NOT EXISTS checkpoint (
                job VARCHAR PRIMARY KEY,
                question VARCHAR NOT NULL,
                reached VARCHAR NOT NULL,
                advanced_at TIMESTAMP(9) WITH TIME ZONE NOT NULL)
              """),
          List.of(
              """
              CREATE TABLE IF NOT EXISTS form (
                job VARCHAR NOT NULL,
                domain VARCHAR NOT NULL,
                app VARCHAR NOT NULL,
                revision BIGINT NOT NULL,
                fields VARCHAR NOT NULL,
                PRIMARY KEY (job, domain, app))
              """,
              """
              CREATE TABLE IF NOT EXISTS standing (
                job VARCHAR PRIMARY KEY,
                process BIGINT NOT NULL,
                next_at TIMESTAMP(9) WITH TIME ZONE,
                why VARCHAR,
                run VARCHAR,
                progress DOUBLE PRECISION NOT NULL,
                slow_because VARCHAR)
              """,
              "CREATE TABLE IF NOT EXISTS run_words (run VARCHAR PRIMARY KEY, words VARCHAR NOT"
                  + " NULL)",
              """
              CREATE TABLE IF NOT EXISTS condition (
                job VARCHAR NOT NULL,
                kind VARCHAR NOT NULL,
                since TIMESTAMP(9) WITH TIME ZONE NOT NULL,
                told_at TIMESTAMP(9) WITH TIME ZONE NOT NULL,
                PRIMARY KEY (job, kind))
              """,
              """
              CREATE TABLE IF NOT EXISTS outbox (
                id VARCHAR PRIMARY KEY,
                channel VARCHAR NOT NULL,
                notice VARCHAR NOT NULL,
                made_at TIMESTAMP(9) WITH TIME ZONE NOT NULL,
                attempts INT NOT NULL,
                next_at TIMESTAMP(9) WITH TIME ZONE NOT NULL)
              """,
              """
              CREATE TABLE IF NOT EXISTS rich_text (
                domain VARCHAR NOT NULL,
                app VARCHAR NOT NULL,
                record VARCHAR NOT NULL,
                field VARCHAR NOT NULL,
                sent VARCHAR NOT NULL,
                came_back VARCHAR,
                PRIMARY KEY (domain, app, record, field))
              """),
          List.of(
              "ALTER TABLE outbox ADD COLUMN IF NOT EXISTS survived INT DEFAULT 0 NOT NULL",
              "UPDATE outbox SET survived = attempts"),
          List.of(
              """
              CREATE TABLE IF NOT EXISTS attached_file (
                domain VARCHAR NOT NULL,
                app VARCHAR NOT NULL,
                record VARCHAR NOT NULL,
                field VARCHAR NOT NULL,
                name VARCHAR NOT NULL,
                size VARCHAR NOT NULL,
                hash VARCHAR NOT NULL,
                PRIMARY KEY (domain, app, record, field, name, size))
              """),
          List.of(
              """
              CREATE TABLE IF NOT EXISTS age_limit (
                id INT PRIMARY KEY,
                looked_at TIMESTAMP(9) WITH TIME ZONE NOT NULL,
                leapt_at TIMESTAMP(9) WITH TIME ZONE,
                silence BIGINT NOT NULL)
              """),
          List.of(
              """
              CREATE TABLE IF NOT EXISTS file_read (
                path VARCHAR PRIMARY KEY,
                job VARCHAR NOT NULL,
                name VARCHAR NOT NULL,
                size BIGINT NOT NULL,
                modified TIMESTAMP(9) WITH TIME ZONE NOT NULL,
                at TIMESTAMP(9) WITH TIME ZONE NOT NULL)
              """),
          List.of(
              """
              CREATE TABLE IF NOT EXISTS request (
                job VARCHAR PRIMARY KEY,
                id VARCHAR NOT NULL,
                kind VARCHAR NOT NULL,
                accepted VARCHAR NOT NULL,
                row_limit BIGINT,
                run VARCHAR NOT NULL,
                asked_by VARCHAR NOT NULL,
                asker BIGINT NOT NULL,
                service BIGINT,
                result VARCHAR)
              """,
              "ALTER TABLE open_reject ADD COLUMN IF NOT EXISTS dismissed BOOLEAN DEFAULT FALSE"
                  + " NOT NULL"),
          List.of(
              "ALTER TABLE batch ADD COLUMN IF NOT EXISTS removed BIGINT DEFAULT 0 NOT NULL",
              "ALTER TABLE batch ADD COLUMN IF NOT EXISTS deleted BIGINT DEFAULT 0 NOT NULL",
              "ALTER TABLE batch ADD COLUMN IF NOT EXISTS flagged BIGINT DEFAULT 0 NOT NULL",
              "ALTER TABLE open_reject ADD COLUMN IF NOT EXISTS source_row BIGINT DEFAULT 0 NOT"
                  + " NULL",
              "ALTER TABLE run ADD COLUMN IF NOT EXISTS dry BOOLEAN DEFAULT FALSE NOT NULL",
              """
              UPDATE run SET dry = TRUE
              WHERE report LIKE '%"written":false%' AND report NOT LIKE '%"mode":""%'
              """),
          List.of(
              """
              CREATE TABLE IF NOT EXISTS node (
                number BIGINT PRIMARY KEY,
                host VARCHAR NOT NULL,
                process BIGINT NOT NULL,
                command VARCHAR NOT NULL,
                since TIMESTAMP(6) WITH TIME ZONE NOT NULL,
                alive_until TIMESTAMP(6) WITH TIME ZONE NOT NULL)
              """),
          List.of("ALTER TABLE request ADD COLUMN IF NOT EXISTS asked_by_user VARCHAR"),
          List.of(
              "ALTER TABLE node ADD COLUMN IF NOT EXISTS service BOOLEAN DEFAULT FALSE NOT NULL"),
          List.of(
              "ALTER TABLE standing ADD COLUMN IF NOT EXISTS backlog BIGINT",
              "ALTER TABLE standing ADD COLUMN IF NOT EXISTS oldest_at TIMESTAMP(9) WITH TIME"
                  + " ZONE"),
          List.of(
              """
              CREATE TABLE IF NOT EXISTS applied_plan (
                plan VARCHAR PRIMARY KEY,
                run VARCHAR NOT NULL,
                at TIMESTAMP(9) WITH TIME ZONE NOT NULL)
              """),
          List.of(
              """
              CREATE TABLE IF NOT EXISTS record_snapshot (
                job VARCHAR PRIMARY KEY,
                identity VARCHAR NOT NULL,
                file VARCHAR NOT NULL,
                changed_since BIGINT,
                last_id BIGINT NOT NULL,
                records BIGINT NOT NULL,
                looked_up_at BIGINT NOT NULL)
              """),
          List.of(
              """
              CREATE TABLE IF NOT EXISTS app_name (
                domain VARCHAR NOT NULL,
                app VARCHAR NOT NULL,
                name VARCHAR NOT NULL,
                PRIMARY KEY (domain, app))
              """,
              """
              CREATE TABLE IF NOT EXISTS corrected_file (
                file VARCHAR PRIMARY KEY,
                job VARCHAR NOT NULL)
              """),
          List.of(
              """
              CREATE TABLE IF NOT EXISTS reconciliation (
                job VARCHAR PRIMARY KEY,
                found VARCHAR NOT NULL,
                told VARCHAR)
              """,
              """
              CREATE TABLE IF NOT EXISTS kept_plan (
                run VARCHAR PRIMARY KEY,
                job VARCHAR NOT NULL)
              """),
          List.of(
              "ALTER TABLE open_reject ADD COLUMN IF NOT EXISTS bad_column VARCHAR",
              """
              CREATE TABLE IF NOT EXISTS received_file (
                id VARCHAR PRIMARY KEY,
                job VARCHAR NOT NULL,
                name VARCHAR NOT NULL,
                file VARCHAR NOT NULL,
                source_rows BIGINT NOT NULL,
                rejects VARCHAR NOT NULL,
                at TIMESTAMP(9) WITH TIME ZONE NOT NULL)
              """),
          List.of(
              """
              CREATE TABLE IF NOT EXISTS local_file (
                path VARCHAR PRIMARY KEY,
                size VARCHAR NOT NULL,
                modified VARCHAR NOT NULL,
                hash VARCHAR NOT NULL)
              """),
          List.of(
              "ALTER TABLE open_reject ADD COLUMN IF NOT EXISTS members VARCHAR",
              "ALTER TABLE open_reject ADD COLUMN IF NOT EXISTS member_at_fault INT DEFAULT 0 NOT"
                  + " NULL"));

  /** The tables of what has happened; the others say what running processes do now. */
  static final List<String> TABLES_OF_RECORD =
      List.of(
          "run",
          "batch",
          "calls",
          "open_reject",
          "checkpoint",
          "form",
          "app_name",
          "corrected_file",
          "received_file",
          "run_words",
          "condition",
          "outbox",
          "rich_text",
          "attached_file",
          "age_limit",
          "file_read",
          "applied_plan",
          "reconciliation",
          "kept_plan");

  private static final Pattern CREATED = Pattern.compile("CREATE TABLE IF NOT EXISTS (\\w+) \\(");
  private static final Pattern ADDED =
      Pattern.compile("ALTER TABLE (\\w+) ADD COLUMN IF NOT EXISTS (.+)");

  private Schema() {}

  /**
   * Makes the tables that are missing.
   *
   * @param name of the database, for messages
   * @throws UserErrorException when the journal is of a newer program
   */
  static void bringUpToDate(Connection connection, Object name) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS version (version INT PRIMARY KEY)");
      int version;
      try (var rows = statement.executeQuery("SELECT COALESCE(MAX(version), 0) FROM version")) {
        rows.next();
        version = rows.getInt(1);
      }
      if (version > STEPS.size()) {
        throw new UserErrorException(MessageCode.JOURNAL_NEWER.with(name, version, STEPS.size()));
      }
      if (version == 0 && isNew(connection)) {
        for (String sql : wholeTables()) {
          statement.execute(sql);
        }
        Sql.put(connection, "version", 1, "version", STEPS.size());
        return;
      }
      bringUpToDate(connection, version);
    }
  }

  /** Takes the steps that follow a version, one after the other. */
  static void bringUpToDate(Connection connection, int version) throws SQLException {
    try (var statement = connection.createStatement()) {
      for (int next = version; next < STEPS.size(); next++) {
        for (String sql : STEPS.get(next)) {
          statement.execute(sql);
        }
        Sql.put(connection, "version", 1, "version", next + 1);
      }
    }
  }

  /** Whether the first table of the first step is missing, and so all of them. */
  private static boolean isNew(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT 1 FROM information_schema.tables"
                    + " WHERE table_schema = CURRENT_SCHEMA AND LOWER(table_name) = 'run'")) {
      return !rows.next();
    }
  }

  /**
   * What makes the present tables of a new journal: each at once with the columns that later steps
   * add, since a database may copy the table for each column. Rows there are none to update.
   */
  private static List<String> wholeTables() {
    var made = new LinkedHashMap<String, String>();
    for (String sql : STEPS.stream().flatMap(List::stream).toList()) {
      var created = CREATED.matcher(sql);
      var added = ADDED.matcher(sql);
      if (added.matches()) {
        made.computeIfPresent(
            added.group(1),
            (table, before) ->
                before.substring(0, before.lastIndexOf(')')) + ", " + added.group(2) + ")");
      } else if (!sql.startsWith("UPDATE ")) {
        made.put(created.lookingAt() ? created.group(1) : sql, sql);
      }
    }
    return List.copyOf(made.values());
  }
}
