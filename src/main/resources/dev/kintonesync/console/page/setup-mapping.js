// The fourth step: which column goes to which field, and what becomes of real values on the way.
import { asked, copy, element, link, part, place, word } from "./parts.js";
import { bind, call, change, problems, property, say, settled, show as fill, work } from "./setup-kit.js";
import { typeName } from "./setup-app.js";

const SHOWN = 4; // values of a column

let seen = null;

/** The fields to choose from: those of the form, then those of each table. */
function choices(select, value, first) {
  const groups = new Map();
  select.replaceChildren(new Option(first, ""));
  for (const field of seen.fields.filter(each => each.writable !== false && each.type !== "SUBTABLE")) {
    const code = field.table ? `${field.table}.${field.code}` : field.code;
    const text = (field.label && field.label !== field.code ? `${field.label} (${field.code})` : field.code) + (field.required ? " *" : "");
    const option = new Option(text, code);
    option.title = typeName(field.type);
    if (!field.table) select.append(option);
    else {
      if (!groups.has(field.table)) {
        const group = element("optgroup");
        group.label = field.table;
        groups.set(field.table, group);
        select.append(group);
      }
      groups.get(field.table).append(option);
    }
  }
  fill(select, value ?? "");
}

const codeOf = each => (each.table && !each.field.startsWith(`${each.table}.`) ? `${each.table}.${each.field}` : each.field);

/** The columns with what fills a field from them alone, the constants, and what is neither. */
function arranged(answer) {
  const [constants, others, first] = [[], [], new Map()];
  for (const each of answer.assignments ?? []) {
    const alone = each.columns?.length === 1 && !first.has(each.columns[0]) && (each.constant ?? null) === null;
    if (alone) first.set(each.columns[0], each);
    else if (!each.columns?.length && !each.steps) constants.push({ field: codeOf(each), value: each.constant });
    else others.push(each);
  }
  const columns = (answer.columns ?? []).map(column => {
    const one = first.get(column.name);
    return {
      name: column.name,
      field: one ? codeOf(one) : null,
      steps: one?.steps ?? "",
      guessed: one && answer.proposal?.guessed?.includes(column.name),
      near: answer.proposal?.near?.[column.name],
      readOnly: answer.readOnly?.includes(column.name),
      values: one ? one.values : (column.raw ?? []).map(raw => ({ raw })),
    };
  });
  return { ...answer, columns, constants, others };
}

function values(list, column) {
  const all = column.values ?? [];
  const sorted = [...all.filter(each => each.error), ...all.filter(each => !each.error)].slice(0, SHOWN);
  list.replaceChildren(...sorted.map(each => {
    const item = element("li", "", each.error ? "bad" : "");
    item.append(element("span", each.raw === null || each.raw === "" ? word("empty-value") : String(each.raw), "raw"));
    if (each.error) item.append(" → ", element("span", each.error, "sentence"));
    else if (column.field && each.value !== each.raw && each.value !== undefined) {
      item.append(" → ", element("b", each.value === null || each.value === "" ? word("empty-value") : String(each.value)));
    }
    return item;
  }));
}

const constants = box => [...part(box, "constants").querySelectorAll(".constant")].map(line => ({
  field: line.querySelector("select").value, value: line.querySelector("input").value,
})).filter(each => each.field);

/** Sends the whole of what the table says now. */
async function send(box, changed) {
  const rows = [...box.querySelectorAll(".pairs tbody tr")];
  const columns = rows.map(row => ({
    name: row.column,
    field: row.querySelector("select").value || null,
    steps: row.querySelector("input").value.trim() || null,
  }));
  const answer = await change("PUT", "/mapping", { columns, constants: constants(box) });
  const said = part(box, "said");
  const wrong = changed?.querySelector?.("input");
  if (answer.ok) {
    say(said, "");
    if (wrong) wrong.removeAttribute("aria-invalid");
    await look(box);
  } else if (answer.status !== 409) {
    if (answer.column === undefined) { // of no column alone: the table shows again what holds
      await look(box);
      say(said, answer.message, true);
      return;
    }
    const row = rows.find(each => each.column === answer.column) ?? changed;
    const list = row?.querySelector(".values ul");
    row?.querySelector("input")?.setAttribute("aria-invalid", "true");
    if (list) list.replaceChildren(element("li", answer.message, "bad"));
    else say(said, answer.message, true);
  }
}

function pair(box, column) {
  const row = copy("map-row").firstElementChild;
  row.column = column.name;
  part(row, "column").textContent = column.name;
  const [select, steps] = [row.querySelector("select"), row.querySelector("input")];
  select.setAttribute("aria-label", word("field-for", column.name));
  steps.setAttribute("aria-label", word("conversion-for", column.name));
  steps.removeAttribute("aria-invalid");
  select.onchange = () => {
    for (const other of box.querySelectorAll(".pairs select")) if (other !== select && select.value && other.value === select.value) other.value = "";
    send(box, row);
  };
  steps.onchange = () => send(box, row);
  return row;
}

function refresh(row, column) {
  const [select, steps] = [row.querySelector("select"), row.querySelector("input")];
  choices(select, column.field, word("not-mapped"));
  if (document.activeElement !== steps) steps.value = column.steps ?? "";
  const elsewhere = Boolean(property("map-file"));
  select.disabled = elsewhere;
  steps.disabled = elsewhere || !column.field;
  row.classList.toggle("unmapped", !column.field);
  const key = column.field && column.field === seen.key;
  part(row, "mark").textContent = key ? word(column.guessed ? "guessed-key" : "is-key") : column.guessed ? word("guessed") : !column.field && column.readOnly ? word("read-only") : !column.field && column.near ? word("near", column.near) : "";
  part(row, "mark").className = key ? "key" : "";
  values(row.querySelector(".values ul"), column);
}

