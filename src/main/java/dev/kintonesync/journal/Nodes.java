package dev.kintonesync.journal;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * The services that share a journal. Where the journal is a file, there is one at the most, and
 * none is listed.
 *
 * <p>Every method throws {@link dev.kintonesync.message.UserErrorException} when the journal cannot
 * be read or written.
 */
public final class Nodes {
  private final Database database;
  private final Liveness liveness;

  Nodes(Database database, Liveness liveness) {
    this.database = database;
    this.liveness = liveness;
  }

  /**
   * A running service.
   *
   * @param host the name of its computer
   * @param process its number there
   * @param since when it joined, by the clock of the database
   * @param jobs how many jobs it has
   * @param own whether it is this process
   */
  public record Node(String host, long process, Instant since, int jobs, boolean own) {}

  /** Whether services on several computers may share the jobs. */
  public boolean areShared() {
    return liveness.seesOtherComputers();
  }

  /** This process is a service from now on. */
  public void join() {
    liveness.serve();
  }

  /** The services that are there, the oldest first. */
  public List<Node> all() {
    if (!areShared()) {
      return List.of();
    }
    return database.call(
        connection -> {
          var nodes = new ArrayList<Node>();
          try (var query =
                  connection.prepareStatement(
                      """
                      SELECT host, process, since, number, (SELECT COUNT(*) FROM held
                        WHERE held.presence = node.number AND held.source LIKE 'job %')
                      FROM node WHERE service AND alive_until > CURRENT_TIMESTAMP
                      ORDER BY since, number
                      """);
              var rows = query.executeQuery()) {
            while (rows.next()) {
              nodes.add(
                  new Node(
                      rows.getString(1),
                      rows.getLong(2),
                      rows.getObject(3, OffsetDateTime.class).toInstant(),
                      rows.getInt(5),
                      rows.getLong(4) == liveness.number()));
            }
          }
          return nodes;
        });
  }
}
