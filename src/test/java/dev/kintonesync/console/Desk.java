package dev.kintonesync.console;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.kintonesync.console.web.Console;
import dev.kintonesync.console.web.PageActions;
import dev.kintonesync.journal.Forms;
import dev.kintonesync.journal.JobStatusRow;
import dev.kintonesync.journal.Journal;
import dev.kintonesync.journal.OpenReject;
import dev.kintonesync.journal.ReceivedFiles.Received;
import dev.kintonesync.journal.RunFolder;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Network;
import dev.kintonesync.source.SourceOptions;
import dev.kintonesync.source.SourceRecord;
import dev.kintonesync.source.file.RejectsFile;
import dev.kintonesync.source.file.SourceFile;
import dev.kintonesync.sync.Change;
import dev.kintonesync.sync.Outcome;
import dev.kintonesync.sync.Reconciliation;
import dev.kintonesync.sync.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A journal of jobs with ten runs each, and a page over it. The first job is {@code customers}; of
 * its newest run there are rejects and changes, and it has two open rejects.
 */
public final class Desk implements AutoCloseable {
  public static final String EVIL = "<img src=x onerror=document.title='owned'>";

  public final Journal journal;

  /** How many records the newest run of the first job changed. */
  public static final int CHANGES = 60;

  /** Job, name and content of the files that were uploaded. */
  public final List<String> uploaded = new CopyOnWriteArrayList<>();

  /** Job and rows that were corrected. */
  public final List<String> corrected = new CopyOnWriteArrayList<>();

  public final List<String> reloaded = new CopyOnWriteArrayList<>();
  public final List<String> looked = new CopyOnWriteArrayList<>();
  public final List<String> ranNow = new CopyOnWriteArrayList<>();
  public final String newest;
  private final Path home;
  private final String baseUrl;
  private @Nullable Console console;

  public Desk(Path home, String baseUrl, int jobs) throws IOException {
    this.home = home;
    this.baseUrl = baseUrl;
    journal = Journal.open(home.resolve("journal"));
    var blocks = new StringBuilder("kintone.base-url = " + baseUrl + "\n");
    for (int job = 0; job < jobs; job++) {
      Files.createDirectories(home.resolve("inbox/" + name(job)));
      blocks.append(
          """
          job.%1$s.app = 42
          job.%1$s.update-key = code
          job.%1$s.source = folder
          job.%1$s.folder = inbox/%1$s
          """
              .formatted(name(job)));
    }
    Files.writeString(home.resolve("application.properties"), blocks);
    for (int run = 10; run > 0; run--) {
      for (int job = 0; job < jobs; job++) {
        journal.ended(
            SampleRuns.of(
                name(job),
                run == 3 ? RunState.STOPPED : RunState.COMPLETED_WITH_REJECTS,
                Instant.now().minus(Duration.ofHours(run))));
      }
    }
    newest = run();
    journal
        .openRejects()
        .keep(List.of(openReject("0600001", "name", 1), openReject("0600002", "rank", 2)));
    journal
        .receivedFiles()
        .add(new Received("u1", "customers", "注文.csv", "gone.csv", 52, List.of(), Instant.now()));
    say(JobStatusRow.waiting("customers", null, null));
  }

  private static String name(int job) {
    return job == 0 ? "customers" : "job-" + job;
  }

  private OpenReject openReject(String id, String column, int row) {
    var values = new LinkedHashMap<String, @Nullable Object>();
    values.put("code", id);
    values.put("name", EVIL);
    values.put("rank", "C");
    values.put("tags", "x");
    return new OpenReject(
        "customers",
        id,
        id,
        values,
        MessageCode.KEY_BLANK.with(EVIL),
        newest,
        row,
        Instant.now(),
        2,
        column);
  }

