package dev.kintonesync.source.page;

import dev.kintonesync.message.Blank;
import java.util.regex.Pattern;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;

/**
 * A cell of a table of a page.
 *
 * @param text what a person sees in it; a break and a new paragraph are line ends
 * @param columns how many columns it is wide
 * @param rows how many rows it is high
 */
record PageCell(String text, int columns, int rows) {

  // The limits of the HTML standard, section 4.9.11.
  private static final int MOST_COLUMNS = 1000;
  private static final int MOST_ROWS = 65_534;

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final Pattern HIDDEN = Pattern.compile("(?i)display\\s*:\\s*none");

  static PageCell of(Element cell) {
    var text = new Text();
    cell.filter(text);
    return new PageCell(
        Blank.strip(text.shown.toString()),
        span(cell, "colspan", MOST_COLUMNS),
        span(cell, "rowspan", MOST_ROWS));
  }

  private static int span(Element cell, String attribute, int most) {
    String value = cell.attr(attribute).strip();
    int span = NUMBER.matcher(value).matches() ? Integer.parseInt(value) : 1;
    return Math.max(1, Math.min(span, most));
  }

  /** Whether nothing of it is shown. */
  static boolean isHidden(Element element) {
    return element.hasAttr("hidden") || HIDDEN.matcher(element.attr("style")).find();
  }

  /** Collects what is shown: white space is one blank, wherever the page has its own line ends. */
  private static final class Text implements NodeFilter {
    private final StringBuilder shown = new StringBuilder();
    private boolean blank;

    @Override
    public FilterResult head(Node node, int depth) {
      if (node instanceof TextNode text) {
        text.getWholeText().chars().forEach(letter -> add((char) letter));
      } else if (node instanceof Element element && depth > 0) {
        if (isHidden(element)) {
          return FilterResult.SKIP_ENTIRELY;
        }
        if (element.nameIs("br")) {
          lineEnd();
        } else if (element.isBlock()) {
          paragraph();
        }
      }
      return FilterResult.CONTINUE;
    }

    @Override
    public FilterResult tail(Node node, int depth) {
      if (node instanceof Element element && depth > 0 && element.isBlock()) {
        paragraph();
      }
      return FilterResult.CONTINUE;
    }

    private void add(char letter) {
      if (letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r' || letter == '\f') {
        blank = true;
        return;
      }
      if (blank && !atLineStart()) {
        shown.append(' ');
      }
      blank = false;
      shown.append(letter);
    }

    private void paragraph() {
      if (!atLineStart()) {
        lineEnd();
      }
    }

    private void lineEnd() {
      blank = false;
      shown.append('\n');
    }

    private boolean atLineStart() {
      return shown.isEmpty() || shown.charAt(shown.length() - 1) == '\n';
    }
  }
}
