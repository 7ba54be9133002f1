package dev.kintonesync.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;

/** Makes the parts that any request is put together of: calls, parameters, bodies, headers. */
abstract class AnyParts {
  /** Well-formed requests for each kind of call, by its line. */
  private static final JsonNode PLAUSIBLE = plausible();

  /** A value that is put in the place of another one, counted in the order of the text. */
  record Swap(int place, JsonNode value) {}

  private static JsonNode plausible() {
    try (var requests = AnyParts.class.getResourceAsStream("plausible-requests.json")) {
      return Wire.MAPPER.readTree(requests);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The tree with the value at a place, counted from the root, replaced. */
  static JsonNode swapped(JsonNode tree, Swap swap) {
    List<Runnable> places = new ArrayList<>();
    collect(tree, swap.value(), places);
    if (!places.isEmpty()) {
      places.get(Math.floorMod(swap.place(), places.size())).run();
    }
    return tree;
  }

  static void collect(JsonNode tree, JsonNode value, List<Runnable> places) {
    if (tree instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> entry : object.properties()) {
        places.add(() -> object.set(entry.getKey(), value.deepCopy()));
        places.add(
            () -> {
              object.remove(entry.getKey());
              object.set(value.asText("odd"), entry.getValue());
            });
        collect(entry.getValue(), value, places);
      }
    } else if (tree instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        int index = i;
        places.add(() -> array.set(index, value.deepCopy()));
        collect(array.get(i), value, places);
      }
      places.add(() -> array.add(value.deepCopy()));
    }
  }

  @Provide
  Arbitrary<Tuple2<String, String>> calls() {
    List<Tuple2<String, String>> calls = new ArrayList<>();
    for (String line : Simulator.endpoints()) {
      for (JsonNode body : PLAUSIBLE.path(PLAUSIBLE.has(line) ? line : "otherwise")) {
        calls.add(Tuple.of(line, body.toString()));
      }
    }
    return Arbitraries.of(calls);
  }

  @Provide
  Arbitrary<List<Swap>> swaps() {
    Arbitrary<Swap> swap =
        Arbitraries.integers().between(0, 200).flatMap(place -> odd().map(v -> new Swap(place, v)));
    return swap.list();
  }

  /** Addresses and what looks like them; none leads away from this machine. */
  @Provide
  Arbitrary<String> addresses() {
    return Combinators.combine(
            Arbitraries.of("http://", "https://", "HTTP://", "http:", "ftp://", "//", ""),
            Arbitraries.of("127.0.0.1", "localhost", "[::1]", "u:p@127.0.0.1", "a b", "[", "%", ""),
            Arbitraries.of("", ":", ":1", ":0", ":-1", ":65536", ":99999999999", ":x"),
            Arbitraries.oneOf(
                Arbitraries.of("", "/", "/a?b=c#d", "/%zz"), texts().map(text -> "/" + text)))
        .as((scheme, host, port, path) -> scheme + host + port + path);
  }

  @Provide
  Arbitrary<String> reads() {
    return Arbitraries.of(
        Simulator.endpoints().stream()
            .filter(line -> line.startsWith("GET "))
            .map(line -> line.substring(4))
            .toList());
  }

  @Provide
  Arbitrary<List<Tuple2<String, String>>> parameters() {
    Arbitrary<String> names =
        Arbitraries.of(
            "app",
            "id",
            "query",
            "fields[0]",
            "fields",
            "fields[x]",
            "totalCount",
            "size",
            "ids[0]",
            "limit",
            "offset",
            "order",
            "record",
            "apps[0]",
            "apps",
            "name",
            "fileKey",
            "[0]",
            "");
    return names.flatMap(name -> texts().map(text -> Tuple.of(name, text))).list().ofMaxSize(5);
  }

  @Provide
  Arbitrary<String> bytes() {
    return Arbitraries.oneOf(
        texts(),
        Arbitraries.strings().ofMaxLength(40),
        Arbitraries.of(
            "{\"app\":1e999999999}",
            "{\"app\":1,\"id\":-1e-999999999}",
            "{\"app\":" + "9".repeat(900) + "}",
            "{\"app\":1,\"app\":2}",
            "[".repeat(2000),
            "{\"a\":".repeat(2000),
            "--a\r\n"
                + "Content-Disposition: form-data; name=\"file\"; filename=\"%zz\"\r\n\r\n"
                + "x\r\n"
                + "--a--",
            "--a\r\n"
                + "Content-Disposition: form-data; name=\"file\"; filename*=UTF-8''%zz\r\n\r\n"
                + "x\r\n"
                + "--a--",
            "--a\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
                + "\\\"".repeat(20_000)
                + "\"\r\n\r\nx\r\n--a--",
            "--a\r\nname=file\r\n\r\n--a",
            "--a--a--a",
            "--a\r\n\r\n\r\n--a"));
  }

