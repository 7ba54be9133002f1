import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Writes classes of Java 5 and older in a newer format, which says of each method what lies on its
 * stack. Java keeps no classes without that, and a start would take longer by them: picocli is
 * compiled so. What they do stays the same. Run by {@code BundleJava}: a file without dependencies.
 *
 * <p>Argument: the folder of the jars.
 */
class RenewClasses {
  /** Where the major version stands in a class file. */
  private static final int VERSION_AT = 6;

  private final ClassFile classes;
  private final ClassLoader all;

  private RenewClasses(List<Path> jars) {
    all =
        new URLClassLoader(
            jars.stream().map(RenewClasses::url).toArray(URL[]::new),
            ClassLoader.getPlatformClassLoader());
    classes =
        ClassFile.of(
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(all)),
            ClassFile.ConstantPoolSharingOption.NEW_POOL,
            ClassFile.StackMapsOption.GENERATE_STACK_MAPS);
  }

  public static void main(String[] args) throws IOException {
    List<Path> jars;
    try (var files = Files.list(Path.of(args[0]))) {
      jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
    var renewing = new RenewClasses(jars);
    for (Path jar : jars) {
      if (hasOld(jar)) {
        renewing.renew(jar);
      }
    }
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean hasOld(Path jar) throws IOException {
    try (var from = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : Collections.list(from.entries())) {
        try (var in = from.getInputStream(entry)) {
          if (isOld(entry, in.readNBytes(VERSION_AT + Short.BYTES))) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean isOld(ZipEntry entry, byte[] content) {
    return entry.getName().endsWith(".class")
        && ByteBuffer.wrap(content).getShort(VERSION_AT) < ClassFile.JAVA_6_VERSION;
  }

  private void renew(Path jar) throws IOException {
    Path renewed = jar.resolveSibling(jar.getFileName() + ".renewed");
    try (var from = new ZipFile(jar.toFile());
        var to = new ZipOutputStream(Files.newOutputStream(renewed))) {
      for (ZipEntry entry : Collections.list(from.entries())) {
        byte[] content = from.getInputStream(entry).readAllBytes();
        to.putNextEntry(new ZipEntry(entry.getName()));
        to.write(isOld(entry, content) ? renewed(content) : content);
        to.closeEntry();
      }
    }
    Files.move(renewed, jar, StandardCopyOption.REPLACE_EXISTING);
  }

  private byte[] renewed(byte[] old) {
    ClassTransform version =
        (builder, element) -> {
          if (element instanceof ClassFileVersion) {
            builder.withVersion(ClassFile.JAVA_8_VERSION, 0);
          } else {
            builder.with(element);
          }
        };
    // methods are written anew, or they would be copied as they are
    var methods =
        ClassTransform.transformingMethodBodies((builder, element) -> builder.with(element));
    return classes.transformClass(classes.parse(old), version.andThen(methods));
  }
}