function constant(box, field, value) {
  const line = copy("constant-row").firstElementChild;
  const [select, input, remove] = [line.querySelector("select"), line.querySelector("input"), line.querySelector("button")];
  choices(select, field, word("choose"));
  input.value = value ?? "";
  select.setAttribute("aria-label", word("constant-field"));
  input.setAttribute("aria-label", word("constant-value"));
  remove.textContent = word("remove");
  const given = () => (select.value && input.value !== "" ? send(box, null) : undefined);
  select.onchange = given;
  input.onchange = given;
  remove.onclick = () => {
    line.remove();
    part(box, "add").focus();
    send(box, null);
  };
  return line;
}

const keyFilled = () => [...seen.columns, ...seen.constants].some(each => each.field === seen.key) || seen.others.some(each => codeOf(each) === seen.key);

function notes(box) {
  const list = part(box, "notes");
  const lines = [];
  if (property("map-file")) lines.push(element("li", word("in-map-file", property("map-file"))));
  const labelled = code => {
    const field = seen.fields.find(each => each.code === code);
    return field && field.label !== code ? `${field.label} (${code})` : code;
  };
  if (seen.key && !keyFilled()) {
    lines.push(element("li", word("key-lacks", labelled(seen.key)), "bad"));
  }
  for (const code of seen.required ?? []) {
    const line = element("li", word("required-lacks", labelled(code)));
    const button = element("button", word("give-constant"));
    button.type = "button";
    button.setAttribute("aria-label", word("give-constant-to", labelled(code)));
    button.onclick = () => {
      const made = constant(box, code, "");
      part(box, "constants").append(made);
      made.querySelector("input").focus();
    };
    line.append(" ", button);
    lines.push(line);
  }
  list.hidden = lines.length === 0;
  list.replaceChildren(...lines);
}

function draw(box) {
  const columns = seen.columns ?? [];
  const body = box.querySelector(".pairs tbody");
  const rows = [...body.rows];
  if (rows.map(row => row.column).join("\n") !== columns.map(column => column.name).join("\n")) {
    body.replaceChildren(...columns.map(column => pair(box, column)));
  }
  [...body.rows].forEach((row, i) => refresh(row, columns[i]));
  const mapped = columns.filter(column => column.field).length;
  const wrong = columns.filter(column => column.field && column.values?.some(each => each.error)).length;
  part(box, "lead").textContent = word("mapped-of", mapped, columns.length) + (wrong ? ` ${word("mapped-wrong", wrong)}` : "");
  const held = part(box, "constants");
  if (!held.contains(document.activeElement)) {
    held.replaceChildren(...(seen.constants ?? []).map(each => constant(box, each.field, each.value)));
  }
  const others = part(box, "others");
  others.hidden = !seen.others?.length;
  others.querySelector("ul").replaceChildren(...(seen.others ?? []).map(each => {
    const item = element("li");
    const list = element("ul", "", "plain");
    values(list, each);
    item.append(element("code", each.written), list);
    return item;
  }));
  const tables = part(box, "tables");
  tables.hidden = !seen.fields.some(field => field.table);
  const group = tables.querySelector("[name=group-by]");
  group.replaceChildren(new Option(word("group-none"), ""), ...columns.map(column => new Option(column.name, column.name)));
  fill(group, property("group-by"));
  notes(box);
}

/** Without rows there are no columns to choose from; what was said of them stays. */
function waits(box) {
  const line = element("li", word("mapping-waits"));
  line.append(" ", link(`${place("draft", work.draft.id)}/source`, word("to-sample")));
  const list = part(box, "notes");
  list.hidden = false;
  list.replaceChildren(line, ...(property("map") ? [element("li", property("map"))] : []));
  part(box, "lead").textContent = "";
}

async function look(box) {
  await settled();
  const answer = await call("GET", `setup/drafts/${work.draft.id}/mapping`);
  if (!answer.ok || answer.problem) {
    say(part(box, "said"), answer.problem?.message ?? answer.problem ?? answer.message, true);
    if (!answer.fields) return;
  } else say(part(box, "said"), "");
  box.querySelector("[data-of=all]").hidden = !answer.fields;
  if (!answer.fields) {
    waits(box);
    return;
  }
  seen = { ...arranged(answer), of: work.draft.id };
  draw(box);
  work.onChange();
}

async function propose(box) {
  sessionStorage.setItem(`proposed-${work.draft.id}`, "yes");
  const answer = await change("POST", "/proposal", {});
  if (!answer.ok && answer.status !== 409) say(part(box, "said"), answer.message, true);
  return answer;
}

async function show(box) {
  seen = null;
  bind(part(box, "tables"), () => look(box));
  asked(part(box, "propose"), word("propose"), word("propose-sure"), async () => {
    await propose(box);
    await look(box);
  });
  part(box, "add").onclick = () => {
    const made = constant(box, "", "");
    part(box, "constants").append(made);
    made.querySelector("select").focus();
  };
  const fresh = !work.draft.job && !property("map") && !sessionStorage.getItem(`proposed-${work.draft.id}`);
  if (fresh) await propose(box);
  await look(box);
}

function done(draft) {
  if (problems(false).some(problem => problem.step === "mapping")) return false;
  if (seen?.of === draft.id) return Boolean(seen.key) && keyFilled();
  return Boolean(draft.properties["update-key"] && (draft.properties.map || draft.properties["map-file"] || draft.sample || draft.job));
}

export const mapping = { id: "mapping", show, done };
