"use strict";
// Values of records as people read them. All words stand in the page; every value is set as text.
const RecordValues = (() => {
  const lang = document.documentElement.lang;
  const comma = lang === "ja" ? "、" : ", ";
  const figures = new Intl.NumberFormat(lang);
  const day = new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" });
  const word = id => document.getElementById(id).content.textContent;
  const figure = value => figures.format(value);

  function element(name, text, kind) {
    const made = document.createElement(name);
    made.textContent = text ?? "";
    if (kind) made.className = kind;
    return made;
  }

  function moment(node, instant, format) {
    node.textContent = format.format(new Date(instant));
    node.title = instant;
    return node;
  }

  function list(entries, more) {
    return entries.join(comma) + (more ? ` +${figure(more)}` : "");
  }

  function rows(field, cell) {
    const table = document.createElement("table");
    const head = table.createTHead().insertRow();
    for (const inner of field.fields) head.append(named("th", inner));
    const body = table.createTBody();
    for (const row of cell.value) {
      const line = body.insertRow();
      for (const inner of field.fields) {
        const box = line.insertCell();
        if (row.value[inner.code]) box.append(shown(inner, row.value[inner.code]));
      }
    }
    if (cell.more) {
      body.insertRow().append(element("td", `+${figure(cell.more)} ${word("rows")}`, "none"));
      body.lastElementChild.firstElementChild.colSpan = field.fields.length;
    }
    return table;
  }

  /** A value as a person reads it. */
  function shown(field, cell) {
    const value = cell.value;
    if (value === null || value === "" || value.length === 0) {
      const none = element("span", "–", "none");
      none.title = word("nothing");
      return none;
    }
    switch (field.type) {
      case "SUBTABLE":
        return rows(field, cell);
      case "FILE":
        return new Text(list(value.map(file => `${file.name} (${figure(file.size)} B)`), cell.more));
      case "CHECK_BOX":
      case "MULTI_SELECT":
      case "CATEGORY":
        return new Text(list(value, cell.more));
      case "CREATOR":
      case "MODIFIER":
        return new Text(value.name);
      case "CREATED_TIME":
      case "UPDATED_TIME":
      case "DATETIME":
        return moment(document.createElement("time"), value, day);
      default:
        return Array.isArray(value)
          ? new Text(list(value.map(one => one.name), cell.more))
          : element("div", value, "text");
    }
  }

  /** A heading with the label of a field and, where it is another one, its code. */
  function named(kind, field) {
    const node = document.createElement(kind);
    if (field.code.startsWith("$")) node.textContent = field.code === "$revision" ? word("revision") : field.label;
    else node.append(...labelled(field));
    return node;
  }

  /** Label and, where it is another one, code. */
  function labelled(field) {
    const parts = [new Text(field.label)];
    if (field.code !== field.label) parts.push(" ", element("small", field.code, "code"));
    return parts;
  }

  return { comma, element, figure, labelled, lang, moment, named, shown, word };
})();
