package dev.kintonesync.cli;

import dev.kintonesync.camel.run.Understood;
import dev.kintonesync.camel.run.UnderstoodRow;
import dev.kintonesync.console.notification.RunLogApp;
import dev.kintonesync.form.Field;
import dev.kintonesync.form.FieldMap;
import dev.kintonesync.form.FieldType;
import dev.kintonesync.form.Form;
import dev.kintonesync.form.Mapping;
import dev.kintonesync.form.MappingOptions;
import dev.kintonesync.form.Proposal;
import dev.kintonesync.message.MessageBundle;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.Shown;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.settings.Configuration;
import dev.kintonesync.settings.Job;
import dev.kintonesync.settings.NewJob;
import dev.kintonesync.setup.Proposed;
import dev.kintonesync.setup.Sample;
import dev.kintonesync.source.SourceReader;
import dev.kintonesync.source.file.SourceFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code init}: a job block for an app, with a proposal how a sample becomes its records. */
@Command(
    name = "init",
    customSynopsis = "kintone-sync init --app=N [--file-path=SAMPLE] [--add] [OPTION...]",
    sortOptions = false)
final class InitCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Main main;

  @Option(names = "--file-path", paramLabel = "SAMPLE")
  private @Nullable Path sample;

  @Option(names = "--job", paramLabel = "NAME")
  private @Nullable String name;

  @Option(names = "--add")
  private boolean add;

  @Option(names = "--log-app")
  private boolean logApp;

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Override
  public Integer call() throws InterruptedException {
    var command = Program.command(main);
    Path file = sample == null ? null : InputFile.of(null, sample);
    var configuration = Program.configure(command, connection.overrides(Job.IMPORT));
    var asked = configuration.importing(Job.IMPORT, file == null ? Path.of("") : file);
    var block = new NewJob(name(asked, file));
    if (configuration.jobNames().contains(block.name())) {
      throw new UserErrorException(MessageCode.INIT_TAKEN.with(block.name()));
    }
    Form form;
    try (var program =
        Program.start(command, configuration, Program.Kind.COMMAND, finished -> {})) {
      if (logApp) {
        return addFields(command, program, asked);
      }
      form = program.application().runner().design(asked).form();
    }
    var bundle = command.terminal().bundle();
    write(block, bundle, asked, configuration);
    if (file == null) {
      withoutSample(block, bundle, form);
    } else {
      var found = Sample.of(file, asked.reading(), form);
      try (var reader = SourceFile.open(file, found.reading())) {
        Proposed.guesses(reader.understanding()).forEach(block::with);
        Proposed.layout(found.reading(), asked.reading()).forEach(block::with);
        propose(block, bundle, form, found.proposal());
        show(command.terminal(), form, found.proposal(), reader);
      }
    }
    if (form.fields().stream().noneMatch(InitCommand::holdsFiles)) {
      block.comment(bundle.say(MessageCode.INIT_DIFF.with())).with("diff", "snapshot");
    }
    block.comment(bundle.say(MessageCode.INIT_WRITE.with(block.name()))).with("write", "false");
    if (!add) {
      command.terminal().text(block.text());
      command.terminal().say(MessageCode.INIT_SHOWN.with(command.home().path()));
    } else {
      block.addTo(command.home().path());
      command.terminal().say(MessageCode.INIT_ADDED.with(block.name(), command.home().path()));
    }
    return 0;
  }

  /** Whether a field, or one of its table's, holds files, which are compared with the app's. */
  private static boolean holdsFiles(Field field) {
    return field.type() == FieldType.FILE
        || field.inner().values().stream().anyMatch(InitCommand::holdsFiles);
  }

  /** The fields of {@code notify.app}, instead of a job. */
  private static int addFields(Main command, Program program, Job asked)
      throws InterruptedException {
    var fields = RunLogApp.fields(command.terminal().bundle());
    var added = program.application().runner().design(asked).add(fields);
    command
        .terminal()
        .say(
            added.isEmpty()
                ? MessageCode.LOG_APP_READY.with(asked.app())
                : MessageCode.LOG_APP_FIELDS.with(asked.app(), String.join(", ", added)));
    command.terminal().text("notify.app = " + asked.app());
    return 0;
  }

  private String name(Job asked, @Nullable Path file) {
    if (name != null) {
      return name;
    }
    if (file == null) {
      return "app-" + asked.app();
    }
    String fileName = String.valueOf(file.getFileName());
    int dot = fileName.indexOf('.', 1);
    return dot < 0 ? fileName : fileName.substring(0, dot);
  }

  /** What does not depend on the fields. */
  private static void write(
      NewJob block, MessageBundle bundle, Job asked, Configuration configuration) {
    String url = asked.connection().baseUrl().toString();
    String space = asked.connection().guestSpace();
    block.comment(bundle.say(MessageCode.INIT_HEAD.with(asked.app(), url)));
    String known = configuration.baseUrlOfFile();
    if (known == null) {
      block.withKey("kintone.base-url", url);
    } else if (!known.equals(url)) {
      block.with("base-url", url);
    }
    block.comment(
        bundle.say(
            MessageCode.INIT_TOKEN.with(
                Configuration.tokenVariable(block.name()), "job." + block.name() + ".api-token")));
    block.with("app", asked.app());
    if (space != null) {
      block.with("guest-space-id", space);
    }
    block.with("source", "folder").with("folder", "inbox/" + block.name());
  }

  private static void withoutSample(NewJob block, MessageBundle bundle, Form form) {
    key(block, bundle, form, form.keys().isEmpty() ? null : form.keys().get(0));
    block.comment(
        bundle.say(
            MessageCode.INIT_FIELDS.with(
                names(form.fields().stream().filter(Field::writable).toList()))));
  }

  /** How the sample and its first rows are read; without a key there is nothing to map by. */
  private static void show(Terminal terminal, Form form, Proposal proposal, SourceReader reader) {
    Field key = proposal.key();
    var rows = new ArrayList<UnderstoodRow>();
    if (key != null) {
      var options = MappingOptions.DEFAULT.grouped(reader.isGrouped());
      var mapping = Mapping.of(form, reader.columns(), FieldMap.of(proposal.map()), key, options);
      while (rows.size() < UnderstoodRow.MOST && reader.hasNext()) {
        var row = reader.next();
        rows.add(UnderstoodRow.of(row, mapping, mapping.map(row.values())));
      }
    }
    var file = reader.understanding();
    PlanPrinter.understood(
        terminal::say, terminal::say, file == null ? null : Understood.sentence(file), rows);
  }

  private static void propose(NewJob block, MessageBundle bundle, Form form, Proposal proposal) {
    key(block, bundle, form, proposal.key());
    if (proposal.byName()) {
      block.comment(bundle.say(MessageCode.INIT_BY_NAME.with()));
    } else if (!proposal.map().isEmpty()) {
      block.withMap(proposal.map());
    }
    if (!proposal.guessed().isEmpty()) {
      var guessed = new ArrayList<String>();
      proposal.guessed().forEach(column -> guessed.add(column + "=" + proposal.map().get(column)));
      block.comment(bundle.say(MessageCode.INIT_GUESSED.with(Shown.names(guessed))));
    }
    proposal
        .unmatched()
        .forEach(
            (column, near) ->
                block.comment(
                    bundle.say(
                        near.isEmpty()
                            ? MessageCode.INIT_UNMATCHED.with(Shown.name(column))
                            : MessageCode.INIT_PERHAPS.with(Shown.name(column), near))));
    if (!proposal.unmatched().isEmpty()) {
      var all = new LinkedHashMap<>(proposal.map());
      proposal.unmatched().keySet().forEach(column -> all.put(column, "?"));
      block.comment(bundle.say(MessageCode.INIT_SKELETON.with())).mapAsComment(all);
    }
    if (!proposal.free().isEmpty()) {
      block.comment(bundle.say(MessageCode.INIT_FREE.with(names(proposal.free()))));
    }
    if (!proposal.readOnly().isEmpty()) {
      block.comment(
          bundle.say(MessageCode.COLUMNS_READ_ONLY.with(Shown.names(proposal.readOnly()))));
    }
    if (!proposal.missing().isEmpty()) {
      block.comment(bundle.say(MessageCode.INIT_MISSING.with(names(proposal.missing()))));
    }
  }

  private static void key(NewJob block, MessageBundle bundle, Form form, @Nullable Field key) {
    if (key != null) {
      block.with("update-key", key.code());
    } else {
      block.comment(
          bundle.say(
              form.keys().isEmpty()
                  ? MessageCode.INIT_NO_KEY.with(form.app())
                  : MessageCode.INIT_KEY_UNFILLED.with(names(form.keys()))));
    }
  }

  private static String names(List<Field> fields) {
    return fields.stream().map(Field::name).collect(Collectors.joining(", "));
  }
}
