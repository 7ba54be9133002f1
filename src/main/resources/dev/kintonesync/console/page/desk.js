// A clerk's desk on the page of a job: files are given to the job and answered, rejected rows are
// corrected in place and sent again. What somebody has typed stays until it is sent, whatever else
// of the page changes, also on the other pages of a long list and when somebody has to log in again.
import { OURS, ask, asked, badge, clock, copy, dropped, element, figure, lang, link, part, place, put, query, word } from "./parts.js";
import { value } from "./records.js";
import { pager } from "./runs.js";

const PAGE = 25;
const SERVED = ["ready", "waiting", "needs-you", "running"]; // only then something can be given to a job
const LONG = 60; // characters: more than an input shows
const edits = {}; // by job: a map of ID@VERSION to the corrected values, each by its row of the record and its column
const sent = {}; // by job: the id of what was sent last
let ids = 0;
const keyOf = row => `${row.id}@${row.version}`;
const editsOf = job => (edits[job] ??= new Map(JSON.parse(sessionStorage.getItem(`edits-${job}`) ?? "[]")));

const keepEdits = job => sessionStorage.setItem(`edits-${job}`, JSON.stringify([...editsOf(job)]));

/** The rows that make a record; a row that is a record alone. */
const rowsOf = row => (row.members?.length ? row.members : [row.values]);
const cellOf = (at, column) => JSON.stringify([at, column]);

/** Shows the desk in its place on the page of a job; its tools are those of the page. */
export function desk(page, seen, name, params, tools) {
  files(page, seen, name, tools);
  rejects(page, seen, name, params, tools);
}

function files(page, seen, name, tools) {
  const section = part(page, "give");
  const given = seen.desk;
  const takes = given?.drop && SERVED.includes(seen.job.state);
  section.hidden = !given || (!takes && given.uploads.length === 0);
  if (section.hidden) return;
  const zone = part(section, "drop");
  zone.hidden = !takes;
  part(zone, "hint").textContent = word(given.input ? "drop-input" : "drop-rejects");
  receive(page, zone, name, tools);
  put(part(section, "answers"), ...given.uploads.map(answer));
  const newest = given.uploads[0];
  const told = part(section, "told");
  const text = newest ? `${nameOf(newest)}${lang === "ja" ? "：" : ": "}${newest.message}` : "";
  if (told.before !== undefined && told.before !== text) told.textContent = text;
  told.before = text;
}

const nameOf = upload => upload.name || word("corrected-rows");

function answer(upload) {
  const line = document.createElement("li");
  const state = element("span");
  badge(state, upload.state === "done" && upload.counts.rejected ? "completed-with-rejects" : BADGES[upload.state], word("upload-" + upload.state));
  const name = element("b", nameOf(upload));
  const when = upload.run ? link(place("run", upload.run)) : element("span");
  when.append(clock(upload.at));
  line.append(state, " ", name, " ", when, element("p", upload.message, "answer"));
  if (upload.reason) line.append(element("p", upload.reason, "why"));
  return line;
}

const BADGES = { waiting: "idle", running: "idle", done: "ready", failed: "stopped", gone: "stopped" };

/** Files are dropped on the zone or chosen in its field, which a keyboard can do as well. */
function receive(page, zone, name, tools) {
  const input = zone.querySelector("input");
  input.onchange = async () => {
    await send(page, [...input.files], name, tools);
    input.value = "";
  };
  dropped(zone, files => send(page, files, name, tools));
}

async function send(page, chosen, name, tools, method = "PUT") {
  const said = part(page, "upload-said");
  const words = [];
  let bad = false;
  for (const file of chosen) {
    said.className = "said";
    said.textContent = [...words, word("uploading", file.name)].join("\n");
    const [ok, text] = await transmit(`/upload?${query({ job: name, file: file.name, lang })}`, method, file);
    words.push(text);
    bad ||= !ok;
    said.classList.toggle("bad", bad);
    said.textContent = words.join("\n");
  }
  tools.look();
}