  /** A run with a folder in which rejects and changes lie. */
  private String run() throws IOException {
    Path runs = home.resolve("runs");
    try (var folder = RunFolder.create(runs, "customers", Instant.now(), ZoneOffset.UTC)) {
      folder.changes(
          RunFolder.zipped(
              IntStream.range(0, CHANGES)
                  .mapToObj(
                      i ->
                          new Change(
                              Outcome.UPDATED,
                              "A-" + (i + 1),
                              "" + (i + 7),
                              null,
                              Map.of(
                                  "name",
                                  new Change.Values(
                                      TextNode.valueOf("前の名前"), TextNode.valueOf(EVIL)))))
                  .toList()));
      journal
          .forms()
          .keep(
              "customers",
              baseUrl,
              "42",
              new Forms.Kept(
                  1,
                  """
                  {"name": {"type": "SINGLE_LINE_TEXT", "label": "会社名", "column": "name"},
                   "rank": {"type": "DROP_DOWN", "label": "ランク", "column": "rank",
                            "required": true, "options": ["A", "B"]},
                   "tags": {"type": "CHECK_BOX", "label": "tags", "column": "tags",
                            "options": ["x", "y"]}}
                  """));
      Path source = Files.writeString(home.resolve("in.csv"), "code,name\n,x\n");
      try (var reader = SourceFile.open(source, SourceOptions.DEFAULT);
          var rejects =
              RejectsFile.create(folder.file("rejects.csv"), reader.columns(), reader.format())) {
        SourceRecord bad = reader.next();
        rejects.add(bad, MessageBundle.JAPANESE.say(MessageCode.KEY_BLANK.with("code")), "r1");
      }
      journal.ended(
          SampleRuns.of(
              folder.name(), "customers", RunState.COMPLETED_WITH_REJECTS, Instant.now()));
      journal.runMessages().keep(folder.name(), List.of(MessageCode.COLUMNS_IGNORED.with("memo")));
      return folder.name();
    }
  }

  /** A plan that somebody has asked for, and a comparison; returns the run of the plan. */
  public String plan() throws IOException {
    var planned = SampleRuns.dry("customers", RunState.COMPLETED_WITH_REJECTS, Instant.now());
    journal.ended(planned);
    journal.keptPlans().keep("customers", planned.run());
    Path folder = Files.createDirectories(home.resolve("runs").resolve(planned.run()));
    Files.writeString(folder.resolve("plan.html"), "<!doctype html><title>plan</title>");
    journal.reconciliations().found("customers", Reconciliation.of(planned));
    return planned.run();
  }

  public void say(JobStatusRow... statusRows) {
    journal.statusRows().say(List.of(statusRows));
  }

  /** Serves the page. */
  public String serve(@Nullable String password) throws IOException {
    return serve(password, Clock.systemUTC());
  }

  public String serve(@Nullable String password, Clock clock) throws IOException {
    var configuration = Configuration.read(home, Map.of("KINTONE_API_TOKEN", "t"), Map.of());
    var jobs =
        configuration.jobs().stream()
            .map(job -> new JobOverview.Configured(job.name(), job, null))
            .toList();
    console =
        Console.serve(
            new Console.Setup(
                new JobOverview(() -> jobs, 10_000, journal, home.resolve("runs"), clock),
                journal,
                home.resolve("runs"),
                MessageBundle.ENGLISH,
                "127.0.0.1",
                0,
                password,
                null,
                Network.DIRECT,
                new Actions(),
                null,
                clock));
    return console.url().toString();
  }

  /** Takes what is asked of it down; of files those that are named {@code mended.csv}. */
  private final class Actions implements PageActions {
    @Override
    public boolean runNow(String job) {
      return job.equals("customers") && ranNow.add(job);
    }

    @Override
    public boolean lookFirst(String job, @Nullable String guard) {
      return looked.add(job);
    }

    @Override
    public boolean reload(String job) {
      return reloaded.add(job);
    }

    @Override
    public Taken upload(String job, Path file, String name, boolean inputs) {
      if (!name.equals("mended.csv")) {
        throw new UserErrorException(MessageCode.UPLOAD_NOT_REJECTS.with(name));
      }
      try {
        uploaded.add(job + " " + name + " " + Files.readString(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return new Taken("1", MessageCode.UPLOAD_IN_FOLDER.with(name, 1));
    }

    @Override
    public Taken correct(String job, List<CorrectedRow> rows) {
      rows.forEach(row -> corrected.add(job + " " + row.id() + " " + new TreeMap<>(row.values())));
      return new Taken("2", MessageCode.CORRECTIONS_SENT.with(rows.size()));
    }
  }

  public Console console() {
    return console;
  }

  @Override
  public void close() {
    if (console != null) {
      console.close();
    }
    journal.close();
  }
}
