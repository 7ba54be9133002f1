package dev.kintonesync.form;

import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * What a source's values mean where they do not say so themselves. The place for date, number and
 * separator formats that a job sets.
 *
 * @param zone the zone of dates with a time that name none; Kintone stores moments in UTC
 * @param attachments where the files lie whose paths are values of FILE fields; null: paths are no
 *     values
 */
public record Conversion(ZoneId zone, @Nullable Attachments attachments) {

  /** Times without a zone are Japan's. */
  public static final Conversion DEFAULT = new Conversion(ZoneId.of("Asia/Tokyo"));

  /** Makes a conversion for sources that name no files. */
  public Conversion(ZoneId zone) {
    this(zone, null);
  }
}
