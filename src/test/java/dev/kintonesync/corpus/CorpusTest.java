package dev.kintonesync.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The samples in the packages of other people's readers, read by ours and by another library. What
 * is not alike stands in {@code differences.tsv}, each with the reason why, and nothing else does.
 */
@Tag("sweep")
class CorpusTest {

  private static final Path LISTS = Path.of("src", "test", "resources", "corpus");
  private static final String HEADER = "file\tpart\tkind\tcount\tfirst\twhy";
  private static final Duration LONGEST = Duration.ofSeconds(60);

  @TempDir Path fetched;
  @TempDir Path unpacked;

  @Test
  void everySampleIsReadAsAnotherLibraryReadsIt() throws IOException, InterruptedException {
    List<CorpusPackage> packages = CorpusPackage.all(LISTS.resolve("packages.tsv"));
    PackageClient.fetch(packages, fetched);
    List<Difference> found = new ArrayList<>();
    List<Throwable> faults = new ArrayList<>();
    for (CorpusPackage each : packages) {
      for (Path sample : each.samples(fetched, unpacked)) {
        try {
          found.addAll(
              assertTimeoutPreemptively(
                  LONGEST, () -> new Comparison(unpacked, sample).differences()));
        } catch (Exception | StackOverflowError | OutOfMemoryError | AssertionError e) {
          faults.add(new AssertionError(unpacked.relativize(sample).toString(), e));
        }
      }
    }
    Map<String, String> why = listed();
    TreeSet<String> lines =
        found.stream().map(Difference::line).collect(Collectors.toCollection(TreeSet::new));
    write(lines, why);
    assertThat(faults).as("samples that end neither in rows nor in words").isEmpty();
    assertThat(lines)
        .as("differences; those found are in target/corpus-differences.tsv")
        .containsExactlyInAnyOrderElementsOf(why.keySet());
    assertThat(why)
        .as("why each is one")
        .allSatisfy((line, reason) -> assertThat(reason).isNotBlank());
  }

  private static Map<String, String> listed() throws IOException {
    return Files.readAllLines(LISTS.resolve("differences.tsv"), UTF_8).stream()
        .skip(1)
        .collect(
            Collectors.toMap(
                line -> line.substring(0, line.lastIndexOf('\t')),
                line -> line.substring(line.lastIndexOf('\t') + 1)));
  }

  private static void write(TreeSet<String> lines, Map<String, String> why) throws IOException {
    List<String> written = new ArrayList<>(List.of(HEADER));
    lines.forEach(line -> written.add(line + '\t' + why.getOrDefault(line, "")));
    Files.write(Path.of("target", "corpus-differences.tsv"), written, UTF_8);
  }
}