/** Sends something; whether it was taken, and the sentence about it. */
async function transmit(path, method, body) {
  try {
    const answer = await fetch(location.origin + path, { method, headers: OURS, body });
    if (answer.status === 401) location.reload();
    const text = await answer.text();
    try {
      const said = JSON.parse(text);
      return [answer.ok, said.message, said.id];
    } catch {
      return [answer.ok, text.trim() || word("not-done")];
    }
  } catch {
    return [false, word("not-done")];
  }
}

// ---- rejected rows

function rejects(page, seen, name, params, tools) {
  const section = part(page, "rejects");
  const open = seen.rejects;
  const from = open.from;
  section.hidden = open.count === 0 && !sent[name];
  part(section, "count").textContent = figure(open.count);
  const download = part(section, "download");
  download.href = "/open-rejects?" + query({ name, lang });
  download.hidden = open.count === 0;
  const all = part(section, "dismiss-all");
  all.hidden = !seen.acts || open.count < 2;
  const size = figure(open.count);
  asked(all, word("dismiss-all", size), word("dismiss-all-sure", size), () => tools.act("dismiss-all", { job: name, count: open.count }));
  const form = part(section, "corrections");
  const served = seen.acts && SERVED.includes(seen.job?.state);
  const editable = served && open.rows.some(row => row.editable);
  part(section, "how").hidden = !editable;
  table(form, open, name, { acts: seen.acts, served }, tools);
  form.querySelector(".scroll").hidden = open.rows.length === 0;
  part(form, "bar").hidden = !editable && !sent[name];
  const button = part(form, "send");
  button.hidden = !editable;
  form.onsubmit = event => {
    event.preventDefault();
    sendCorrections(form, name, tools);
  };
  countEdits(form, name);
  const answered = seen.desk?.uploads.find(upload => upload.id === sent[name]);
  if (answered && (answered.state === "done" || answered.state === "failed")) {
    tell(form, answered.message, answered.state === "failed" || answered.counts.rejected > 0);
  }
  pager(part(section, "pager"), from, open.rows.length, PAGE, open.more, to => tools.set({ rejects: to || "" }));
}

function tell(form, text, bad) {
  const line = part(form, "sent");
  if (line.textContent !== text) line.textContent = text;
  line.classList.toggle("bad", bad);
}

function countEdits(form, name) {
  const made = editsOf(name).size;
  const text = made ? `${word("send-rows")} (${figure(made)})` : word("send-rows");
  const button = part(form, "send");
  if (button.textContent !== text) button.textContent = text;
}

/** Corrected cells as the program takes them: of a row that is a record alone, and of each of several rows. */
function corrections(cells) {
  const [values, members] = [{}, new Map()];
  for (const [cell, now] of Object.entries(cells)) {
    const [at, column] = JSON.parse(cell);
    if (at === null) values[column] = now;
    else members.set(at, { ...members.get(at), [column]: now });
  }
  return { values, members: [...members].map(([row, corrected]) => ({ row, values: corrected })) };
}

async function sendCorrections(form, name, tools) {
  const made = editsOf(name);
  const rows = [...made].map(([key, cells]) => {
    const at = key.lastIndexOf("@");
    return { id: key.slice(0, at), version: key.slice(at + 1), ...corrections(cells) };
  });
  if (form.busy) return;
  if (rows.length === 0) {
    tell(form, word("nothing-corrected"), true);
    form.querySelector("tbody :is(input, select, textarea):not(:disabled)")?.focus();
    return;
  }
  form.busy = true;
  const [ok, text, id] = await transmit(`/api/desk/${encodeURIComponent(name)}/corrections?lang=${lang}`, "POST", JSON.stringify({ rows }));
  form.busy = false;
  tell(form, text, !ok);
  if (ok) {
    made.clear();
    keepEdits(name);
    sent[name] = id;
  }
  tools.look();
}

