package dev.kintonesync.console.web;

import dev.kintonesync.console.web.Authenticator.Judgement;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserMessage;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets callers in by a password, a link or a session, and answers those who may not ask: people get
 * a page, programs a sentence.
 */
final class Entrance {
  private static final Logger log = LoggerFactory.getLogger(Entrance.class);

  private final Authenticator caller;
  private final boolean setsUp;
  private final IntSupplier port;
  private final Function<PageRequest, MessageBundle> language;

  /**
   * The entrance of a page.
   *
   * @param setsUp whether jobs are set up on it
   * @param port where it is served, once it is
   * @param language the language of a request
   */
  Entrance(
      Authenticator caller,
      boolean setsUp,
      IntSupplier port,
      Function<PageRequest, MessageBundle> language) {
    this.caller = caller;
    this.setsUp = setsUp;
    this.port = port;
    this.language = language;
  }

  /** What becomes of a request. */
  Judgement judge(PageRequest asked) {
    return caller.judge(asked, cookie(asked));
  }

  /** Whether a request comes with a session that is open. */
  boolean hasSession(PageRequest asked) {
    return caller.role(asked, cookie(asked)) != null;
  }

  /** Whether a password lets somebody set up. */
  boolean hasSetupPassword() {
    return caller.hasSetupPassword();
  }

  /** The answer to a request that only wants to come in; empty for every other. */
  Optional<PageResponse> comingIn(PageRequest asked) {
    if (asked.changes() && asked.path().equals("/login") && !caller.isForeign(asked)) {
      return Optional.of(login(asked));
    }
    return asked.path().equals("/setup") && asked.query().containsKey("link")
        ? Optional.of(enter(asked))
        : Optional.empty();
  }

  /** The session is over. */
  PageResponse logout(PageRequest asked) {
    caller.sessions().end(cookie(asked));
    return PageResponse.text(200, "done").with("Set-Cookie", cookie("") + "; Max-Age=0");
  }

  /** The link is used up, and whoever had it has a session. */
  private PageResponse enter(PageRequest asked) {
    String session = asked.changes() ? null : caller.enter(asked);
    if (session == null) {
      log.warn("a link of the setup from {} does not hold", asked.from());
      return PageFiles.closed(language.apply(asked), MessageCode.SETUP_LINK_REFUSED.with());
    }
    log.info("{}: somebody has come to set up by a link", asked.from());
    return PageResponse.text(303, "")
        .with("Location", "/setup")
        .with("Set-Cookie", cookie(session));
  }

  /** What is answered to those who may not ask; empty for those who may. */
  Optional<PageResponse> refusal(PageRequest asked, Judgement judged) {
    if (caller.isForeign(asked)) {
      return Optional.of(said(403, MessageCode.PAGE_FOREIGN.with(Authenticator.OURS), asked));
    }
    Judgement judgement = judged.asking(wanted(asked));
    return switch (judgement.verdict()) {
      case WELCOME -> Optional.empty();
      case ASKED_FOR_THE_PASSWORD -> Optional.of(askForThePassword(asked));
      case SLOWED_DOWN -> Optional.of(slowedDown(judgement.pause(), asked));
      case FORBIDDEN -> Optional.of(forbidden(asked));
    };
  }

  private static Role wanted(PageRequest asked) {
    if (asked.path().equals("/setup") || asked.path().startsWith(SetupApi.PATH)) {
      return Role.SETUP;
    }
    return asked.changes() && !asked.path().equals("/logout") ? Role.WORK : Role.LOOK;
  }

  /** Who only lacks the right to set up is told how to get it. */
  private PageResponse forbidden(PageRequest asked) {
    if (wanted(asked) != Role.SETUP) {
      return said(403, MessageCode.PAGE_FORBIDDEN.with(), asked);
    } else if (!setsUp) {
      return said(403, MessageCode.PAGE_NO_SETUP.with(), asked);
    }
    var reason = MessageCode.SETUP_NEEDS_LINK.with();
    if (!asked.path().equals("/setup")) {
      return said(403, reason, asked);
    }
    return caller.hasSetupPassword()
        ? PageFiles.login(language.apply(asked)).as(403)
        : PageFiles.closed(language.apply(asked), reason);
  }

  private PageResponse login(PageRequest asked) {
    Judgement judgement = caller.judgeLogin(asked);
    return switch (judgement.verdict()) {
      case WELCOME -> {
        String origin = asked.header("Origin");
        boolean tls = origin != null && origin.startsWith("https:");
        yield PageResponse.text(200, "done")
            .with(
                "Set-Cookie",
                cookie(caller.sessions().begin(judgement.role(), false)) + (tls ? "; Secure" : ""));
      }
      case ASKED_FOR_THE_PASSWORD -> said(401, MessageCode.PAGE_PASSWORD_WRONG.with(), asked);
      case SLOWED_DOWN -> slowedDown(judgement.pause(), asked);
      case FORBIDDEN -> said(403, MessageCode.PAGE_FORBIDDEN.with(), asked);
    };
  }

  /** People get the page to log in, and no window of their browser; programs a challenge. */
  private PageResponse askForThePassword(PageRequest asked) {
    var part =
        asked.changes() ? Optional.<PageResponse>empty() : PageFiles.partOfLogin(asked.path());
    if (part.isPresent()) {
      return part.get();
    }
    String accepted = asked.header("Accept");
    if (!asked.changes() && accepted != null && accepted.contains("text/html")) {
      return PageFiles.login(language.apply(asked)).as(401);
    }
    var refusal = said(401, MessageCode.PAGE_PASSWORD_NEEDED.with(), asked);
    return Authenticator.isOfAProgram(asked) && asked.header("Authorization") == null
        ? refusal
        : refusal.with("WWW-Authenticate", "Basic realm=\"kintone-sync\", charset=\"UTF-8\"");
  }

  private PageResponse slowedDown(Duration pause, PageRequest asked) {
    long seconds = pause.plusMillis(999).toSeconds();
    return said(429, MessageCode.PAGE_SLOWED_DOWN.with(seconds), asked)
        .with("Retry-After", Long.toString(seconds));
  }

  private PageResponse said(int status, UserMessage words, PageRequest asked) {
    return PageResponse.text(status, language.apply(asked).say(words));
  }

  /** Cookies are of a host, whatever the port: two programs of a machine have two names. */
  private String cookieName() {
    return "kintone-sync-" + port.getAsInt();
  }

  private String cookie(String token) {
    return cookieName() + "=" + token + "; Path=/; HttpOnly; SameSite=Strict";
  }

  private @Nullable String cookie(PageRequest asked) {
    String cookies = asked.header("Cookie");
    String start = cookieName() + "=";
    return cookies == null
        ? null
        : Arrays.stream(cookies.split(";", -1))
            .map(String::strip)
            .filter(one -> one.startsWith(start))
            .map(one -> one.substring(start.length()))
            .findFirst()
            .orElse(null);
  }
}
