package dev.kintonesync.camel.kamelet;

import java.util.Map;

/** The beans that only the routes of the Kamelets name. */
public final class KameletBeans {
  private KameletBeans() {}

  /** Returns the beans by the names by which the routes know them. */
  public static Map<String, Object> all() {
    return Map.of(
        "kintoneUpserts", new UpsertSteps(),
        "kintoneOperations", new OperationSteps(),
        "kintoneOperationTurn", new OperationTurn(),
        "kintoneSendOnce", new SendOnceSteps(),
        "kintoneCollectStrategy", MessageBatch.STRATEGY);
  }
}
