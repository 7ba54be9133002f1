package dev.kintonesync.simulator.rules;

import dev.kintonesync.simulator.state.Domain;
import dev.kintonesync.simulator.state.MemoryGuard;

/**
 * The refusals the simulator knows: Kintone's code, the HTTP status it comes with today, and the
 * message in English and Japanese, with gaps {0} and {1}. Where only one language was ever seen,
 * the other is our translation.
 */
public enum ErrorCode {
  CB_AU01(401, "Please login.", "ログインしてください。"),
  CB_WA01(
      401,
      "Password authentication failed. The value in http header of X-Cybozu-Authorization is not"
          + " valid.",
      "ユーザーのパスワード認証に失敗しました。「X-Cybozu-Authorization」ヘッダーの値が正しくありません。"),
  CB_NO02(403, "No privilege to proceed.", "権限がありません。"),
  CB_VA01(400, "Missing or invalid input.", "入力内容が正しくありません。"),
  CB_IJ01(400, "Invalid JSON string.", "不正なJSON文字列です。"),
  CB_IL02(400, "Illegal request.", "不正なリクエストです。"),
  GAIA_AP01(
      404,
      "The app (ID: {0}) not found. The app may have been deleted.",
      "指定したアプリ（id: {0}）が見つかりません。削除されている可能性があります。"),
  GAIA_BF02(
      403,
      "App permissions are required to add records with specifying a value in the \"{0}\" field.",
      "「{0}」フィールドに値を指定してレコードを追加するには、アプリ管理権限が必要です。"),
  GAIA_BL01(404, "The specified file (id: {0}) not found.", "指定したファイル（id: {0}）が見つかりません。"),
  GAIA_CN01(
      404, "The specified cursor does not exist or has expired.", "指定したカーソルは存在しないか、既に有効期限が切れています。"),
  GAIA_CO02(
      409,
      "The revision is not the latest. Someone may update a record.",
      "指定したrevisionは最新ではありません。ほかのユーザーがレコードを更新した可能性があります。"),
  GAIA_CO03(
      409,
      "The revision is not the latest. Someone may update the app settings (ID: {0}).",
      "指定したrevisionは最新ではありません。ほかのユーザーがアプリの設定（id: {0}）を更新した可能性があります。"),
  GAIA_DA02(
      400,
      "The operation failed because the database is locked. Please try again later.",
      "データベースがロックされているため、操作に失敗しました。時間をおいて再度お試しください。"),
  GAIA_DA03(
      400,
      "You cannot specify a duplicate API token for the same app.",
      "同じアプリのAPIトークンを重複して指定することはできません。"),
  GAIA_FC01(400, "The field (code: {0}) not found.", "指定したフィールド（code: {0}）が見つかりません。"),
  GAIA_FU01(403, "Edit permissions are required to edit field \"{0}\".", "フィールド「{0}」の編集権限がありません。"),
  GAIA_IA02(
      400,
      "The specified API token does not match the API token generated via an app.",
      "指定したAPIトークンは、アプリで生成したAPIトークンと一致しません。"),
  GAIA_IL01(
      400,
      "The formula of the field \"{0}\" is wrong. (Error: {1})",
      "フィールド「{0}」の計算式が正しくありません。(エラーの内容：{1})"),
  GAIA_IL03(
      400,
      "Failed to update the status. The settings or the status itself may have been changed by"
          + " someone.",
      "ステータスの変更に失敗しました。ほかのユーザーがステータス、またはステータスの設定を変更した可能性があります。"),
  GAIA_IL08(400, "The query is wrong.", "クエリの指定が不正です。"),
  GAIA_IL23(
      400,
      "When you operate an app in a guest space, please send the request to \"/k/guest/(guest space"
          + " ID)/v1/...\".",
      "ゲストスペース内のアプリを操作する場合は、リクエストの送信先を「/k/guest/（ゲストスペースのID）/v1/...」にします。"),
  GAIA_IL26(400, "The specified user (code：{0}) not found.", "指定したユーザー（code：{0}）が見つかりません。"),
  GAIA_IL27(400, "The specified group (code：{0}) not found.", "指定したグループ（code：{0}）が見つかりません。"),
  GAIA_IL28(400, "The specified organization (code：{0}) not found.", "指定した組織（code：{0}）が見つかりません。"),
  GAIA_IQ03(
      400,
      "The operator {1} cannot be used with the type of the field {0}.",
      "{0}フィールドのフィールドタイプには演算子{1}を使用できません。"),
  GAIA_IQ07(
      400,
      "The operator {1} cannot be used with the type of the field {0}, because it is in a table.",
      "テーブルに設定している場合、{0}フィールドのフィールドタイプには、演算子{1}を使用できません。"),
  GAIA_IQ10(
      400, "The value \"{1}\" does not exist in the field \"{0}\".", "フィールド「{0}」の項目に「{1}」は存在しません。"),
  GAIA_IQ11(400, "Specified field ({0}) not found.", "指定されたフィールド（{0}）が見つかりません。"),
  GAIA_IQ23(
      400,
      "The specified day ({0}) is invalid. Specify an integer from 1 to 31.",
      "指定した日にち（{0}）は無効です。1から31までの整数で指定します。"),
  GAIA_IQ25(
      400,
      "Specify DAYS, WEEKS, MONTHS, or YEARS for the second argument of FROM_TODAY().",
      "FROM_TODAY()の第2引数には、「DAYS」「WEEKS」「MONTHS」「YEARS」のいずれかを指定します。"),
  GAIA_IQ27(
      400,
      "Failed to update record. The field (code: {0}) set as \"updateKey\" must be set to"
          + " \"Prohibit duplicate values\".",
      "レコードの更新に失敗しました。「updateKey」に指定したフィールド（code: {0}）は、「値の重複を禁止する」が設定されている必要があります。"),
  GAIA_IQ28(
      400,
      "The records that match the conditions specified in \"updateKey\" are duplicated.",
      "「updateKey」に指定した条件にあてはまるレコードが重複しています。"),
  GAIA_IR02(400, "The field {0} is not a related records field.", "{0}フィールドは関連レコード一覧ではありません。"),
  GAIA_LO03(
      400,
      "The key field of the lookup \"{0}\" must prohibit duplicate values.",
      "ルックアップ「{0}」のコピー元のフィールドは、値の重複を禁止する必要があります。"),
  GAIA_LO04(
      400,
      "A value {1} in the field {0} does not exist in the datasource app for lookup, or you do not"
          + " have permission to view the app or the field.",
      "フィールド「{0}」の値「{1}」が、ルックアップの参照先のフィールドにないか、またはアプリやフィールドの閲覧権限がありません。"),
  GAIA_NO01(
      403,
      "Using this API token, you cannot run the specified API.",
      "このAPIトークンでは、指定したAPIを実行できません。"),
  GAIA_NT01(403, "Only Assignee can change the status.", "作業者のみがステータスを変更できます。"),
  GAIA_QU01(400, "limit must be 500 or less.", "limit には 500 以下の値を指定してください。"),
  GAIA_QU02(400, "offset must be 10,000 or less.", "offset には 10,000 以下の値を指定してください。"),
  GAIA_RE01(404, "The specified record (ID: {0}) is not found.", "指定したレコード（id: {0}）が見つかりません。"),
  GAIA_RE02(
      400,
      "The specified comment does not exist. The comment may have been deleted.",
      "指定したコメントが存在しません。削除されている可能性があります。"),
  GAIA_RE03(
      403,
      "Cannot delete the comment (ID: {0}). The comment was posted by someone other than you.",
      "コメント（id: {0}）を削除できません。ほかのユーザーが書き込んだコメントです。"),
  GAIA_RE12(400, "Comment feature is disabled.", "コメント機能が無効化されています。"),
  GAIA_RE18(
      400,
      "The changes could not be saved because locking the database failed. Please try again later.",
      "データベースのロックに失敗したため、変更を保存できませんでした。時間をおいて再度お試しください。"),
  GAIA_RE20(
      404,
      "No records match the conditions specified in the \"updateKey\" field.",
      "「updateKey」に指定した条件にあてはまるレコードが見つかりません。"),
  GAIA_SA01(400, "Assignee is required.", "作業者を指定する必要があります。"),
  GAIA_SA04(400, "The user ({0}) cannot be selected as assignee.", "ユーザー（{0}）は作業者に指定できません。"),
  GAIA_SI01(400, "Raw ID (code: {0}) in a table is duplicated.", "テーブル（code: {0}）の行IDが重複しています。"),
  GAIA_ST02(
      400,
      "Your request failed. The process management feature has been disabled.",
      "操作に失敗しました。プロセス管理機能が無効化されています。"),
  GAIA_TM12(
      429,
      "The cursor cannot be created because the number of cursors has reached the limit.",
      "作成できるカーソルの上限に達しているため、カーソルを作成できません。不要なカーソルを削除するか、しばらく経ってから再実行してください。"),
  GAIA_TO03(400, "The number of parameters exceeds the limit. - {0}", "パラメーターの数が上限を超えています。 - {0}"),
  GAIA_TO04(
      429, "The number of concurrent API requests exceeds the limit.", "APIの同時リクエスト数が上限を超えています。"),
  GAIA_UN10(400, "Cannot update field whose type is {0}.", "{0}のタイプのフィールドは更新できません。"),

