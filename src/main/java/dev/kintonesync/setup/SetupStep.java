package dev.kintonesync.setup;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A step of the setup, and the properties of a job that it is about. Each property belongs to one,
 * whether the page has a control for it or not: what is wrong with it is told there.
 */
public enum SetupStep {
  APP("name", "app", "update-key", "api-token", "guest-space-id", "base-url"),

  SOURCE(
      "source",
      "folder",
      "folder.quiet-time",
      "done-file",
      "result-file",
      "url",
      "username",
      "password",
      "source.token",
      "source.token-header",
      "source.app",
      "source.base-url",
      "source.guest-space-id",
      "source.allowed-hosts",
      "source.max-rows",
      "source.max-bytes",
      "source.max-time",
      "query",
      "checkpoint",
      "checkpoint-parameter",
      "unique",
      "overlap",
      "page-size",
      "paging",
      "page-parameter",
      "first-page",
      "size-parameter",
      "next",
      "has-more",
      "last-page",
      "fetch-size",
      "brokers",
      "topic",
      "group",
      "value-format",
      "registry",
      "registry.username",
      "registry.password",
      "registry.token",
      "key-column",
      "deleted",
      "dead-letter-topic",
      "every",
      "run-time",
      "run-rows",
      "run-idle",
      "security-protocol",
      "sasl-mechanism",
      "client-properties",
      "encoding",
      "header",
      "skip-rows",
      "skip-when",
      "delimiter",
      "sheet",
      "pointer"),

  MAPPING(
      "map",
      "map-file",
      "unknown-columns",
      "revision-column",
      "group-by",
      "table-rows",
      "row-key",
      "key.normalize",
      "similar-keys",
      "attachments-dir",
      "attachments"),

  RULES(
      "mode",
      "existing",
      "missing-key",
      "duplicates",
      "empty",
      "empty-column",
      "if-empty",
      "on-insert",
      "refresh-lookup-fields",
      "hand-edits",
      "diff",
      "snapshot.full",
      "delete-when",
      "mirror.missing",
      "mirror.scope",
      "mirror.max-missing",
      "max-rejected",
      "max-updated",
      "run-field",
      "synced-at-field",
      "assert",
      "write",
      "approval",
      "schedule",
      "after",
      "time-zone",
      "missed",
      "reconcile",
      "notify",
      "notify-mail",
      "notify-mail-column",
      "engine",
      "undo");

  /** What else than the source decides which rows there are, with which columns. */
  private static final Set<String> DECIDING =
      Set.of(
          "app",
          "api-token",
          "guest-space-id",
          "base-url",
          "map-file",
          "unknown-columns",
          "revision-column",
          "group-by",
          "delete-when");

  @SuppressWarnings("ImmutableEnumChecker") // List.of
  private final List<String> properties;

  SetupStep(String... properties) {
    this.properties = List.of(properties);
  }

  /** The step of a property, as it stands without the name of its job; null: of none. */
  public static @Nullable SetupStep of(@Nullable String property) {
    return Arrays.stream(values())
        .filter(step -> property != null && step.properties.contains(property))
        .findFirst()
        .orElse(null);
  }

  /** Returns what it is about, without the name of the job. */
  List<String> properties() {
    return properties;
  }

  /** Returns how the page calls it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether other rows may be read when a property changes; of one that is not known it may be. */
  static boolean decidesRows(String property) {
    var step = of(property);
    return step == null || step == SOURCE || DECIDING.contains(property);
  }
}
