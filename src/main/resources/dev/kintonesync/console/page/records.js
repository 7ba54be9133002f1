// What runs changed, record by record, and which rows they rejected.
import { clock, element, figure, hasWord, link, place, put, word } from "./parts.js";

const LONGEST = 120;

const blank = shown => shown === null || shown === undefined || shown === "" || shown.length === 0;

/** A value of Kintone as people read it: names of users, groups and files, the rows of tables. */
function text(shown) {
  if (blank(shown)) return word("empty-value");
  if (Array.isArray(shown)) return shown.map(text).join(shown.some(each => each?.value) ? "\n" : word("and"));
  if (typeof shown !== "object") return String(shown);
  if (shown.name ?? shown.code) return shown.name || shown.code;
  const cells = shown.value && typeof shown.value === "object" ? shown.value : shown;
  return Object.entries(cells)
    .map(([name, cell]) => `${name}: ${text(cell !== null && typeof cell === "object" && "value" in cell ? cell.value : cell)}`)
    .join(", ");
}

/** A value in a cell; of a long one the beginning, and the rest when it is asked for. */
export function value(shown) {
  const whole = text(shown);
  const cell = element("td", "", blank(shown) ? "none" : "");
  if (whole.length <= LONGEST) {
    cell.textContent = whole;
    return cell;
  }
  const rest = document.createElement("details");
  rest.append(element("summary", whole.slice(0, LONGEST) + "…"), element("div", whole));
  cell.append(rest);
  return cell;
}

function spanning(rows, ...content) {
  const cell = document.createElement("td");
  cell.append(...content);
  if (rows > 1) cell.rowSpan = rows;
  return cell;
}

function outcomeOf(record) {
  const known = record.outcome === "deleted" ? "removed" : record.outcome;
  return hasWord(known) ? word(known) : known;
}

/** The rows of one record: as many as it has changed fields. */
function rowsOf(record, appUrl, ofRuns) {
  const fields = record.fields.length ? record.fields : [null];
  return fields.map((field, i) => {
    const row = document.createElement("tr");
    if (i === 0) {
      row.className = "first";
      if (ofRuns) {
        const run = link(place("run", record.run));
        run.append(clock(record.startedAt));
        row.append(spanning(fields.length, run));
      }
      const number = record.id ? (appUrl ? link(`${appUrl}show#record=${encodeURIComponent(record.id)}`, record.id) : record.id) : "–";
      const over = record.overEdit ? [document.createElement("br"), element("small", word("over-edit", record.overEdit))] : [];
      row.append(
        spanning(fields.length, record.key),
        spanning(fields.length, number),
        spanning(fields.length, element("span", outcomeOf(record), "outcome " + record.outcome), ...over));
    }
    const name = element("td", field?.label ?? "–");
    if (field && field.label !== field.code) name.title = field.code;
    row.append(name, ...(field ? [value(field.before), value(field.after)] : [element("td", ""), element("td", "")]));
    return row;
  });
}

export function changes(body, records, appUrl, ofRuns = false) {
  put(body, ...records.flatMap(record => rowsOf(record, appUrl, ofRuns)));
}

/** A table of rows of a source, each with its row and reason in front, and perhaps a button. */
export function rows(section, entries, button) {
  const numbered = entries.some(entry => entry.row);
  const columns = [...new Set(entries.flatMap(entry => Object.keys(entry.values)))];
  const names = [...(numbered ? [word("row")] : []), word("reason"), ...columns];
  const head = names.map(name => {
    const cell = element("th", name);
    cell.scope = "col";
    return cell;
  });
  put(section.querySelector("thead tr"), ...head);
  put(section.querySelector("tbody"), ...entries.map(entry => {
    const row = document.createElement("tr");
    row.className = "first";
    if (numbered) row.append(element("td", entry.row ? figure(entry.row) : "", "number"));
    const reason = element("td", "", "reason");
    reason.append(element("div", entry.reason));
    if (button) {
      const made = element("button", word("dismiss"));
      made.type = "button";
      made.dataset.id = entry.id;
      reason.append(made);
    }
    row.append(reason);
    for (const column of columns) row.append(entry.values[column] === undefined ? element("td") : value(entry.values[column]));
    return row;
  }));
}
