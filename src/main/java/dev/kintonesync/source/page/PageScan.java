package dev.kintonesync.source.page;

import dev.kintonesync.source.DamagedException;
import dev.kintonesync.source.HeaderColumns;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.parser.Parser;
import org.jsoup.parser.StreamParser;
import org.jsoup.select.Evaluator;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the rows of all tables of a page while it is parsed. What has been handed out is
 * dropped, so that a page may be larger than the memory.
 */
final class PageScan implements Closeable {

  /** More tables than a page has that people read; a little is remembered of each. */
  private static final int MOST_TABLES = 10_000;

  private static final String ROW = "tr";

  // a query in words would be parsed for each element
  private static final Evaluator ROWS = new Evaluator.Tag(ROW);
  private static final Evaluator TABLES = new Evaluator.Tag("table");

  private final PageText text;
  private final StreamParser parser;
  private final Iterator<Element> elements;
  private final IdentityHashMap<Element, Integer> tables = new IdentityHashMap<>();

  /**
   * A row of a table.
   *
   * @param table the number of its table, from 1, in the order in which their first rows end
   * @param layout whether a cell of it holds another table
   * @param cells without those that are hidden
   */
  record Row(int table, boolean layout, List<PageCell> cells) {}

  PageScan(PageText text) {
    this.text = text;
    this.parser = new StreamParser(Parser.htmlParser()).parse(text, "");
    this.elements = parser.iterator();
  }

  /** The next row, of whatever table; null at the end. */
  @Nullable Row next() throws IOException {
    try {
      while (elements.hasNext()) {
        Element element = elements.next();
        if (element.nameIs(ROW)) {
          Row row = row(element);
          drop(element);
          if (row != null) {
            return row;
          }
        } else if (!isNeeded(element)) {
          drop(element);
        }
      }
      return null;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** What lies in a row is needed until the row ends; the parser itself holds on to the rest. */
  private static boolean isNeeded(Element element) {
    return element.nameIs("html")
        || element.nameIs("head")
        || element.nameIs("body")
        || element.closest(ROWS) != null;
  }

  private void drop(Element element) {
    for (Node before = element.previousSibling();
        before != null;
        before = element.previousSibling()) {
      before.remove();
    }
    element.remove();
    text.goOn();
  }

  private @Nullable Row row(Element row) throws DamagedException {
    Element table = row.closest(TABLES);
    if (table == null) {
      return null;
    }
    if (tables.size() >= MOST_TABLES && !tables.containsKey(table)) {
      throw new DamagedException("more than " + MOST_TABLES + " tables");
    }
    int number = tables.computeIfAbsent(table, any -> tables.size() + 1);
    List<PageCell> cells = new ArrayList<>();
    boolean layout = row.selectFirst(TABLES) != null;
    for (Element child : row.children()) {
      boolean cell = child.nameIs("td") || child.nameIs("th");
      if (cell && !layout && !PageCell.isHidden(child)) {
        if (cells.size() >= HeaderColumns.MOST_IN_SHEET) {
          throw new DamagedException(
              "more than " + HeaderColumns.MOST_IN_SHEET + " cells in a row");
        }
        cells.add(PageCell.of(child));
      }
    }
    return new Row(number, layout, cells);
  }

  @Override
  public void close() throws IOException {
    parser.stop().close();
    text.close();
  }
}
