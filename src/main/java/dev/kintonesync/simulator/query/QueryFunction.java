package dev.kintonesync.simulator.query;

/** The functions that may stand for a value. */
public enum QueryFunction {
  NOW,
  TODAY,
  YESTERDAY,
  TOMORROW,
  FROM_TODAY,
  THIS_WEEK,
  LAST_WEEK,
  NEXT_WEEK,
  THIS_MONTH,
  LAST_MONTH,
  NEXT_MONTH,
  THIS_YEAR,
  LAST_YEAR,
  NEXT_YEAR,
  LOGINUSER,
  PRIMARY_ORGANIZATION
}
