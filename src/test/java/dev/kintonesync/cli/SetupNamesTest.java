package dev.kintonesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kintonesync.LogOfProcess;
import dev.kintonesync.Patience;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** New jobs under names that other jobs have. */
@LogOfProcess.Started
@Order(1) // it waits long
class SetupNamesTest extends SetupByApi {
  private static final String TAKEN =
      "There is already a job c. Choose another name, or edit c in the list of jobs.";

  private void aJobThatWrites() throws Exception {
    secrets("kintone.api-token = t\njob.c.api-token = tokenOfC\n");
    Files.writeString(
        home.resolve("application.properties"),
        properties()
            + "kintone.base-url = "
            + simulator.url()
            + "\njob.c.app = "
            + app.id()
            + "\njob.c.source = folder\njob.c.folder = inbox/c\njob.c.update-key = code\n");
  }

  private void secrets(String text) throws Exception {
    Path secrets = home.resolve("secrets.properties");
    Files.writeString(secrets, text);
    if (Files.getFileStore(home).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rw-------"));
    }
  }

  private Map<String, ?> newer() {
    return Map.of(
        "app", "" + app.id(), "source", "folder", "folder", "inbox/newer", "update-key", "code");
  }

  private static void isTaken(JsonNode draft) {
    assertThat(draft.path("problems")).as(draft.toString()).hasSize(1);
    var problem = draft.at("/problems/0");
    assertThat(problem.path("property").asText()).isEqualTo("name");
    assertThat(problem.path("step").asText()).isEqualTo("app");
    assertThat(problem.path("message").asText()).isEqualTo(TAKEN);
  }

  @Test
  void aNewJobNeverTakesThePlaceOfAnotherOne() throws Exception {
    var client = SetupClient.come(command, page);
    aJobThatWrites();
    String before = properties();
    var begun = client.post("/drafts", Map.of("name", "c"));
    assertThat(begun.path("problems").toString()).contains(TAKEN);
    String draft = begun.path("id").asText();
    isTaken(client.set(draft, newer()));
    assertThat(client.get("/drafts/" + draft + "/block").path("text").asText())
        .endsWith("job.c.write             = false\n");

    for (boolean force : new boolean[] {false, true}) {
      var refused =
          client.refused(
              422, "POST", "/drafts/" + draft + "/save", Map.of("version", 2, "force", force));
      assertThat(refused.path("property").asText()).isEqualTo("name");
      assertThat(refused.path("message").asText()).isEqualTo(TAKEN);
    }
    assertThat(properties()).isEqualTo(before);
    Patience.await().until(() -> client.act("/reload?job=c") == 200);
    Path newer = Files.createDirectories(home.resolve("inbox/newer"));
    Files.writeString(newer.resolve("a.csv"), "code,name\n1,newer\n");
    Path own = Files.createDirectories(home.resolve("inbox/c"));
    Files.writeString(own.resolve("a.csv"), "code,name\n2,own\n");
    Patience.await().untilAsserted(() -> assertThat(app.values("name")).containsExactly("own"));

    var named = client.refused(422, "PATCH", "/drafts/" + draft, named(2, "not a name!"));
    assertThat(named.path("message").asText()).contains("not a name!");
    var free = client.send("PATCH", "/drafts/" + draft, SetupClient.json(named(2, "d")));
    assertThat(free.body()).contains("\"problems\":[]");
    assertThat(client.save(draft).path("text").asText()).contains("job.d.write", "= false");
  }

  private static Map<String, ?> named(int version, String name) {
    return Map.of("version", version, "name", name);
  }

  @Test
  void aCopyUnderATakenNameHasNoSecretOfItsOwner() throws Exception {
    var client = SetupClient.come(command, page);
    aJobThatWrites();
    Files.writeString(
        home.resolve("application.properties"),
        properties()
            + "job.顧客.app = 9\n"
            + "job.顧客.source = folder\n"
            + "job.顧客.folder = in\n"
            + "job.顧客.update-key = k\n");
    secrets("job.c.api-token = tokenOfC\njob.顧客.api-token = tokenOfCustomers\n");
    hasNoSecret(client, "c");
    // what a job without a name is called meanwhile is no name of another one
    Files.writeString(
        home.resolve("application.properties"), properties().replace("job.c.", "job.draft."));
    secrets("job.draft.api-token = tokenOfDraft\njob.顧客.api-token = tokenOfCustomers\n");
    hasNoSecret(client, "draft");
    var edited = client.post("/drafts", Map.of("job", "draft"));
    assertThat(edited.path("problems")).as("who edits it keeps its name").isEmpty();
    assertThat(edited.path("secrets")).hasSize(1);
  }

  private void hasNoSecret(SetupClient client, String taken) throws Exception {
    var copy = client.post("/drafts", Map.of("job", "顧客", "copy", true, "name", taken));
    assertThat(copy.path("problems").toString())
        .contains("There is already a job " + taken + ". Choose");
    assertThat(copy.path("secrets")).isEmpty();
    String draft = copy.path("id").asText();
    var elsewhere = client.set(draft, Map.of("app", "" + app.id(), "folder", "inbox/newer"));
    assertThat(elsewhere.path("secrets")).isEmpty();
    // without a token of its own it does not even ask
    int asked = simulator.requests().size();
    assertThat(
            client
                .refused(422, "GET", "/apps/" + app.id() + "?draft=" + draft, Map.of())
                .path("message")
                .asText())
        .isNotEmpty();
    assertThat(simulator.requests()).hasSize(asked);
  }

  @Test
  void aNameThatIsTakenMeanwhileIsToldAsThat() throws Exception {
    var client = SetupClient.come(command, page);
    connect(client);
    String first = client.draft("c");
    String second = client.draft("c");
    client.set(first, newer());
    assertThat(client.set(second, newer()).path("problems")).isEmpty();
    client.save(first);
    String before = properties();
    isTaken(client.get("/drafts/" + second));
    var refused =
        client.refused(
            422, "POST", "/drafts/" + second + "/save", Map.of("version", 2, "force", true));
    assertThat(refused.path("message").asText()).isEqualTo(TAKEN);
    assertThat(properties()).isEqualTo(before);

    Files.writeString(home.resolve("application.properties"), before + "no property\n");
    assertThat(client.get("/drafts/" + second).path("name").asText())
        .as("of a file that cannot be understood nothing is known")
        .isEqualTo("c");
  }
}
