package dev.kintonesync.form;

import java.time.ZoneId;

/**
 * What a source's values mean where they do not say so themselves. The place for date, number and
 * separator formats that a job sets.
 *
 * @param zone the zone of dates with a time that name none; Kintone stores moments in UTC
 */
public record Conversion(ZoneId zone) {

  /** Times without a zone are Japan's. */
  public static final Conversion DEFAULT = new Conversion(ZoneId.of("Asia/Tokyo"));
}
