package dev.kintonesync.source.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

class AddressTest {
  private static final URI PAGE = URI.create("https://a.example/api/rows?x=%2B1&page=3&paged=y");

  @Test
  void aParameterIsSetAndTheOthersStayAsTheyAre() {
    assertThat(Address.with(PAGE, "page", "4"))
        .hasToString("https://a.example/api/rows?x=%2B1&paged=y&page=4");
    assertThat(Address.with(URI.create("https://a.example/"), "次 の", "1+1=2&あ"))
        .hasToString("https://a.example/?%E6%AC%A1%20%E3%81%AE=1%2B1%3D2%26%E3%81%82");
  }

  @Test
  void aLinkIsResolvedAsABrowserWould() {
    assertThat(Address.resolved(PAGE, "?page=4")).hasToString("https://a.example/api/rows?page=4");
    assertThat(Address.resolved(PAGE, "/b?c=%20")).hasToString("https://a.example/b?c=%20");
    assertThat(Address.resolved(PAGE, "more")).hasToString("https://a.example/api/more");
    assertThat(Address.resolved(PAGE, "http://b.example:81/")).hasToString("http://b.example:81/");
    assertThat(Address.resolved(PAGE, "ftp://b.example/")).isNull();
    assertThat(Address.resolved(PAGE, "a b")).isNull();
    assertThat(Address.resolved(PAGE, "javascript:alert")).isNull();
  }

  @Test
  void aCursorMayBeAnAddress() {
    assertThat(new String[] {"https://a.example/2", "HTTP://a.example", "?page=2", "/rows?page=2"})
        .allMatch(Address::isOne);
    assertThat(new String[] {"/9j/4AAQ==", "abc", "17", "2026-04-23T15:31:05+09:00|7"})
        .noneMatch(Address::isOne);
  }

  @Test
  void anOriginIsSchemeHostAndPort() {
    assertThat(Address.sameOrigin(PAGE, URI.create("HTTPS://A.example:443/other"))).isTrue();
    assertThat(Address.sameOrigin(PAGE, URI.create("http://a.example/"))).isFalse();
    assertThat(Address.sameOrigin(PAGE, URI.create("https://a.example:8443/"))).isFalse();
    assertThat(Address.sameOrigin(PAGE, URI.create("https://b.a.example/"))).isFalse();
    assertThat(Address.sameOrigin(PAGE, URI.create("https://a.example@b.example/"))).isFalse();
  }
}
