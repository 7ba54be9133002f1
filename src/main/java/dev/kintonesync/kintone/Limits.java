package dev.kintonesync.kintone;

/**
 * What Kintone accepts in one request. Source: the limits named on the API pages of cybozu.dev
 * ("Add records", "Update records", "Get records", "Bulk request") and its list of limits.
 */
public final class Limits {
  /** Records in one POST, PUT or DELETE of {@code records.json}. */
  public static final int RECORDS_PER_WRITE = 100;

  /** Records in one answer of {@code records.json}. */
  public static final int RECORDS_PER_READ = 500;

  /** Requests in one {@code bulkRequest.json}. */
  public static final int REQUESTS_PER_BULK = 20;

  /** Bytes of one attached file: 1 GB. */
  public static final long FILE_BYTES = 1L << 30;

  private Limits() {}
}