/** Records that are shown already stay as they are, with what is typed in them and the focus. */
function table(form, open, name, may, tools) {
  const records = form.querySelector("table");
  const layout = JSON.stringify([open.columns, open.fields, may, name]);
  if (records.layout !== layout) {
    records.layout = layout;
    for (const body of [...records.tBodies]) body.remove();
    const names = [word("row"), word("to-correct"), ...open.columns];
    put(form.querySelector("thead tr"), ...names.map(text => {
      const cell = element("th", text);
      cell.scope = "col";
      return cell;
    }));
  }
  const before = new Map([...records.tBodies].map(body => [body.shown, body]));
  const wanted = new Set(open.rows.map(shownAs));
  for (const [shown, body] of before) if (!wanted.has(shown)) body.remove();
  let next = records.tBodies[0] ?? null;
  for (const row of open.rows) {
    const shown = shownAs(row);
    if (next?.shown === shown) {
      next = next.nextElementSibling;
      continue;
    }
    const made = before.get(shown) ?? recordOf(row, open, name, may, tools);
    made.shown = shown;
    records.insertBefore(made, next);
  }
}

const shownAs = row => `${keyOf(row)} ${row.sent} ${row.reasons[0].message}`;

/** A record with its rows, the first one behind what is wrong with the record. */
function recordOf(row, open, name, may, tools) {
  const body = document.createElement("tbody");
  const all = rowsOf(row);
  const grouped = row.members?.length > 0;
  const head = element("th", "", "number");
  head.scope = grouped ? "rowgroup" : "row";
  head.append(element("span", row.row && row.source ? figure(row.row) : row.key ?? "–"));
  if (row.source) head.append(element("small", row.source));
  const fix = element("td", "", "main fix");
  const edit = { row, name, body, countEdits: () => countEdits(body.closest("form"), name) };
  const canEdit = may.served && row.editable && !row.sent;
  for (const reason of row.reasons) {
    const text = element("p", reason.message, "reason");
    text.id = `reason-${++ids}`;
    const index = open.columns.indexOf(reason.column);
    const given = all[grouped ? reason.member : 0]?.[index];
    if (canEdit && typeof given === "string") {
      const at = grouped ? reason.member : null;
      fix.append(control(edit, { at, column: reason.column, given, rows: all.length }, open.fields[reason.column], text.id), text);
    } else fix.append(text);
  }
  if (row.key === null) fix.append(element("p", word(row.row ? "no-key-of-file" : "no-key"), "hint"));
  if (row.sent) fix.append(element("p", word("row-sent"), "badge idle"));
  else if (may.served && !row.editable) fix.append(element("p", word("correct-in-file"), "hint"));
  const cells = all.map(values => open.columns.map((column, i) => {
    const cell = values[i] === null ? element("td") : value(values[i]);
    cell.dataset.label = column;
    return cell;
  }));
  const tools2 = element("p", "", "buttons");
  if (canEdit) tools2.append(wholeRow(edit, open, cells));
  if (may.acts && !row.sent) {
    const dismiss = element("button", word("dismiss"));
    dismiss.type = "button";
    dismiss.dataset.id = row.id;
    asked(dismiss, word("dismiss"), word("dismiss-sure"), () => tools.act("dismiss", { job: name, id: row.id }));
    tools2.append(dismiss);
  }
  fix.append(tools2);
  head.rowSpan = fix.rowSpan = all.length;
  body.append(...cells.map((own, at) => {
    const line = element("tr", "", at ? "" : "first");
    if (grouped && all.length > 1) line.setAttribute("aria-label", word("row-of-record", at + 1));
    line.append(...(at ? [] : [head, fix]), ...own);
    return line;
  }));
  mark(edit);
  return body;
}

/** A button that turns the other cells into fields. */
function wholeRow(edit, open, cells) {
  const button = element("button", word("edit-row"));
  button.type = "button";
  const all = rowsOf(edit.row);
  const grouped = edit.row.members?.length > 0;
  const bad = edit.row.reasons.map(reason => cellOf(grouped ? reason.member : null, reason.column));
  const openIt = () => {
    button.remove();
    let first;
    all.forEach((values, member) => open.columns.forEach((column, i) => {
      const at = grouped ? member : null;
      if (typeof values[i] !== "string" || bad.includes(cellOf(at, column))) return;
      const made = control(edit, { at, column, given: values[i], rows: all.length }, open.fields[column], null);
      const cell = cells[member][i];
      cell.replaceChildren(made);
      cell.classList.add("field");
      first ??= made.querySelector("input, select, textarea");
    }));
    return first;
  };
  button.onclick = () => openIt()?.focus();
  const before = Object.keys(editsOf(edit.name).get(keyOf(edit.row)) ?? {});
  if (before.some(cell => !bad.includes(cell))) queueMicrotask(openIt);
  return button;
}

