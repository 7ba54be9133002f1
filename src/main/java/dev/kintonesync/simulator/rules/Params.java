package dev.kintonesync.simulator.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a call. Reading one that is missing or bad notes a problem and answers a
 * stand-in; {@link #check} then refuses the call with all problems at once. Numbers may come as
 * text.
 */
public final class Params {
  private static final List<String> LANGUAGES = List.of("default", "user", "ja", "en", "zh");

  static final int LONGEST_NAME = 64;

  private final ObjectNode body;
  private final String prefix;
  private final Problems problems;

  public Params(ObjectNode body) {
    this(body, "", new Problems());
  }

  private Params(ObjectNode body, String prefix, Problems problems) {
    this.body = body;
    this.prefix = prefix;
    this.problems = problems;
  }

  /** Throws the problems of all parameters read so far. */
  public void check() {
    problems.check();
  }

  /** Notes a problem with a parameter that the kind of it does not tell. */
  public void problem(String name, FieldError fieldError, String... arguments) {
    problems.add(prefix + name, fieldError, arguments);
  }

  /** Whether a parameter is there and not null. */
  public boolean has(String name) {
    JsonNode value = body.get(name);
    return value != null && !value.isNull();
  }

  /** A parameter as it came; a missing node when it did not. */
  public JsonNode node(String name) {
    JsonNode value = body.get(name);
    return value == null ? MissingNode.getInstance() : value;
  }

  /** A required id: a whole number from 1. */
  public long id(String name) {
    if (!has(name) || node(name).asText("-").isEmpty()) { // an address says ?app=
      problem(name, FieldError.REQUIRED_PARAMETER);
      return 0;
    }
    Long value = whole(name, 1);
    return value == null ? 0 : value;
  }

  /** An id that may be left out. */
  public @Nullable Long optionalId(String name) {
    return whole(name, Long.MIN_VALUE);
  }

  /** A revision to expect; null when none is. */
  public @Nullable Long revision() {
    return whole("revision", -1);
  }

  /** A whole number in a range, or what it is otherwise. */
  public int number(String name, int least, int most, int otherwise) {
    Long value = whole(name, least);
    if (value != null && value > most) {
      problem(name, FieldError.AT_MOST, "%,d".formatted(most));
      return otherwise;
    }
    return value == null ? otherwise : value.intValue();
  }

  private @Nullable Long whole(String name, long least) {
    if (!has(name)) {
      return null;
    }
    Long value = wholeNumber(node(name));
    if (value == null) {
      problem(name, FieldError.NOT_AN_INTEGER);
    } else if (value < least) {
      problem(name, FieldError.AT_LEAST, Long.toString(least));
      return null;
    }
    return value;
  }

  private static @Nullable Long wholeNumber(JsonNode value) {
    if (!value.isIntegralNumber() && !value.isTextual()) {
      return null;
    }
    try {
      return Long.valueOf(value.asText().strip());
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** A text; empty when it is left out. */
  public String text(String name) {
    String text = has(name) ? CellReader.text(node(name)) : null;
    return text == null ? "" : text;
  }

  /** The name of an app, or what is looked for in one: a text of at most 64 characters. */
  public String appName(String name) {
    String text = text(name);
    if (text.length() > LONGEST_NAME) {
      problem(name, FieldError.NAME_LENGTH);
    }
    return text;
  }

  /** A text that must be there and not be empty. */
  public String requiredText(String name) {
    String text = text(name);
    if (text.isEmpty()) {
      problem(name, FieldError.REQUIRED_PARAMETER);
    }
    return text;
  }

  /** A yes or no; no when it is left out. In a query string it is text. */
  public boolean flag(String name) {
    JsonNode value = node(name);
    if (!has(name) || value.isBoolean()) {
      return value.asBoolean();
    }
    String text = value.asText();
    if (!text.equals("true") && !text.equals("false")) {
      problem(name, FieldError.NOT_A_BOOLEAN);
    }
    return text.equals("true");
  }

  /** One of several words; empty when it is left out. */
  public String oneOf(String name, Collection<String> words) {
    String text = text(name);
    if (has(name) && !words.contains(text)) {
      problem(name, FieldError.NOT_IN_ENUM);
    }
    return text;
  }

  /** The language to name things in, which changes nothing here: they have one name. */
  public void language() {
    oneOf("lang", LANGUAGES);
  }

  /** Notes that a parameter is missing, whatever its kind. */
  public void require(String name) {
    if (!has(name)) {
      problem(name, FieldError.REQUIRED_PARAMETER);
    }
  }

  /** The elements of an array; none when it is left out. */
  public List<JsonNode> list(String name) {
    List<JsonNode> elements = new ArrayList<>();
    if (has(name)) {
      if (!node(name).isArray()) {
        throw ErrorCode.CB_IJ01.refuse();
      }
      node(name).forEach(elements::add);
    }
    return elements;
  }

  /** Notes that an array has too few or too many elements; one that is left out has none. */
  public void limitSize(String name, int least, int most) {
    int size = node(name).size();
    if (size < least || size > most) {
      problem(name, FieldError.SIZE_BETWEEN, Integer.toString(least), Integer.toString(most));
    }
  }

  /** The texts of an array; none when it is left out. */
  public List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (JsonNode element : list(name)) {
      String text = CellReader.text(element);
      texts.add(text == null ? "" : text);
    }
    return texts;
  }

  /** Ids in an array, each a whole number from 1. */
  public List<Long> ids(String name) {
    List<Long> ids = new ArrayList<>();
    int index = 0;
    for (JsonNode element : list(name)) {
      Long id = wholeNumber(element);
      String key = name + "[" + index++ + "]";
      if (id == null) {
        problem(key, FieldError.NOT_AN_INTEGER);
      } else if (id < 1) {
        problem(key, FieldError.AT_LEAST, "1");
      } else {
        ids.add(id);
      }
    }
    return ids;
  }

  /** Revisions in an array, each from -1; those that are blank or null expect nothing. */
  public List<@Nullable Long> revisions(String name) {
    List<@Nullable Long> revisions = new ArrayList<>();
    int index = 0;
    for (JsonNode element : list(name)) {
      String key = name + "[" + index++ + "]";
      boolean blank = element.isNull() || (element.isTextual() && element.asText().isBlank());
      Long revision = blank ? null : wholeNumber(element);
      if (!blank && revision == null) {
        problem(key, FieldError.NOT_AN_INTEGER);
      } else if (revision != null && revision < -1) {
        problem(key, FieldError.AT_LEAST, "-1");
      }
      revisions.add(revision);
    }
    return revisions;
  }

  /** An object; an empty one when it is left out. */
  public ObjectNode object(String name) {
    if (!has(name)) {
      return body.objectNode();
    }
    return asObject(node(name));
  }

  /** An object as parameters of its own, whose problems stand under its name. */
  public Params in(String name) {
    return new Params(object(name), prefix + name + ".", problems);
  }

  /**
   * Like {@link #in} for an object that must be there. When it is missing that is the one problem,
   * not what it should have held.
   */
  public Params inRequired(String name) {
    require(name);
    return has(name) ? in(name) : new Params(body.objectNode());
  }

  /** The objects of an array as parameters of their own, whose problems stand under their place. */
  public List<Params> each(String name) {
    List<Params> all = new ArrayList<>();
    int index = 0;
    for (JsonNode element : list(name)) {
      all.add(new Params(asObject(element), prefix + name + "[" + index++ + "].", problems));
    }
    return all;
  }

  /** A node that has to be an object. */
  static ObjectNode asObject(JsonNode node) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw ErrorCode.CB_IJ01.refuse();
  }
}
