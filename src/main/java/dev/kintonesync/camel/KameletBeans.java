package dev.kintonesync.camel;

import java.util.Map;

/** The beans that only the routes of the Kamelets name. */
final class KameletBeans {
  private KameletBeans() {}

  /** Returns the beans by the names by which the routes know them. */
  static Map<String, Object> all() {
    return Map.of(
        "kintoneUpserts", new Upserts(),
        "kintoneOperations", new Operations(),
        "kintoneSendOnce", new SendOnce(),
        "kintoneCollectStrategy", Collected.STRATEGY);
  }
}
