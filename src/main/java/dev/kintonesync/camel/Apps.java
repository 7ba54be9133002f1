package dev.kintonesync.camel;

import dev.kintonesync.form.Form;
import dev.kintonesync.form.NumberPrecision;
import dev.kintonesync.kintone.Answer;
import dev.kintonesync.kintone.ErrorCode;
import dev.kintonesync.kintone.KintoneRequest;
import dev.kintonesync.message.Message;
import dev.kintonesync.message.RefusedException;
import dev.kintonesync.message.Text;
import java.util.List;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the route {@code read-app} asks before a run begins, and what follows from the answers. */
public final class Apps {
  private static final Logger log = LoggerFactory.getLogger(Apps.class);

  /** The form, the settings, and one record: a token without the right to view sees nothing. */
  public List<KintoneRequest> questions(Exchange exchange) {
    var job = Run.of(exchange).job();
    return List.of(
        KintoneRequest.formFields(job.connection(), job.app()),
        KintoneRequest.getRecords(job.connection(), job.app(), "limit 1", List.of("$id")),
        KintoneRequest.appSettings(job.connection(), job.app()));
  }

  /**
   * Keeps what was learned with the run.
   *
   * @throws RefusedException when the app, its key field or the caller's rights do not suit the
   *     job, or when Kintone does not answer
   */
  public void answered(Exchange exchange) {
    Run run = Run.of(exchange);
    var answers = Strategies.answers(exchange);
    var form = needed(run, answers.get(0));
    var records = needed(run, answers.get(1));
    var precision =
        answers.get(2) instanceof Answer.Done settings
            ? NumberPrecision.of(settings.body())
            : defaultPrecision(run, answers.get(2));
    String updateKey = run.job().updateKey();
    if (updateKey == null) {
      throw new RefusedException(Text.NO_UPDATE_KEY.with());
    }
    Form read = Form.of(run.job().app(), form.body(), precision);
    boolean empty = records.body().path("records").isEmpty();
    run.app(new App(read, read.requireKey(updateKey), empty));
  }

  private static NumberPrecision defaultPrecision(Run run, Answer answer) {
    log.warn(
        "{}: the settings of app {} cannot be read ({}); taking Kintone's defaults for numbers",
        run.job().name(),
        run.job().app(),
        answer.words());
    return NumberPrecision.KINTONE_DEFAULT;
  }

  private static Answer.Done needed(Run run, Answer answer) {
    if (answer instanceof Answer.Done done) {
      return done;
    }
    if (answer instanceof Answer.Refused refused && !ErrorCode.isBusy(refused.code())) {
      throw new RefusedException(why(run, refused));
    }
    var reason = Text.KINTONE_AWAY.with(run.job().connection().baseUrl(), answer.words());
    run.stop(reason);
    throw new RefusedException(reason);
  }

  private static Message why(Run run, Answer.Refused refused) {
    String app = run.job().app();
    Object url = run.job().connection().baseUrl();
    return switch (refused.code()) {
      case "GAIA_IA02" -> Text.WRONG_TOKEN.with(app, refused.words());
      case "GAIA_DA03" -> Text.TWO_TOKENS_OF_ONE_APP.with(app, refused.words());
      case "CB_AU01" -> Text.NOT_LOGGED_IN.with(url, refused.words());
      case "CB_WA01" -> Text.WRONG_PASSWORD.with(url, refused.words());
      case "GAIA_NO01", "CB_NO02" -> Text.NO_PERMISSION.with(app, refused.words());
      case "GAIA_AP01" -> Text.NO_SUCH_APP.with(app, url, refused.words());
      case "GAIA_IL23" -> Text.GUEST_SPACE_APP.with(app, refused.words());
      case "HTTP_401" -> Text.BASIC_AUTH_NEEDED.with(url, refused.words());
      default -> Text.APP_NOT_READABLE.with(app, url, refused.words());
    };
  }
}
