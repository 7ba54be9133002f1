package dev.kintonesync.form;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An app with a field of every type and setting, as {@code GET app/form/fields.json} gives it. */
final class CustomersForm {

  private static final JsonMapper JSON = new JsonMapper();

  static final JsonNode ANSWER =
      json(
          """
          {"revision": "7", "properties": {
           "code": {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "顧客コード", "required": true,
             "unique": true, "defaultValue": "", "minLength": "", "maxLength": "", "expression": ""},
           "no": {"type": "NUMBER", "code": "no", "label": "番号", "required": false, "unique": true,
             "defaultValue": "", "minValue": "", "maxValue": ""},
           "name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "顧客名", "required": true,
             "unique": false, "defaultValue": "", "minLength": "2", "maxLength": "10", "expression": ""},
           "kana": {"type": "SINGLE_LINE_TEXT", "code": "kana", "label": "フリガナ", "required": false,
             "unique": false, "defaultValue": "", "minLength": "", "maxLength": "", "expression": ""},
           "memo": {"type": "MULTI_LINE_TEXT", "code": "memo", "label": "メモ", "required": false, "defaultValue": ""},
           "rich": {"type": "RICH_TEXT", "code": "rich", "label": "詳細", "required": false, "defaultValue": ""},
           "amount": {"type": "NUMBER", "code": "amount", "label": "金額", "required": false, "unique": false,
             "defaultValue": "", "minValue": "", "maxValue": ""},
           "rate": {"type": "NUMBER", "code": "rate", "label": "率", "required": true, "unique": false,
             "defaultValue": "1", "minValue": "-1.5", "maxValue": "100"},
           "rank": {"type": "DROP_DOWN", "code": "rank", "label": "ランク", "required": true, "defaultValue": "",
             "options": {"C": {"label": "C", "index": "2"}, "A": {"label": "A", "index": "0"}, "B": {"label": "B", "index": "1"}}},
           "plan": {"type": "RADIO_BUTTON", "code": "plan", "label": "プラン", "required": true, "defaultValue": "free",
             "options": {"free": {"label": "free", "index": "0"}, "paid": {"label": "paid", "index": "1"}}},
           "tags": {"type": "CHECK_BOX", "code": "tags", "label": "タグ", "required": false, "defaultValue": [],
             "options": {"red": {"label": "red", "index": "0"}, "blue": {"label": "blue", "index": "1"}, "1": {"label": "1", "index": "2"}}},
           "areas": {"type": "MULTI_SELECT", "code": "areas", "label": "地域", "required": false, "defaultValue": [],
             "options": {"東": {"label": "東", "index": "0"}, "西": {"label": "西", "index": "1"}}},
           "since": {"type": "DATE", "code": "since", "label": "取引開始日", "required": true, "unique": false,
             "defaultValue": "", "defaultNowValue": true},
           "opens": {"type": "TIME", "code": "opens", "label": "開店", "required": false, "defaultValue": "", "defaultNowValue": false},
           "visited": {"type": "DATETIME", "code": "visited", "label": "訪問", "required": false, "unique": false,
             "defaultValue": "", "defaultNowValue": false},
           "site": {"type": "LINK", "code": "site", "label": "Webサイト", "required": false, "unique": true, "protocol": "WEB",
             "defaultValue": "", "minLength": "", "maxLength": ""},
           "mail": {"type": "LINK", "code": "mail", "label": "メール", "required": false, "unique": false, "protocol": "MAIL",
             "defaultValue": "", "minLength": "", "maxLength": ""},
           "tel": {"type": "LINK", "code": "tel", "label": "電話番号", "required": false, "unique": false, "protocol": "CALL",
             "defaultValue": "", "minLength": "", "maxLength": ""},
           "files": {"type": "FILE", "code": "files", "label": "添付ファイル", "required": false, "thumbnailSize": "150"},
           "owner": {"type": "USER_SELECT", "code": "owner", "label": "担当者", "required": false, "entities": [], "defaultValue": []},
           "team": {"type": "ORGANIZATION_SELECT", "code": "team", "label": "組織", "required": false, "entities": [], "defaultValue": []},
           "circle": {"type": "GROUP_SELECT", "code": "circle", "label": "グループ", "required": false, "entities": [], "defaultValue": []},
           "branch": {"type": "SINGLE_LINE_TEXT", "code": "branch", "label": "支店", "required": false,
             "lookup": {"relatedApp": {"app": "9", "code": ""}, "relatedKeyField": "bc",
               "fieldMappings": [{"field": "branch_name", "relatedField": "bn"}], "lookupPickerFields": [], "filterCond": "", "sort": ""}},
           "branch_name": {"type": "SINGLE_LINE_TEXT", "code": "branch_name", "label": "支店名", "required": true,
             "unique": true, "defaultValue": "", "minLength": "", "maxLength": "", "expression": ""},
           "full": {"type": "SINGLE_LINE_TEXT", "code": "full", "label": "全体", "required": false, "unique": false,
             "defaultValue": "", "minLength": "", "maxLength": "", "expression": "code & name", "hideExpression": false},
           "total": {"type": "CALC", "code": "total", "label": "合計", "required": false, "expression": "amount*2"},
           "note1": {"type": "SINGLE_LINE_TEXT", "code": "note1", "label": "備考", "required": false, "unique": false, "expression": ""},
           "note2": {"type": "SINGLE_LINE_TEXT", "code": "note2", "label": "備考", "required": false, "unique": false, "expression": ""},
           "orders": {"type": "SUBTABLE", "code": "orders", "label": "注文", "noLabel": true, "fields": {
             "item": {"type": "SINGLE_LINE_TEXT", "code": "item", "label": "品名", "required": true, "unique": false, "expression": ""},
             "qty": {"type": "NUMBER", "code": "qty", "label": "数量", "required": false, "unique": false, "minValue": "", "maxValue": ""},
             "sum": {"type": "CALC", "code": "sum", "label": "小計", "expression": "qty*2"}}},
           "group": {"type": "GROUP", "code": "group", "label": "基本情報", "noLabel": false, "openGroup": true},
           "related": {"type": "REFERENCE_TABLE", "code": "related", "label": "関連", "referenceTable": {}},
           "hologram": {"type": "HOLOGRAM", "code": "hologram", "label": "ホログラム"},
           "レコード番号": {"type": "RECORD_NUMBER", "code": "レコード番号", "label": "レコード番号", "noLabel": false},
           "作成者": {"type": "CREATOR", "code": "作成者", "label": "作成者", "noLabel": false},
           "更新日時": {"type": "UPDATED_TIME", "code": "更新日時", "label": "更新日時", "noLabel": false},
           "ステータス": {"type": "STATUS", "code": "ステータス", "label": "ステータス", "enabled": false}}}
          """);

  static final Form FORM = Form.of("42", ANSWER, NumberPrecision.KINTONE_DEFAULT);

  private CustomersForm() {}

  static Field field(String code) {
    return Objects.requireNonNull(FORM.field(code), code);
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** The JSON value that the field takes for this, or the code of the problem. */
  static String converted(String code, @Nullable Object raw) {
    Converted converted = field(code).convert(raw);
    return converted instanceof Converted.Value value
        ? value.json().toString()
        : ((Converted.Refused) converted).problem().code();
  }
}
