package dev.kintonesync.settings;

import dev.kintonesync.kintone.Credentials.Login;
import dev.kintonesync.message.MessageCode;
import dev.kintonesync.message.UserErrorException;
import dev.kintonesync.message.UserMessage;
import dev.kintonesync.source.Overlap;
import dev.kintonesync.sync.Mode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads where the rows of a job come from: what all kinds of source have in common, and the check
 * that no property is set that the job's kind does not read.
 */
final class SourceBlock {
  private final String name;
  private final Settings settings;
  private final ConfigEntries entries;
  private final Path secrets;
  private final JobBlock block;

  SourceBlock(String name, Settings settings, ConfigEntries entries, Path secrets, JobBlock block) {
    this.name = name;
    this.settings = settings;
    this.entries = entries;
    this.secrets = secrets;
    this.block = block;
  }

  /** The variable that holds the password of a job's source: {@code SOURCE_PASSWORD_CUSTOMERS}. */
  static String passwordVariable(String job) {
    return "SOURCE_PASSWORD_" + JobKey.inVariable(job);
  }

  /** The variable that holds the token of a job's source: {@code SOURCE_TOKEN_CUSTOMERS}. */
  static String tokenVariable(String job) {
    return "SOURCE_TOKEN_" + JobKey.inVariable(job);
  }

  /** Returns the source that the block names. */
  Source source() {
    var kind = SourceKind.of(block.require(PropertyCatalog.SOURCE));
    kindsByProperty()
        .forEach(
            (property, kinds) ->
                refuse(
                    property,
                    kinds.contains(kind.word()),
                    MessageCode.ONLY_OF_SOURCE.with(String.join(", ", kinds))));
    return kind.block(this).source();
  }

  /** Returns the kinds that read a property; one that no kind names is for all of them. */
  private Map<Property<?>, Set<String>> kindsByProperty() {
    var kinds = new LinkedHashMap<Property<?>, Set<String>>();
    for (var kind : SourceKind.values()) {
      for (var property : kind.block(this).properties()) {
        kinds.computeIfAbsent(property, first -> new LinkedHashSet<>()).add(kind.word());
      }
    }
    return kinds;
  }

  String name() {
    return name;
  }

  Settings settings() {
    return settings;
  }

  JobBlock block() {
    return block;
  }

  ConfigEntries entries() {
    return entries;
  }

  /** Returns the file in which a missing secret may be written. */
  Path secrets() {
    return secrets;
  }

  /** The user of the source with the password; null when it asks for none. */
  @Nullable Login login() {
    String username = block.value(PropertyCatalog.SOURCE_USERNAME);
    String password = block.value(PropertyCatalog.SOURCE_PASSWORD);
    if (password != null && username == null) {
      throw new UserErrorException(
          MessageCode.SOURCE_USERNAME_MISSING.with(
              name, PropertyCatalog.SOURCE_USERNAME.key(name)));
    }
    if (username != null && password == null) {
      throw new UserErrorException(
          MessageCode.SOURCE_PASSWORD_MISSING.with(
              name, passwordVariable(name), PropertyCatalog.SOURCE_PASSWORD.key(name), secrets));
    }
    return username == null || password == null ? null : new Login(username, password);
  }

  /** The column by which runs read on; null: they read everything. */
  @Nullable String checkpoint() {
    String checkpoint = block.value(PropertyCatalog.CHECKPOINT);
    var needed = MessageCode.ONLY_WITH_CHECKPOINT.with(PropertyCatalog.CHECKPOINT.key(name));
    refuse(PropertyCatalog.OVERLAP, checkpoint != null, needed);
    refuse(PropertyCatalog.CHECKPOINT_PARAMETER, checkpoint != null, needed);
    if (checkpoint != null && block.require(PropertyCatalog.MODE) == Mode.MIRROR) {
      throw new UserErrorException(
          MessageCode.MIRROR_WITH_CHECKPOINT.with(
              PropertyCatalog.MODE.key(name), PropertyCatalog.CHECKPOINT.key(name)));
    }
    return checkpoint;
  }

  /** How far behind its checkpoint a poll begins. */
  Overlap overlap() {
    Overlap overlap = block.value(PropertyCatalog.OVERLAP);
    return overlap == null ? Overlap.DEFAULT : overlap;
  }

  /**
   * What can have no effect is a mistake that its author should hear of.
   *
   * @param fits whether the property has an effect
   * @param why on what its effect depends
   * @throws UserErrorException when it is set and has none
   */
  void refuse(Property<?> property, boolean fits, UserMessage why) {
    var entry = entries.about(property.key(name));
    if (entry != null && !fits) {
      throw new UserErrorException(
          MessageCode.RULE_OUT_OF_PLACE.with(entry.place(), entry.spoken(), why));
    }
  }
}