/** What a value is corrected with: a list of choices where the field has one, else a text. */
function control(edit, { at, column, given, rows }, field, reason) {
  const now = editsOf(edit.name).get(keyOf(edit.row))?.[cellOf(at, column)] ?? given;
  const named = field?.label && field.label !== column ? `${column} (${field.label})` : column;
  const label = rows > 1 ? `${named}, ${word("row-of-record", at + 1)}` : named;
  const make = field?.options.length ? (field.several ? boxes : choice) : text;
  return make({ edit, cell: cellOf(at, column), given, now, label, options: field?.options ?? [], required: field?.required, reason });
}

function labelled(box, about) {
  const label = element("label", about.label);
  label.append(box);
  describe(box, about);
  return label;
}

function describe(box, about) {
  if (!about.reason) return;
  box.setAttribute("aria-describedby", about.reason);
  box.setAttribute("aria-invalid", about.now === about.given ? "true" : "false");
}

function text(about) {
  const long = about.given.length > LONG || about.given.includes("\n");
  const box = document.createElement(long ? "textarea" : "input");
  box.value = about.now;
  box.autocomplete = "off";
  box.oninput = () => changed(about, box, box.value);
  return labelled(box, about);
}

function choice(about) {
  const box = document.createElement("select");
  const all = about.options.includes(about.given) ? about.options : [about.given, ...about.options];
  const choices = about.required || all.includes("") ? all : [...all, ""];
  box.append(...choices.map(each => new Option(each || word("empty-value"), each)));
  box.value = about.now;
  box.onchange = () => changed(about, box, box.value);
  return labelled(box, about);
}

function boxes(about) {
  const group = document.createElement("fieldset");
  group.append(element("legend", about.label));
  const parts = text => text.split(/[\n,、;；|／/]/).map(each => each.trim()).filter(each => each);
  const chosen = about.options.includes(about.now) ? [about.now] : parts(about.now);
  // what is no choice can be taken away as well
  const strange = about.options.includes(about.given) ? [] : parts(about.given).filter(each => !about.options.includes(each));
  const all = [...about.options, ...strange].map(option => {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.value = option;
    box.checked = chosen.includes(option);
    if (strange.includes(option)) label.className = "strange";
    label.append(box, " ", option);
    group.append(label);
    return box;
  });
  for (const box of all) box.onchange = () => changed(about, group, all.filter(each => each.checked).map(each => each.value).join("\n"));
  if (about.reason) group.setAttribute("aria-describedby", about.reason);
  return group;
}

function changed(about, box, now) {
  const made = editsOf(about.edit.name);
  const key = keyOf(about.edit.row);
  const { [about.cell]: _, ...cells } = made.get(key) ?? {};
  if (now !== about.given) cells[about.cell] = now;
  if (Object.keys(cells).length) made.set(key, cells);
  else made.delete(key);
  keepEdits(about.edit.name);
  if (about.reason && box.localName !== "fieldset") box.setAttribute("aria-invalid", now === about.given ? "true" : "false");
  mark(about.edit);
  about.edit.countEdits();
}

function mark(edit) {
  edit.body.classList.toggle("edited", editsOf(edit.name).has(keyOf(edit.row)));
}

/** What all kept runs did to the record of a key. */
export const historyOf = (name, key, from) => ask(`/api/history?${query({ job: name, key, from, lang })}`);

/** The form that sends a corrected file of a run; what came of it is said until the next one. */
export function upload(page, section, acts, name, tools) {
  const form = part(section, "upload");
  form.hidden = !acts;
  form.onsubmit = async event => {
    event.preventDefault();
    const [input, button] = [form.querySelector("input"), form.querySelector("button")];
    const file = input.files[0];
    if (!file || button.disabled) {
      input.focus();
      return;
    }
    button.disabled = true;
    await send(page, [file], name, tools, "POST"); // which takes rejected rows alone
    form.reset();
    button.disabled = false;
  };
}
