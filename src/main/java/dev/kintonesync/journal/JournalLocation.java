package dev.kintonesync.journal;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a journal is: in a file of an embedded database, or in a PostgreSQL database that several
 * computers share.
 *
 * @param folder of the file
 * @param url the JDBC URL of PostgreSQL, without a password; null: the file
 * @param username who connects to PostgreSQL; null: as the URL or the driver says
 * @param password never printed; null: none
 * @param lease how long a process of which nothing is heard keeps what it has leased in a shared
 *     journal
 */
public record JournalLocation(
    Path folder,
    @Nullable String url,
    @Nullable String username,
    @Nullable String password,
    Duration lease) {
  /** The default of {@code cluster.lease}. */
  public static final Duration LEASE = Duration.ofSeconds(20);

  /** The file in a folder. */
  public static JournalLocation in(Path folder) {
    return new JournalLocation(folder, null, null, null, LEASE);
  }

  @Override
  public String toString() {
    return url == null ? folder.toString() : url;
  }
}
