package dev.kintonesync.source.sheet;

import dev.kintonesync.source.DamagedException;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * One XML document in a workbook, read element by element, of which only those of the standard are
 * seen: what stands in the name space of an extension or in a list of extensions is passed over
 * whole. Of alternatives the one for readers that know no extension is seen. Source: ECMA-376 part
 * 1, and part 3 (Markup Compatibility).
 */
public final class XmlPart implements Closeable {

  /** The longest text of a cell, in characters. Excel's own limit is 32,767. */
  public static final int LONGEST_TEXT = 1 << 20;

  /** The longest markup, a tag or a comment, in bytes; the parser holds it in memory whole. */
  private static final int LONGEST_MARKUP = 1 << 22;

  private static final String DEEPEST = "100";

  private static final String OF_ALTERNATIVES =
      "http://schemas.openxmlformats.org/markup-compatibility/2006";

  /** As it is used, and in its strict form; some writers leave it out. */
  private static final Set<String> OF_THE_STANDARD =
      Set.of(
          "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
          "http://purl.oclc.org/ooxml/spreadsheetml/main",
          "http://schemas.openxmlformats.org/package/2006/relationships",
          "");

  private static final Set<String> OF_RELATIONS =
      Set.of(
          "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
          "http://purl.oclc.org/ooxml/officeDocument/relationships");

  private static final XMLInputFactory FACTORY = factory();

  private final Counted bytes;
  private final XMLStreamReader xml;
  private final long totalBytes;

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, false);
    // Java counts what characters in a document are written as entities; a large sheet has many.
    factory.setProperty("jdk.xml.totalEntitySizeLimit", "0");
    factory.setProperty("jdk.xml.maxGeneralEntitySizeLimit", "0");
    factory.setProperty("jdk.xml.entityExpansionLimit", "0");
    factory.setProperty("jdk.xml.maxElementDepth", DEEPEST);
    return factory;
  }

  /** Counts what was unpacked, and lets the parser read only so far at a time. */
  private static final class Counted extends FilterInputStream {
    private long count;
    private long readTo = LONGEST_MARKUP;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      check();
      int read = in.read();
      count += read < 0 ? 0 : 1;
      return read;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
      check();
      int read = in.read(buffer, from, length);
      count += Math.max(0, read);
      return read;
    }

    private void check() throws DamagedException {
      if (count > readTo) {
        throw new DamagedException("a tag or comment is longer than " + LONGEST_MARKUP + " bytes");
      }
    }
  }

  /** Opens a document of the package. */
  XmlPart(ZipFile zip, ZipEntry entry) throws IOException {
    bytes = new Counted(zip.getInputStream(entry));
    totalBytes = Math.max(1, entry.getSize());
    try {
      synchronized (FACTORY) {
        xml = FACTORY.createXMLStreamReader(bytes);
      }
    } catch (XMLStreamException | RuntimeException e) {
      bytes.close();
      throw broken(e);
    }
  }

  /** What the parser says in its first line; a fault of the disk is none of the document. */
  private static IOException broken(Exception e) {
    if (e instanceof XMLStreamException stream
        && stream.getNestedException() instanceof IOException fault
        && (fault instanceof DamagedException || !DamagedException.is(fault))) {
      return fault;
    }
    String said = String.valueOf(e.getMessage());
    String why =
        said.replaceFirst("(?s)^ParseError at .*?Message: ", "").lines().findFirst().orElse("");
    return new DamagedException(why, e);
  }

  /** Goes on to where an element begins or ends, or to some text; false at the end. */
  boolean next() throws IOException {
    while (step()) {
      if (isTransparent()) {
        continue;
      }
      if (!xml.isStartElement() || isSeen()) {
        return true;
      }
      passOver();
    }
    return false;
  }

  /** Whether this is a bracket around alternatives, or around the one that is seen. */
  private boolean isTransparent() {
    return (xml.isStartElement() || xml.isEndElement())
        && OF_ALTERNATIVES.equals(xml.getNamespaceURI())
        && !xml.getLocalName().equals("Choice");
  }

  private boolean isSeen() {
    String space = xml.getNamespaceURI();
    return OF_THE_STANDARD.contains(space == null ? "" : space)
        && !xml.getLocalName().equals("extLst");
  }

  private void passOver() throws IOException {
    for (int depth = 1; depth > 0 && step(); ) {
      depth += xml.isStartElement() ? 1 : xml.isEndElement() ? -1 : 0;
    }
  }

  private boolean step() throws IOException {
    try {
      bytes.readTo = bytes.count + LONGEST_MARKUP;
      return xml.hasNext() && xml.next() != XMLStreamConstants.END_DOCUMENT;
    } catch (XMLStreamException | RuntimeException e) {
      // What the parser of Java throws on broken input is not always what it declares.
      throw broken(e);
    }
  }

  /** Goes on to where the next element begins that has this name; false if there is none. */
  boolean nextStart(String name) throws IOException {
    while (next()) {
      if (starts(name)) {
        return true;
      }
    }
    return false;
  }

  boolean starts() {
    return xml.isStartElement();
  }

  boolean ends() {
    return xml.isEndElement();
  }

  boolean starts(String name) {
    return xml.isStartElement() && xml.getLocalName().equals(name);
  }

  boolean ends(String name) {
    return xml.isEndElement() && xml.getLocalName().equals(name);
  }

  /** The name of the element that begins or ends here. */
  String name() {
    return xml.getLocalName();
  }

  /** An attribute of the element that begins here. */
  @Nullable String attribute(String name) {
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      String space = xml.getAttributeNamespace(i);
      if (xml.getAttributeLocalName(i).equals(name) && (space == null || space.isEmpty())) {
        return xml.getAttributeValue(i);
      }
    }
    return null;
  }

  /** The id of the relation that the element which begins here names. */
  @Nullable String relationId() {
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      if (xml.getAttributeLocalName(i).equals("id")
          && OF_RELATIONS.contains(String.valueOf(xml.getAttributeNamespace(i)))) {
        return xml.getAttributeValue(i);
      }
    }
    return null;
  }

  /** The text of the element that begins here, up to its end. */
  String text() throws IOException {
    String element = name();
    StringBuilder text = new StringBuilder();
    while (next() && !ends(element)) {
      if (xml.isCharacters()) {
        text.append(xml.getTextCharacters(), xml.getTextStart(), xml.getTextLength());
        if (text.length() > LONGEST_TEXT) {
          throw new DamagedException("a cell is longer than " + LONGEST_TEXT + " characters");
        }
      }
    }
    return text.toString();
  }

  /**
   * The text of the string item that begins here, its runs put together, without the readings
   * (furigana) that Excel keeps beside Japanese text.
   */
  String stringItem() throws IOException {
    String item = name();
    StringBuilder text = new StringBuilder();
    boolean reading = false;
    while (next() && !ends(item)) {
      if (starts("rPh")) {
        reading = true;
      } else if (ends("rPh")) {
        reading = false;
      } else if (starts("t")) {
        String part = text();
        text.append(reading ? "" : part);
        if (text.length() > LONGEST_TEXT) {
          throw new DamagedException("a cell is longer than " + LONGEST_TEXT + " characters");
        }
      }
    }
    return CellText.unescape(text.toString());
  }

  long bytesRead() {
    return Math.min(bytes.count, totalBytes);
  }

  long totalBytes() {
    return totalBytes;
  }

  @Override
  public void close() throws IOException {
    try {
      xml.close();
    } catch (XMLStreamException e) {
      throw broken(e);
    } finally {
      bytes.close();
    }
  }
}
