package dev.kintonesync.journal;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

/** Opens journals. */
final class JournalOpening {
  private static final int LEASE_PARTS = 4;

  private JournalOpening() {}

  /** Opens one in PostgreSQL. */
  static Journal shared(JournalLocation location, String command, Clock clock) {
    var database = PostgresDatabase.open(location, location.lease().dividedBy(2));
    var renewals = new PostgresDatabase(location, location.lease().dividedBy(LEASE_PARTS));
    var me = LeaseOwner.here(clock.instant(), command);
    var liveness = new NodeLiveness(renewals, location.lease(), me);
    return new Journal(
        database, liveness, new Leases(database, liveness, location.lease(), command, clock));
  }

  /** Opens one in a folder. */
  static Journal file(Path folder, String command, Clock clock) {
    Database database = new H2Database(folder);
    try {
      Liveness liveness = ProcessLiveness.in(folder);
      return new Journal(
          database,
          liveness,
          new Leases(database, liveness, JournalLocation.LEASE, command, clock));
    } catch (IOException e) {
      database.close();
      throw new UserErrorException(MessageCode.JOURNAL_UNUSABLE.with(folder, e), e);
    }
  }
}
