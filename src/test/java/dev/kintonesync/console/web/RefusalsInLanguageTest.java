package dev.kintonesync.console.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who may not ask, or asks for what there is not, is told so in the language of the request. */
class RefusalsInLanguageTest extends ServedDesk {
  private static void says(HttpResponse<String> answer, int status, String start) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
    assertThat(answer.body()).startsWith(start);
  }

  private static HttpRequest login(String url, String lang, String guess) {
    return HttpRequest.newBuilder(URI.create(url + "login?lang=" + lang))
        .POST(HttpRequest.BodyPublishers.ofString(guess))
        .header("X-Kintone-Sync", "t")
        .build();
  }

  private static HttpResponse<String> loggedIn(String url, String lang) throws Exception {
    return HTTP.send(login(url, lang, "wrong"), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void whatIsNotThereOrNotAllowed() throws Exception {
    String url = desk.serve(null);
    for (String path : new String[] {"api/nothing", "api/desk/none", "data/job?name=none", "x"}) {
      String mark = path.contains("?") ? "&" : "?";
      says(get(url + path + mark + "lang=ja"), 404, "見つかりません");
      says(get(url + path + mark + "lang=en"), 404, "Not found");
    }
    says(get(url + "api/nothing", "Accept-Language", "ja"), 404, "見つかりません");
    String[] ours = {"X-Kintone-Sync", "t"};
    says(post(url + "run-now?job=customers&lang=ja", ours), 403, "この操作には");
    says(post(url + "run-now?job=customers&lang=en", ours), 403, "This is allowed");
    says(post(url + "run-now?job=customers&lang=ja"), 403, "ほかのページからの");
    says(post(url + "run-now?job=customers&lang=en"), 403, "Requests of other pages");
    says(get(url + "api/setup?lang=ja"), 403, "このダッシュボードでは");
    says(loggedIn(url, "ja"), 403, "この操作には");
  }

  /** All at once, before the pause is over. */
  private static void slowsDown(String url, String lang, String words) {
    var answers =
        IntStream.range(0, 50)
            .mapToObj(
                guess ->
                    HTTP.sendAsync(
                        login(url, lang, lang + guess), HttpResponse.BodyHandlers.ofString()))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .filter(answer -> answer.statusCode() == 429)
            .toList();
    assertThat(answers).isNotEmpty().allSatisfy(answer -> says(answer, 429, words));
  }

  @Test
  void aPasswordThatIsMissingOrWrong() throws Exception {
    String url = desk.serve("秘密の言葉 12");
    says(get(url + "api/desk/customers?lang=ja"), 401, "パスワードが必要です");
    says(get(url + "api/desk/customers?lang=en"), 401, "This asks for a password");
    says(loggedIn(url, "ja"), 401, "パスワードが正しくありません");
    says(loggedIn(url, "en"), 401, "The password is wrong");
    slowsDown(url, "ja", "パスワードの間違いが続いたため、1 秒後に");
    slowsDown(url, "en", "Too many wrong passwords. Try again in 1 second.");
  }
}
