package dev.kintonesync.simulator.rules;

/** What can be wrong with one parameter or one field: the messages inside a CB_VA01. */
public enum FieldError {
  REQUIRED_PARAMETER("Required field.", "必須です。"),
  REQUIRED("Required.", "必須です。"),
  NOT_UNIQUE("This value already exists in another record.", "値がほかのレコードと重複しています。"),
  TOO_LONG("Enter less than {0} characters.", "{0}文字より短くなければなりません。"),
  TOO_SHORT("Enter more than {0} characters.", "{0}文字より長くなければなりません。"),
  TOO_LARGE("The value must be {0} or less.", "{0}以下である必要があります。"),
  TOO_SMALL("The value must be {0} or more.", "{0}以上である必要があります。"),
  NOT_A_NUMBER("Only numbers are allowed.", "数字でなければなりません。"),
  TOO_MANY_DIGITS("The number of significant digits is exceeded.", "有効桁数を超えています。"),
  NOT_AN_OPTION("The value, \"{0}\", is not in options.", "\"{0}\"は選択肢にありません。"),
  NOT_A_DATE("Enter a valid date.", "日付の形式が正しくありません。"),
  NOT_A_TIME("Enter a valid time.", "時刻の形式が正しくありません。"),
  NOT_A_DATETIME("Enter a valid date and time.", "日時の形式が正しくありません。"),
  NOT_A_URL("The format of the URL is not valid.", "URL の形式が正しくありません。"),
  NOT_A_PHONE_NUMBER("The format of the phone number is not valid.", "電話番号の形式が正しくありません。"),
  NOT_AN_ADDRESS("The format of the e-mail address is not valid.", "メールアドレスの形式が正しくありません。"),
  AT_LEAST("must be greater than or equal to {0}", "最小でも{0}以上です。"),
  AT_MOST("must be less than or equal to {0}", "最大でも{0}以下です。"),
  NOT_IN_ENUM("must be one of the enum value", "Enum値のいずれかでなければなりません。"),
  NOT_AN_INTEGER("Enter an integer value.", "整数値を入力してください。"),
  NOT_A_BOOLEAN("must be boolean.", "booleanでなければなりません。"),
  SIZE_BETWEEN("size must be between {0} and {1}", "サイズは{0}から{1}の間でなければなりません。"),
  TOO_MANY_ADDS("A maximum of 100 records can be added at one time.", "一度に100件までのレコードを追加できます。"),
  TOO_MANY_UPDATES(
      "A maximum of 100 records can be updated at one time.", "一度に100件までのレコードを更新できます。"),
  DELETE_COUNT(
      "Between 1 and 100 records can be deleted at one time.", "一度に1件から100件までのレコードを削除できます。"),
  ID_OR_UPDATE_KEY(
      "The record to be updated must be specified by one of the parameters \"id\" and"
          + " \"updateKey\".",
      "更新するレコードは、パラメーター「id」と「updateKey」のいずれか一方で指定する必要があります。"),
  KEY_IN_RECORD(
      "The value of the field specified in \"updateKey\" cannot be updated.",
      "「updateKey」に指定したフィールドの値は更新できません。"),
  BAD_QUERY("unsupported query format", "クエリ記法が間違っています。"),
  TOO_MANY_REQUESTS("A maximum of 20 requests can be sent at one time.", "一度に20件までのリクエストを送信できます。"),
  TEXT_BETWEEN("Enter between {0} and {1} characters.", "{0}文字から{1}文字の間で入力してください。"),
  NAME_LENGTH("Name must be between 1 and 64 characters.", "名前は1文字から64文字の間でなければなりません。"),
  SPACE_NEEDED(
      "Space parameter is required to create an app in space.",
      "スペースにアプリを作成するには、spaceパラメーターが必要です。"),
  THREAD_NEEDED(
      "Thread parameter is required to create an app in space.",
      "スペースにアプリを作成するには、threadパラメーターが必要です。"),
  DUPLICATE_APP("App ID is duplicated.", "アプリIDが重複しています。"),
  NOT_ON_THE_FORM(
      "Failed to update form. Field (code: {0}) is not found.",
      "フォームの更新に失敗しました。フィールド（code: {0}）が見つかりません。"),
  OTHER_TYPE_ON_THE_FORM(
      "Failed to update form. The type of the field (code: {0}) does not match the type parameter.",
      "フォームの更新に失敗しました。フィールド（code: {0}）のタイプがtypeパラメーターと一致しません。"),
  OTHER_TABLE_ON_THE_FORM(
      "Failed to update form. The format of table {0} is not valid. Some fields may be missing or"
          + " the specified fields may not exist in the table.",
      "フォームの更新に失敗しました。テーブル{0}の形式が正しくありません。" + "フィールドが不足しているか、テーブルにないフィールドが指定されています。"),
  DUPLICATE_CODE("The field code \"{0}\" is used twice.", "フィールドコード「{0}」が重複しています。"),
  BAD_CODE("The field code \"{0}\" cannot be used.", "フィールドコード「{0}」は使用できません。"),
  BAD_FIELD_TYPE("A field of the type {0} cannot be added.", "{0}のフィールドは追加できません。"),
  DUPLICATE_RECORD("The record (ID: {0}) is specified twice.", "レコード（id: {0}）が重複して指定されています。"),
  REVISION_OF_INSERT(
      "A revision cannot be specified for a record to be added.", "追加するレコードにrevisionは指定できません。");

  private final String english;
  private final String japanese;

  FieldError(String english, String japanese) {
    this.english = english;
    this.japanese = japanese;
  }

  String message(Language language, String... arguments) {
    return language.choose(english, japanese, arguments);
  }
}
