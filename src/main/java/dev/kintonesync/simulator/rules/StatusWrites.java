package dev.kintonesync.simulator.rules;

import dev.kintonesync.simulator.state.App;
import dev.kintonesync.simulator.state.Design;
import dev.kintonesync.simulator.state.Directory;
import dev.kintonesync.simulator.state.Domain;
import dev.kintonesync.simulator.state.FieldType;
import dev.kintonesync.simulator.state.FormField;
import dev.kintonesync.simulator.state.Permission;
import dev.kintonesync.simulator.state.StatusProcess;
import dev.kintonesync.simulator.state.StoredRecord;
import dev.kintonesync.simulator.state.Transaction;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Moves records from state to state and gives them assignees. A move counts two revisions. Of a
 * state where all assignees have to act, the last one moves the record; each other one is an
 * assignee no more.
 */
public final class StatusWrites {
  private final Domain domain;
  private final Transaction transaction;
  private final Caller caller;
  private final App app;
  private final Design design;
  private final StatusProcess process;
  private final FormField status;
  private final FormField assignee;

  /** What is to be done to one record. */
  public record Move(long id, String action, @Nullable String assignee, @Nullable Long revision) {}

  /**
   * @throws Refusal when the app has no process
   */
  public StatusWrites(Domain domain, Transaction transaction, Caller caller, Access.Live app) {
    this.domain = domain;
    this.transaction = transaction;
    this.caller = caller;
    this.app = app.app();
    this.design = app.design();
    this.process = design.states();
    FormField statusField = design.form().only(FieldType.STATUS);
    FormField assigneeField = design.form().only(FieldType.STATUS_ASSIGNEE);
    if (!process.enabled() || statusField == null || assigneeField == null) {
      throw ErrorCode.GAIA_ST02.refuse();
    }
    this.status = statusField;
    this.assignee = assigneeField;
  }

  /** Moves one record; answers its new revision. */
  public long move(Move move) {
    StoredRecord record = expected(move.id(), move.revision());
    StatusProcess.Action action = action(record, move.action());
    List<String> present = assignees(record);
    if (!present.isEmpty() && !present.contains(caller.user())) {
      throw ErrorCode.GAIA_NT01.refuse();
    }
    StatusProcess.State now = process.states().get(action.from());
    if (now != null && now.type() == StatusProcess.AssigneeType.ALL && present.size() > 1) {
      List<String> others = present.stream().filter(user -> !user.equals(caller.user())).toList();
      return store(record, now.name(), others, 1);
    }
    StatusProcess.State next = Objects.requireNonNull(process.states().get(action.to()));
    return store(record, next.name(), next(record, next, move.assignee()), 2);
  }

  /** Replaces the assignees of a record; answers its new revision. */
  public long assign(long id, List<String> users, @Nullable Long revision) {
    StoredRecord record = expected(id, revision);
    for (String user : users) {
      if (domain.directory().name(Directory.Kind.USER, user) == null) {
        throw ErrorCode.GAIA_IL26.refuse(user);
      }
    }
    return store(record, design.stateOf(record), List.copyOf(new LinkedHashSet<>(users)), 1);
  }

  private StoredRecord expected(long id, @Nullable Long revision) {
    StoredRecord record = app.record(id);
    if (record == null) {
      throw ErrorCode.GAIA_RE01.refuse(Long.toString(id));
    }
    new PermissionView(domain, caller, app, design).require(record, Permission.EDIT);
    if (revision != null && revision != -1 && revision != record.revision()) {
      throw ErrorCode.GAIA_CO02.refuse();
    }
    return record;
  }

  private StatusProcess.Action action(StoredRecord record, String name) {
    String state = design.stateOf(record);
    for (StatusProcess.Action action : process.actions()) {
      boolean fits = action.name().equals(name) && action.from().equals(state);
      if (fits && isMet(action.condition(), record)) {
        return action;
      }
    }
    throw ErrorCode.GAIA_IL03.refuse();
  }

  private boolean isMet(String condition, StoredRecord record) {
    RecordReads reads = new RecordReads(domain, caller, app, design);
    return condition.isEmpty() || reads.matches(reads.compile(condition), record);
  }

  @SuppressWarnings("unchecked")
  private List<String> assignees(StoredRecord record) {
    Object cell = record.cell(assignee);
    return cell == null ? List.of() : (List<String>) cell;
  }

  private List<String> next(
      StoredRecord record, StatusProcess.State state, @Nullable String chosen) {
    Set<String> candidates = candidates(record, state);
    if (state.type() != StatusProcess.AssigneeType.ONE) {
      return List.copyOf(candidates);
    }
    if (state.candidates().isEmpty()) {
      return List.of();
    }
    if (chosen == null || chosen.isEmpty()) {
      throw ErrorCode.GAIA_SA01.refuse();
    }
    boolean open = state.candidates().stream().anyMatch(c -> isCrowd(c.type()));
    if (!open && !candidates.contains(chosen)) {
      throw ErrorCode.GAIA_SA04.refuse(chosen);
    }
    return List.of(chosen);
  }

  /** Who is in a group or organisation is not known here: anybody may be. */
  private static boolean isCrowd(String type) {
    return type.equals("GROUP") || type.equals("ORGANIZATION");
  }

  @SuppressWarnings("unchecked")
  private Set<String> candidates(StoredRecord record, StatusProcess.State state) {
    Set<String> users = new LinkedHashSet<>();
    for (StatusProcess.Candidate candidate : state.candidates()) {
      FormField field = design.form().field(candidate.code());
      switch (candidate.type()) {
        case "USER" -> users.add(candidate.code());
        case "CREATOR" -> users.add(record.creator());
        case "FIELD_ENTITY" -> {
          if (field != null && field.type() == FieldType.CREATOR) {
            users.add(record.creator());
          } else if (field != null && field.type() == FieldType.MODIFIER) {
            users.add(record.modifier());
          } else if (field != null && record.cell(field) instanceof List<?> codes) {
            users.addAll((List<String>) codes);
          }
        }
        default -> {}
      }
    }
    return users;
  }

  private long store(
      StoredRecord record, @Nullable String state, List<String> assignees, int revisions) {
    @Nullable Object[] cells = Arrays.copyOf(record.cells(), design.form().slots());
    cells[status.slot()] = state;
    cells[assignee.slot()] = assignees.isEmpty() ? null : List.copyOf(assignees);
    StoredRecord moved =
        new StoredRecord(
            record.id(),
            record.revision() + revisions,
            record.creator(),
            record.created(),
            caller.user(),
            domain.clock().minute(),
            cells);
    transaction.put(app, moved);
    return moved.revision();
  }
}
