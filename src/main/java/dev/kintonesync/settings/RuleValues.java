package dev.kintonesync.settings;

import dev.kintonesync.form.KeyNormalization;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.sync.Assertion;
import dev.kintonesync.sync.Refresh;
import dev.kintonesync.sync.Removal;
import dev.kintonesync.sync.Rules;
import dev.kintonesync.sync.Threshold;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the rules of a job are written. */
final class RuleValues {
  private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");
  private static final Pattern PERCENT = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,3})?)\\s*%");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,12}");
  private static final Pattern PAIR = Pattern.compile("([^=]+?)\\s*=\\s*(.*)");
  private static final Pattern SET = Pattern.compile("set\\s+" + PAIR);
  private static final Pattern PAD = Pattern.compile("pad:([0-9]{1,2})");

  /** Field codes, separated by commas. */
  static final ValueType<Set<String>> FIELDS =
      new ValueType<>("FIELD, ...", false, RuleValues::fields);

  /** Which lookup fields are refreshed. */
  static final ValueType<Refresh> REFRESH =
      new ValueType<>("true, false or FIELD, ...", false, RuleValues::refresh);

  /** A column and what stands in it. */
  static final ValueType<Rules.Flag> FLAG =
      new ValueType<>("COLUMN=VALUE", false, RuleValues::flag);

  /** What is done with records that the source lacks. */
  static final ValueType<Removal> REMOVAL =
      new ValueType<>("report, set FIELD=VALUE or delete", false, RuleValues::removal);

  /** How many are too many. */
  static final ValueType<Threshold> SHARE =
      new ValueType<>("percent, number or off", false, RuleValues::share);

  /** What must hold before anything is written. */
  static final ValueType<List<Assertion>> ASSERTIONS =
      new ValueType<>("assertion, ...", false, AssertReader::read);

  /** How keys are made alike. */
  static final ValueType<KeyNormalization> KEYS =
      new ValueType<>("trim, nfc, nfkc, upper, pad:N", false, RuleValues::keys);

  private RuleValues() {}

  private static Set<String> fields(String value) {
    var fields = new LinkedHashSet<String>();
    for (String field : COMMA.split(value, -1)) {
      if (field.isBlank()) {
        throw new UserErrorException(MessageCode.NOT_FIELDS.with(value));
      }
      fields.add(field.strip());
    }
    return fields;
  }

  private static Refresh refresh(String value) {
    return switch (value) {
      case "true" -> Refresh.ALL;
      case "false" -> Refresh.NONE;
      default -> Refresh.of(fields(value));
    };
  }

  private static Rules.Flag flag(String value) {
    Matcher pair = PAIR.matcher(value);
    if (!pair.matches()) {
      throw new UserErrorException(MessageCode.NOT_A_FLAG.with(value));
    }
    return new Rules.Flag(pair.group(1).strip(), pair.group(2));
  }

  private static Removal removal(String value) {
    Matcher set = SET.matcher(value);
    if (set.matches()) {
      return Removal.set(set.group(1).strip(), set.group(2));
    }
    return switch (value) {
      case "report" -> Removal.REPORT;
      case "delete" -> Removal.DELETE;
      default -> throw new UserErrorException(MessageCode.NOT_A_REMOVAL.with(value));
    };
  }

  private static Threshold share(String value) {
    Matcher percent = PERCENT.matcher(value);
    if (percent.matches()) {
      double share = Double.parseDouble(percent.group(1));
      if (share > 0 && share <= 100) {
        return Threshold.percent(share);
      }
    } else if (value.equals("off")) {
      return Threshold.NEVER;
    } else if (NUMBER.matcher(value).matches()) {
      return Threshold.number(Long.parseLong(value));
    }
    throw new UserErrorException(MessageCode.NOT_A_SHARE.with(value));
  }

  private static KeyNormalization keys(String value) {
    var steps = new ArrayList<KeyNormalization.Step>();
    for (String step : COMMA.split(value, -1)) {
      Matcher pad = PAD.matcher(step);
      if (pad.matches()) {
        int length = Integer.parseInt(pad.group(1));
        steps.add(new KeyNormalization.Step(KeyNormalization.Kind.PAD, length));
      } else if (step.equals("nfkc")) {
        steps.add(new KeyNormalization.Step(KeyNormalization.Kind.NFKC, 0));
      } else if (step.equals("upper")) {
        steps.add(new KeyNormalization.Step(KeyNormalization.Kind.UPPER, 0));
      } else if (!step.equals("trim") && !step.equals("nfc")) {
        throw new UserErrorException(MessageCode.NOT_A_KEY_STEP.with(step));
      }
    }
    return new KeyNormalization(steps);
  }
}
