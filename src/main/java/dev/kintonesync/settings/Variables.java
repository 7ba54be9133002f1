package dev.kintonesync.settings;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which variables of the environment say what properties say. */
final class Variables {
  /** How the names of the properties begin that the environment may set. */
  private static final List<String> HEARD = List.of("kintone.", "folder.");

  /** Stands for the name of a job, in keys and in variables. */
  private static final String NAME = "NAME";

  private Variables() {}

  /**
   * The keys that the environment may set, each with its variables, of which the last that is set
   * counts: {@code KINTONE_...} for every {@code kintone.*} property, {@code FOLDER_...} for every
   * {@code folder.*} property, the variable of every other secret of all jobs, and the token of
   * each job and the password and token of its source and registry.
   */
  static Map<String, List<String>> byKey(Collection<String> jobs) {
    var variables = new LinkedHashMap<String, List<String>>();
    for (Property<?> property : PropertyCatalog.all()) {
      boolean secretOfAll = property.type().secret() && !property.ofJob();
      if (HEARD.stream().anyMatch(property.name()::startsWith) || secretOfAll) {
        variables.put(property.name(), List.of(property.variable()));
      }
    }
    for (String job : jobs) {
      String asItStands = JobKey.asVariable(job);
      variables.put(
          PropertyCatalog.JOB_API_TOKEN.key(job),
          List.of("KINTONE_API_TOKEN_" + asItStands, Credential.tokenVariable(job)));
      variables.put(
          PropertyCatalog.SOURCE_PASSWORD.key(job),
          List.of("SOURCE_PASSWORD_" + asItStands, SourceBlock.passwordVariable(job)));
      variables.put(
          PropertyCatalog.SOURCE_TOKEN.key(job),
          List.of("SOURCE_TOKEN_" + asItStands, SourceBlock.tokenVariable(job)));
      variables.put(
          PropertyCatalog.REGISTRY_PASSWORD.key(job), List.of(RegistryBlock.passwordVariable(job)));
      variables.put(
          PropertyCatalog.REGISTRY_TOKEN.key(job), List.of(RegistryBlock.tokenVariable(job)));
    }
    return variables;
  }

  /**
   * The key that says the same as a variable; of a job that is not among these, {@code
   * job.NAME.api-token} and its like. Null: it is none of our variables.
   */
  static @Nullable String keyOf(String variable, Collection<String> jobs) {
    for (var each : byKey(jobs).entrySet()) {
      if (each.getValue().contains(variable)) {
        return each.getKey();
      }
    }
    return byKey(List.of(NAME)).entrySet().stream()
        .filter(
            each ->
                each.getValue().stream()
                    .filter(one -> one.endsWith("_" + NAME))
                    .map(one -> one.substring(0, one.length() - NAME.length()))
                    .anyMatch(variable::startsWith))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }
}
