package dev.kintonesync.camel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kintonesync.camel.source.AllowedPlaces;
import dev.kintonesync.settings.HttpAuth;
import dev.kintonesync.settings.Source;
import dev.kintonesync.source.Overlap;
import dev.kintonesync.source.api.ApiQuery;
import dev.kintonesync.source.api.Paging;
import java.net.URI;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the pages of an API may lie. */
class ApiPlacesTest {
  @ParameterizedTest
  @CsvSource({
    "https://core.example.com/a, https://core.example.com/b, true",
    "https://core.example.com/a, https://CORE.example.com:443/b, true",
    "https://core.example.com/a, http://core.example.com/b, false",
    "https://core.example.com/a, http://core.example.com:443/b, false",
    "https://core.example.com/a, https://core.example.com:8443/b, false",
    "https://core.example.com/a, https://core.example.com.evil.example/b, false",
    "https://core.example.com/a, https://core.example.com@evil.example/b, false",
    "https://core.example.com/a, https://169.254.169.254/latest, false",
    "https://core.example.com/a, https://files.example.com/b, true",
    "https://core.example.com/a, http://files.example.com/b, false",
    "https://core.example.com/a, https://cdn.example.com/b, false",
    "https://core.example.com/a, https://cdn.example.com:8443/b, true",
    "http://core.example.com/a, https://core.example.com/b, true",
    "http://core.example.com:8080/a, https://core.example.com/b, false",
    "http://core.example.com/a, http://core.example.com:9200/b, false",
  })
  void itMayLeadThere(String home, String address, boolean may) {
    var query =
        new ApiQuery(
            URI.create(home),
            null,
            new Paging(Paging.Kind.NONE, "page", 1, null, 500, null, null, Paging.Last.EMPTY),
            null,
            null,
            Overlap.DEFAULT);
    var source =
        new Source.Api(query, HttpAuth.OPEN, Set.of("files.example.com", "cdn.example.com:8443"));

    assertThat(
            new AllowedPlaces(source.query().url(), source.allowedHosts())
                .allows(URI.create(address)))
        .isEqualTo(may);
  }
}
