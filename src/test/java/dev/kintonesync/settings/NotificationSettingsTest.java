package dev.kintonesync.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.NotificationSettings.Security;
import dev.kintonesync.settings.NotificationSettings.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is told of which job, as it is written in the properties. */
class NotificationSettingsTest {
  private static final String MAIL =
      "notify.mail = a@example.com, b@example.com\nnotify.mail.server = smtp.example.com:587\n";

  @TempDir private Path home;

  private NotificationSettings of(String job, Map<String, String> environment, String properties)
      throws IOException {
    Files.writeString(home.resolve("application.properties"), properties);
    return Configuration.read(home, environment, Map.of()).notifying(job);
  }

  @Test
  void nobodyIsToldWhereNobodyIsNamed() throws Exception {
    assertThat(of("x", Map.of(), "")).isEqualTo(new NotificationSettings(null, null, null));
  }

  @Test
  void aJobMayHaveReadersOfItsOwnOrNone() throws Exception {
    String properties =
        MAIL + "job.stock.notify-mail = c@example.com\njob.test.notify = none\njob.test.app = 1\n";
    var password = Map.of("NOTIFY_MAIL_PASSWORD", "secret");
    var all = of("x", password, properties).mail();
    assertThat(all.to()).isEqualTo(List.of("a@example.com", "b@example.com"));
    assertThat(all.from()).isEqualTo("a@example.com");
    assertThat(all.port()).isEqualTo(587);
    assertThat(all.security()).isEqualTo(Security.STARTTLS);
    assertThat(all.password()).isEqualTo("secret");
    assertThat(all.toString()).doesNotContain("secret");
    assertThat(of("stock", password, properties).mail().to()).containsExactly("c@example.com");
    assertThat(of("test", password, properties).mail()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "https://hooks.slack.com/services/T/B/x, SLACK",
    "https://x.webhook.office.com/y, TEAMS",
    "https://prod-1.westus.logic.azure.com/workflows/z?sig=1, TEAMS",
    "https://chat.example.com/hooks/1, SLACK",
  })
  void theShapeOfAWebhookIsTakenFromItsAddress(String url, Shape shape) throws Exception {
    var webhook = of("x", Map.of("NOTIFY_WEBHOOK", url), "").webhook();
    assertThat(webhook.shape()).isEqualTo(shape);
    assertThat(webhook.toString()).doesNotContain("services").doesNotContain("sig");
  }

  @ParameterizedTest
  @CsvSource({
    "notify.mail = a@example.com, notify.mail.server is missing",
    "notify.mail = nobody, is not a mail address",
    "notify.mail.server = smtp.example.com, is not a mail server",
    "notify.app = 5, notify.app.token is missing",
    "notify.webhook = https://hooks.slack.com/x, secrets.properties",
    "job.x.notify = pigeon, pigeon",
  })
  void whatIsMissingOrWrongIsNamed(String line, String words) {
    assertThatThrownBy(() -> of("x", Map.of(), "kintone.base-url = https://e.example\n" + line))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining(words);
  }
}
