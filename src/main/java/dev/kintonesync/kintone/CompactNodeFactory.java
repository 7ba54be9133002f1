package dev.kintonesync.kintone;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Makes the nodes of answers small. Thousands of records are held at once while they are compared;
 * what they take decides how much of the time goes to collecting garbage. Safe for several threads.
 */
final class CompactNodeFactory extends JsonNodeFactory {
  private static final long serialVersionUID = 1L;

  /** The types of fields are shorter than this, and so are most choices. */
  private static final int SHORT = 24;

  private static final int KEPT = 256;

  /** Texts met before, such as the type that stands in every cell, by their hash. */
  private final transient AtomicReferenceArray<@Nullable TextNode> met =
      new AtomicReferenceArray<>(KEPT);

  @Override
  public ObjectNode objectNode() {
    return new ObjectNode(this, new SmallObjectMap());
  }

  @Override
  public TextNode textNode(String text) {
    if (text.length() > SHORT) {
      return super.textNode(text);
    }
    int hash = text.hashCode();
    int place = (hash ^ hash >>> 16) & (KEPT - 1);
    var before = met.getPlain(place);
    if (before != null && before.textValue().equals(text)) {
      return before;
    }
    var node = super.textNode(text);
    met.set(place, node);
    return node;
  }
}