  @Provide
  Arbitrary<List<Tuple2<String, String>>> headers() {
    Arbitrary<String> names =
        Arbitraries.of(
            "X-Cybozu-Authorization",
            "X-Cybozu-API-Token",
            "Authorization",
            "Accept-Language",
            "X-HTTP-Method-Override",
            "Content-Type",
            "Cookie",
            "Accept-Encoding");
    Arbitrary<String> values =
        Arbitraries.oneOf(
            Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(30),
            Arbitraries.of(
                "GET",
                "PUT",
                "DELETE",
                "delete",
                "multipart/form-data",
                "application/json",
                "*",
                "multipart/form-data; boundary=",
                "en;q=x",
                "ja;q=99",
                "OnU=",
                "Og==",
                "dTpw",
                "t,".repeat(20),
                "x".repeat(5000)));
    return names.flatMap(name -> values.map(value -> Tuple.of(name, value))).list();
  }

  private static Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.of(
            "",
            " ",
            "K1",
            "K",
            "a",
            "1",
            "0",
            "-1",
            "1e9999",
            "1e-9999",
            "1E400",
            "9".repeat(40),
            "2026-02-30",
            "24:00",
            "2026-01-02T03:04:05+99:00",
            "0000-00-00",
            "true",
            "null",
            "go",
            "$id",
            "$id desc",
            "order by",
            "limit 501",
            "limit 0 offset 0",
            "Q in ()",
            "Q = NOW(",
            "K = \"",
            "K = \"a\" and",
            "(".repeat(500),
            "not",
            "U in (LOGINUSER(), \"x\")",
            "DT > FROM_TODAY(999999999999,YEARS)",
            "D = FROM_TODAY(-999999999,WEEKS)",
            "D = THIS_MONTH(31)",
            "D = LAST_WEEK(SUNDAY)",
            "S = \"1\"",
            "a = \"1\"",
            "F like \"x\"",
            "Q > 1e400",
            "NK in (1e9999,2)",
            "x".repeat(200),
            "\u0000",
            "\ud83d\ude00",
            "\ud800",
            "UP",
            "SUM(b)",
            "Q + ",
            "Q / 0",
            "IF(Q > 1, 2",
            "K & T",
            "SINGLE_LINE_TEXT",
            "SUBTABLE",
            "CALC",
            "CREATOR",
            "STATUS",
            "UTF-8",
            "Asia/Tokyo",
            "POST",
            "PUT",
            "/k/v1/records.json",
            "/k/v1/record/status.json",
            "/k/guest/1/v1/records.json",
            "ab",
            "X",
            "レコード番号"),
        Arbitraries.strings().ofMaxLength(8));
  }

  private static Arbitrary<JsonNode> odd() {
    JsonNodeFactory json = JsonNodeFactory.instance;
    Arbitrary<JsonNode> scalars =
        Arbitraries.of(
            json.nullNode(),
            json.booleanNode(true),
            json.booleanNode(false),
            json.numberNode(0),
            json.numberNode(1),
            json.numberNode(2),
            json.numberNode(-1),
            json.numberNode(101),
            json.numberNode(Long.MAX_VALUE),
            json.numberNode(Long.MIN_VALUE),
            json.numberNode(BigInteger.TEN.pow(40)),
            json.numberNode(new BigDecimal("1.5")),
            json.numberNode(new BigDecimal("1E+9999")),
            json.arrayNode(),
            json.objectNode());
    Arbitrary<JsonNode> leaves = Arbitraries.oneOf(scalars, texts().map(json::textNode));
    return Arbitraries.lazyOf(
        () -> leaves,
        () -> leaves,
        () -> leaves.list().ofMaxSize(3).map(all -> json.arrayNode().addAll(all)),
        () -> leaves.map(value -> json.objectNode().set("value", value)),
        () ->
            Arbitraries.of("code", "type", "value", "id", "app", "name")
                .flatMap(
                    name -> leaves.map(value -> (JsonNode) json.objectNode().set(name, value))));
  }
}
