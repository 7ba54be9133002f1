package dev.kintonesync.simulator.query;

import java.util.List;

/**
 * A query that Kintone refuses. Carries Kintone's error code and what fills the gaps of its
 * message; the words themselves belong to the one who answers the request. The exception's own
 * message is for debugging only.
 */
public final class QueryException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String code;
  private final transient List<String> arguments;

  private QueryException(String code, String detail, String... arguments) {
    super(code + ": " + detail);
    this.code = code;
    this.arguments = List.of(arguments);
  }

  /** Kintone's error code, such as {@code GAIA_IQ11}. */
  public String code() {
    return code;
  }

  /**
   * What the message of this code names, in the order in which the factory of the code lists it;
   * empty when it names nothing.
   */
  public List<String> arguments() {
    return arguments;
  }

  /** {@code CB_VA01} on the parameter {@code query}: the text is no query. Names nothing. */
  static QueryException syntax(int position, String expected) {
    return new QueryException("CB_VA01", "at character " + position + ": " + expected);
  }

  /** {@code GAIA_IL08}: well formed, but asks for what the field or function cannot do. */
  static QueryException invalid(String detail) {
    return new QueryException("GAIA_IL08", detail);
  }

  /** {@code GAIA_IQ03}: the field's type does not know the operator. Names field and operator. */
  static QueryException operator(String field, Operator operator) {
    return new QueryException(
        "GAIA_IQ03", field + " does not allow " + operator.symbol(), field, operator.symbol());
  }

  /** {@code GAIA_IQ07}: not within a table or related records. Names field and operator. */
  static QueryException operatorInTable(String field, Operator operator) {
    return new QueryException(
        "GAIA_IQ07",
        field + " is in a table and does not allow " + operator.symbol(),
        field,
        operator.symbol());
  }

  /** {@code GAIA_IQ10}: no such option. Names field and value. */
  static QueryException option(String field, String value) {
    return new QueryException("GAIA_IQ10", field + " has no option " + value, field, value);
  }

  /** {@code GAIA_IQ11}: no such field. Names the field. */
  static QueryException unknownField(String field) {
    return new QueryException("GAIA_IQ11", "no field " + field, field);
  }

  /** {@code GAIA_IQ23}: a day that no month has. Names what was given for the day. */
  static QueryException dayOfMonth(String day) {
    return new QueryException("GAIA_IQ23", "no day of a month: " + day, day);
  }

  /** {@code GAIA_IQ25}: FROM_TODAY counts in DAYS, WEEKS, MONTHS or YEARS only. Names nothing. */
  static QueryException unit(String unit) {
    return new QueryException("GAIA_IQ25", "no unit of FROM_TODAY: " + unit);
  }

  /** {@code GAIA_IR02}: {@code a.b} where {@code a} holds no related records. Names {@code a}. */
  static QueryException notRelatedRecords(String field) {
    return new QueryException("GAIA_IR02", field + " holds no related records", field);
  }

  /** {@code GAIA_QU01}: a limit above 500. Names nothing. */
  static QueryException limit(long limit) {
    return new QueryException("GAIA_QU01", "limit " + limit);
  }

  /** {@code GAIA_QU02}: an offset above 10,000. Names nothing. */
  static QueryException offset(long offset) {
    return new QueryException("GAIA_QU02", "offset " + offset);
  }
}
