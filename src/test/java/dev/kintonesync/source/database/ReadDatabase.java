package dev.kintonesync.source.database;

import dev.kintonesync.SharedPostgres;
import dev.kintonesync.source.Overlap;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.SourceRecord;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Reads queries of a real PostgreSQL, whose schema is empty before each test. */
abstract class ReadDatabase {
  static final ZoneId TOKYO = ZoneId.of("Asia/Tokyo");
  static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");
  static final Overlap NONE = new Overlap(Duration.ZERO, 0L);

  DataSource database;
  private Connection own;

  @BeforeEach
  void open() throws SQLException {
    database = SharedPostgres.database(getClass());
    own = database.getConnection();
    run("DROP SCHEMA public CASCADE", "CREATE SCHEMA public");
  }

  @AfterEach
  void close() throws SQLException {
    own.close();
  }

  static DatabaseQuery incremental(Overlap overlap) {
    return new DatabaseQuery("SELECT * FROM t", "at", "id", overlap, 2, 100);
  }

  SourceReader full(String sql, String unique) {
    return source(new DatabaseQuery(sql, null, unique, NONE, 100, 100))
        .open(null, NOW, TOKYO)
        .reader();
  }

  DatabaseSource source(DatabaseQuery query) {
    return new DatabaseSource("sales", database, query, this::page);
  }

  List<List<Object>> page(String sql, List<Object> parameters) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.size(); i++) {
        statement.setObject(i + 1, parameters.get(i));
      }
      var page = new ArrayList<List<Object>>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          page.add(DatabaseRow.read(rows));
        }
      }
      return page;
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  static List<SourceRecord> rows(SourceReader reader) {
    try (reader) {
      var rows = new ArrayList<SourceRecord>();
      reader.forEachRemaining(rows::add);
      return rows;
    }
  }

  static List<String> ids(SourceReader reader) {
    return rows(reader).stream().map(SourceRecord::values).map(ReadDatabase::id).toList();
  }

  private static String id(Map<String, Object> values) {
    return String.valueOf(values.get("id"));
  }

  void run(String... statements) throws SQLException {
    run(own, statements);
  }

  static void run(Connection connection, String... statements) throws SQLException {
    try (var statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
