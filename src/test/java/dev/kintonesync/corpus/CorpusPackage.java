package dev.kintonesync.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;

/**
 * A package of other people that holds sample files, as {@code packages.tsv} lists it.
 *
 * @param client the client that fetches it: npm or mvn
 * @param name its name and version, as that client understands them
 * @param file the name of its archive
 * @param sha512 the checksum of its archive, in Base64
 * @param licence the licence that the package itself names
 */
record CorpusPackage(Client client, String name, String file, String sha512, String licence) {

  /** A program that fetches packages. */
  enum Client {
    npm,
    mvn
  }

  private static final Set<String> LICENCES =
      Set.of("MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0");
  private static final Pattern SAMPLE =
      Pattern.compile(".*\\.(csv|tsv|xls|xlsx|xlsm|json|jsonl|ndjson)");

  /** Files of the package itself, which are no samples. */
  private static final Pattern OWN =
      Pattern.compile(".*(^|/)(package|package-lock|bower|component|tsconfig)\\.json");

  /** The packages of the list. */
  static List<CorpusPackage> all(Path list) throws IOException {
    return Files.readAllLines(list, UTF_8).stream()
        .skip(1)
        .map(line -> line.split("\t", -1))
        .map(
            field ->
                new CorpusPackage(Client.valueOf(field[0]), field[1], field[2], field[3], field[4]))
        .toList();
  }

  /**
   * Unpacks the samples.
   *
   * @param fetched the folder that has the archive
   * @param folder where they are put, below a folder named like the archive
   */
  List<Path> samples(Path fetched, Path folder) throws IOException {
    assertThat(licence).as(name).isIn(LICENCES);
    Path archive = fetched.resolve(file);
    assertThat(checksum(archive)).as("checksum of " + name).isEqualTo(sha512);
    List<Path> samples = new ArrayList<>();
    try (ArchiveInputStream<?> in = open(archive)) {
      for (ArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        String path = entry.getName().toLowerCase(Locale.ROOT);
        if (!entry.isDirectory()
            && SAMPLE.matcher(path).matches()
            && !OWN.matcher(path).matches()) {
          Path sample = folder.resolve(file).resolve(entry.getName()).normalize();
          assertThat(sample).startsWithRaw(folder.resolve(file));
          Files.createDirectories(sample.getParent());
          Files.copy(in, sample);
          samples.add(sample);
        }
      }
    }
    assertThat(samples).as("samples of " + name).isNotEmpty();
    return samples;
  }

  private ArchiveInputStream<?> open(Path archive) throws IOException {
    InputStream in = Files.newInputStream(archive);
    return switch (client) {
      case npm -> new TarArchiveInputStream(new GZIPInputStream(in));
      case mvn -> new ZipArchiveInputStream(in);
    };
  }

  private static String checksum(Path archive) {
    try {
      byte[] sum = MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(archive));
      return Base64.getEncoder().encodeToString(sum);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