  /** Not of Kintone: the simulator's own memory is full. */
  SIMULATOR_MEMORY(
      507,
      "The memory of the simulator ({0} MB) is full: {1} records are in it. Nothing was written."
          + " Start it with more: JAVA_OPTS=-Xmx4g.",
      "シミュレーターのメモリー（{0} MB）がいっぱいです（現在 {1} 件のレコード）。何も書き込まれていません。"
          + "JAVA_OPTS=-Xmx4g のように増やして起動してください。"),

  /** Not of Kintone: a call of its API that the simulator does not answer. */
  SIMULATOR_UNKNOWN(
      404,
      "The simulator does not know the call {0}. What it knows is listed in docs/simulator.md.",
      "シミュレーターは {0} の呼び出しに対応していません。対応する呼び出しは docs/simulator.md にあります。");

  private final int status;
  private final String english;
  private final String japanese;

  ErrorCode(int status, String english, String japanese) {
    this.status = status;
    this.english = english;
    this.japanese = japanese;
  }

  /** The HTTP status it is answered with, unless a setting says otherwise. */
  public int status() {
    return status;
  }

  /** The message; the gaps are filled in the order of the arguments. */
  public String message(Language language, String... arguments) {
    return language.choose(english, japanese, arguments);
  }

  /** Ends a call that would keep more than there is memory for. */
  public static void refuseWhenFull(Domain domain) {
    if (domain.memory().isFull()) {
      throw SIMULATOR_MEMORY.refuse(MemoryGuard.megabytes(), Long.toString(domain.records()));
    }
  }

  /** A refusal with this code; to be thrown. */
  public Refusal refuse(String... arguments) {
    return new Refusal(this, Problems.NONE, arguments);
  }
}
