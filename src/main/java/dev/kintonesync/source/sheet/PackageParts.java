package dev.kintonesync.source.sheet;

import dev.kintonesync.message.MessageCode;
import dev.kintonesync.source.DamagedException;
import dev.kintonesync.source.Decompressed;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an Office document and what they say of each other. Names of parts are the same in
 * upper and lower case; some writers put backslashes into them. Source: ECMA-376 part 2 (Open
 * Packaging Conventions).
 */
public final class PackageParts {

  private static final String TYPES = "[content_types].xml";
  private static final String PACKAGE_RELATIONS = "_rels/.rels";

  /** More than any document has; all relations are in memory. */
  static final int MOST = 1 << 16;

  /** Parts that only such a document has. */
  private static final Map<String, MessageCode> OTHER_KINDS =
      Map.of(
          "xl/workbook.bin", MessageCode.KIND_BINARY_WORKBOOK,
          "word/document.xml", MessageCode.KIND_OFFICE_DOCUMENT,
          "ppt/presentation.xml", MessageCode.KIND_OFFICE_DOCUMENT,
          "meta-inf/manifest.xml", MessageCode.KIND_ODS,
          "index/document.iwa", MessageCode.KIND_NUMBERS,
          "metadata/documentidentifier", MessageCode.KIND_NUMBERS);

  private static final Set<String> TYPES_OF_OFFICE =
      Set.of(
          "http://schemas.openxmlformats.org/officeDocument/2006/relationships/",
          "http://purl.oclc.org/ooxml/officeDocument/relationships/");

  private final Path file;
  private final ZipFile zip;
  private final Map<String, ZipEntry> entries = new HashMap<>();

  /**
   * What one part says of another.
   *
   * @param kind the last word of its type when that is one of the standard's, such as {@code
   *     worksheet}; otherwise the whole type
   * @param part the name of the other part
   */
  record Relation(String kind, String part) {}

  /**
   * @param file as people know it
   */
  PackageParts(Path file, ZipFile zip) {
    this.file = file;
    this.zip = zip;
    zip.stream().forEach(entry -> entries.putIfAbsent(key(entry.getName()), entry));
  }

  private static String key(String name) {
    String slashed = name.replace('\\', '/');
    return (slashed.startsWith("/") ? slashed.substring(1) : slashed).toLowerCase(Locale.ROOT);
  }

  /** Whether an archive is a document of an Office program. */
  public static boolean areIn(ZipFile zip) {
    for (Iterator<? extends ZipEntry> all = zip.stream().iterator(); all.hasNext(); ) {
      if (key(all.next().getName()).equals(TYPES)) {
        return true;
      }
    }
    return false;
  }

  /** What an archive is that holds a document which cannot be read; null if it is no such one. */
  public static @Nullable MessageCode otherKind(ZipFile zip) {
    for (Iterator<? extends ZipEntry> all = zip.stream().iterator(); all.hasNext(); ) {
      MessageCode kind = OTHER_KINDS.get(key(all.next().getName()));
      if (kind != null) {
        return kind;
      }
    }
    return null;
  }

  boolean has(@Nullable String part) {
    return part != null && entries.containsKey(key(part));
  }

  /** Opens a part. */
  XmlPart open(String part) throws IOException {
    ZipEntry entry = entries.get(key(part));
    if (entry == null) {
      throw new DamagedException("it has no part " + part);
    }
    return new XmlPart(zip, entry);
  }

  /** Opens a part, after it was read through to see that it is sound. */
  XmlPart openChecked(String part) throws IOException {
    ZipEntry entry = entries.get(key(part));
    if (entry != null) {
      Decompressed.check(file, zip, entry);
    }
    return open(part);
  }

  /** The part that the document begins with, as the package says, or else this one. */
  String main(String usual) throws IOException {
    if (has(PACKAGE_RELATIONS)) {
      for (Relation relation : relations(PACKAGE_RELATIONS, "").values()) {
        if (relation.kind().equals("officeDocument") && has(relation.part())) {
          return relation.part();
        }
      }
    }
    return usual;
  }

  /** The relations of a part, by their ids. */
  Map<String, Relation> relations(String part) throws IOException {
    String folder = folder(part);
    return relations(folder + "_rels/" + part.substring(folder.length()) + ".rels", folder);
  }

  private static String folder(String part) {
    return part.substring(0, part.lastIndexOf('/') + 1);
  }

  private Map<String, Relation> relations(String part, String folder) throws IOException {
    var relations = new HashMap<String, Relation>();
    try (XmlPart document = openChecked(part)) {
      while (document.nextStart("Relationship")) {
        String id = document.attribute("Id");
        String type = document.attribute("Type");
        String target = document.attribute("Target");
        if (id == null || target == null || "External".equals(document.attribute("TargetMode"))) {
          continue;
        }
        if (relations.size() >= MOST) {
          throw new DamagedException("more than " + MOST + " relationships");
        }
        relations.put(id, new Relation(kind(type == null ? "" : type), resolved(folder, target)));
      }
    }
    return relations;
  }

  private static String kind(String type) {
    int last = type.lastIndexOf('/') + 1;
    return TYPES_OF_OFFICE.contains(type.substring(0, last)) ? type.substring(last) : type;
  }

  /** The part that a target means from within a folder: with dots, escapes, or from the root. */
  private String resolved(String folder, String target) {
    String path = target.replace('\\', '/');
    String plain = path.startsWith("/") ? path.substring(1) : folder + path;
    if (has(plain)) {
      return plain;
    }
    try {
      String normal = new URI(plain).normalize().getPath();
      return normal == null ? plain : normal;
    } catch (URISyntaxException e) {
      return plain;
    }
  }
}
