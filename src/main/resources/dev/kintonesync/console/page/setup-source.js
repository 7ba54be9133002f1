// The third step: where the rows come from, and how they are understood.
import { copy, dropped, element, figure, part, word } from "./parts.js";
import { bind, call, change, complain, complainAll, lines, property, say, settled, show as put, work } from "./setup-kit.js";

const ENCODINGS = { utf8: "UTF-8", sjis: "Shift_JIS", "euc-jp": "EUC-JP", "iso-2022-jp": "ISO-2022-JP", utf16: "UTF-16", cp1252: "Windows-1252", gb18030: "GB18030", big5: "Big5", euckr: "EUC-KR" };
const DELIMITERS = { comma: ",", tab: "\t", semicolon: ";", pipe: "|" };
const HEADERS = 10;
const OF_FILES = ["encoding", "delimiter", "sheet", "header", "skip-when", "skip-rows", "group-by"];

let seen = null; // what the source was understood as, for the way on

const options = (select, first, entries) => select.replaceChildren(new Option(first, ""), ...entries.map(([value, text]) => new Option(text, value)));

/** "Automatic", and what that is here. */
const automatic = found => (found ? word("automatic-is", found) : word("automatic"));

function controls(box, view) {
  const named = name => box.querySelector(`[data-of=controls] [name="${name}"]`);
  const text = Boolean(view.delimiter) || Boolean(property("delimiter"));
  const file = (property("source") || "folder") === "folder";
  const json = file && !text && !view.sheets?.length && !view.sheet && view.columns?.length > 0 && !view.header;
  const shown = { text: file && (text || Boolean(view.encoding) || view.problem), sheet: Boolean(view.sheets?.length), header: file && !json, json: file && (json || Boolean(property("pointer"))), rows: file };
  for (const field of box.querySelectorAll("[data-of=controls] [data-for]")) field.hidden = !shown[field.dataset.for];
  const asFound = name => !property(name);
  options(named("encoding"), automatic(asFound("encoding") ? ENCODINGS[view.encoding?.toLowerCase()] ?? view.encoding : ""), Object.entries(ENCODINGS).map(([value, text]) => [text.toLowerCase() === property("encoding").toLowerCase() ? property("encoding") : value, text]));
  const delimiter = Object.keys(DELIMITERS).find(name => name === view.delimiter || DELIMITERS[name] === view.delimiter);
  options(named("delimiter"), automatic(asFound("delimiter") ? (delimiter ? word(delimiter) : view.delimiter) : ""), Object.keys(DELIMITERS).map(name => [name, word(name)]));
  options(named("sheet"), automatic(asFound("sheet") ? view.sheet : ""), (view.sheets ?? []).map(name => [name, name]));
  const row = String(view.header ?? "").match(/\d+/)?.[0];
  options(named("header"), asFound("header") ? word("automatic-is", word("header-row", row ?? 1)) : word("header-row", 1), [
    ...Array.from({ length: HEADERS }, (_, i) => [`row ${i + 1}`, word("header-row", i + 1)]), ["none", word("header-none")]]);
  options(named("skip-when"), word("skip-none"), (view.columns ?? []).map(column => [`${column.name} is empty`, word("skip-empty", column.name)]));
  for (const name of ["encoding", "delimiter", "sheet", "header", "skip-when", "pointer"]) put(named(name), property(name));
  for (const name of ["encoding", "delimiter", "sheet", "header", "skip-when", "pointer"]) complain(named(name), "");
}

function table(box, view) {
  const scroll = part(box, "scroll");
  const columns = view.columns ?? [];
  scroll.hidden = columns.length === 0;
  const heads = columns.map(column => {
    const head = element("th", column.name);
    head.scope = "col";
    return head;
  });
  scroll.querySelector("thead tr").replaceChildren(...heads);
  scroll.querySelector("tbody").replaceChildren(...(view.rows ?? []).map(row => {
    const line = element("tr");
    if (row.problem) {
      const reason = element("td", row.problem, "bad");
      reason.colSpan = columns.length;
      line.append(reason);
      return line;
    }
    line.append(...row.values.map(value => (value === null || value === "" ? element("td", word("empty-value"), "none") : element("td", String(value)))));
    return line;
  }));
}

/** What an API answered where the list was not found: where it could be. */
function answer(box, seen) {
  const section = part(box, "answer");
  section.hidden = !seen;
  if (!seen) return;
  section.querySelector("pre").textContent = seen.excerpt ?? "";
  for (const [name, property] of [["lists", "pointer"], ["nexts", "next"]]) {
    const pointers = (name === "lists" ? seen.lists : seen.next) ?? [];
    const line = part(section, name);
    line.hidden = pointers.length === 0;
    line.querySelectorAll("button").forEach(each => each.remove());
    line.append(...pointers.map(pointer => {
      const button = element("button", pointer);
      button.type = "button";
      button.onclick = async () => {
        await change("PATCH", "", { properties: property === "next" ? { next: pointer, paging: "cursor" } : { pointer } });
        access(box);
        await look(box, true);
      };
      return button;
    }));
  }
}

/** Asks how the source is understood, and shows it. */
async function look(box, reach) {
  const said = part(box, "said");
  box.setAttribute("aria-busy", "true");
  if (reach) say(said, word("looking"));
  await settled();
  const view = await call("GET", `setup/drafts/${work.draft.id}/source${reach ? "?fresh=true" : ""}`);
  box.removeAttribute("aria-busy");
  const fault = view.problem ?? (view.ok ? null : view);
  const section = part(box, "seen");
  const sample = Boolean(work.draft.sample);
  seen = { ...view, fault, of: work.draft.id };
  const empty = !fault && !view.columns?.length;
  section.hidden = empty || Boolean(fault && (property("source") || "folder") !== "folder");
  if (fault) {
    const rest = complainAll(part(box, "access"), [fault]);
    say(said, rest[0]?.message ?? "", true);
    section.hidden = section.hidden || !sample;
  } else say(said, "");
  if (!section.hidden) {
    controls(box, view);
    part(box, "understood").textContent = view.understood ?? (view.rows ? word("first-rows", figure(view.rows.length)) : "");
    table(box, view);
    if (fault) complainAll(section, [fault]);
  }
  lines(part(box, "remarks"), view.remarks);
  answer(box, fault || empty ? view.answer : null);
  const columns = box.querySelector("#columns");
  if (columns) columns.replaceChildren(...(view.columns ?? []).map(column => new Option(column.name, column.name)));
  work.onChange();
}

function drop(box) {
  const zone = part(box, "drop");
  const input = part(box, "file");
  const problem = zone.querySelector(".problem");
  const name = part(box, "file-name");
  if (work.draft.sample) name.textContent = word("sample-is", work.draft.sample.name);
  const send = async file => {
    if (!file) return;
    problem.textContent = "";
    name.textContent = word("uploading", file.name);
    const answer = await change("PUT", `/sample?file=${encodeURIComponent(file.name)}`, file, false);
    input.value = "";
    name.textContent = work.draft.sample ? word("sample-is", work.draft.sample.name) : "";
    if (!answer.ok) {
      problem.textContent = answer.message;
      return;
    }
    sessionStorage.removeItem(`proposed-${work.draft.id}`);
    const folder = box.querySelector("[name=folder]");
    if (folder) put(folder, property("folder"));
    await look(box.closest("[data-of=step]"), false);
  };
  input.onchange = () => send(input.files[0]);
  dropped(zone, files => send(files[0]));
}

function access(box) {
  const kind = property("source") || "folder";
  const place = part(box, "access");
  place.replaceChildren(copy("access-" + kind));
  const paging = () => {
    for (const field of place.querySelectorAll("[data-when]")) field.hidden = !field.dataset.when.split(" ").includes(property("paging"));
  };
  bind(place, name => {
    if (name === "paging") paging();
    if (kind === "folder") look(box, false);
  });
  paging();
  for (const more of place.querySelectorAll("details")) more.open = [...more.querySelectorAll("[name]")].some(each => property(each.name));
  if (kind === "folder") drop(place);
  const driver = part(place, "driver");
  if (driver) {
    const url = place.querySelector("[name=url]");
    const prefix = text => text.split(":").slice(0, 2).join(":");
    driver.value = [...driver.options].map(each => each.value).find(each => each && prefix(each) === prefix(url.value)) ?? "";
    driver.onchange = () => {
      if (!driver.value || prefix(url.value) === prefix(driver.value)) return;
      url.value = driver.value;
      url.focus();
      url.select();
    };
  }
  const preview = part(place, "look");
  if (preview) preview.onclick = () => look(box, true);
}

const ofKind = kind => [...document.getElementById("access-" + kind).content.querySelectorAll("[name]")].map(each => each.name);
const kept = {}; // what was said of a kind before another one was chosen

/** What changes with the kind of the source: what was said of the other kind has no place any more. */
function turned(kind) {
  const before = property("source") || kind;
  const own = ["folder", "database", "api", "kintone", "kafka"].flatMap(ofKind).concat(OF_FILES);
  const gone = own.filter(name => name in work.draft.properties);
  kept[`${work.draft.id} ${before}`] = Object.fromEntries(gone.map(name => [name, property(name)]));
  const proposed = kind === "folder" ? { folder: `inbox/${work.draft.name}` } : {};
  return { ...Object.fromEntries(gone.map(name => [name, null])), ...proposed, ...kept[`${work.draft.id} ${kind}`], source: kind };
}

async function show(box) {
  if (!property("source") || (property("source") === "folder" && !property("folder"))) await change("PATCH", "", { properties: turned("folder") });
  for (const radio of box.querySelectorAll("[name=source]")) {
    radio.checked = radio.value === property("source");
    radio.onchange = async () => {
      const answer = await change("PATCH", "", { properties: turned(radio.value) });
      if (!answer.ok) say(part(box, "said"), answer.message, true);
      part(box, "seen").hidden = true;
      seen = null;
      access(box);
      await look(box, false);
    };
  }
  bind(part(box, "controls"), () => look(box, false));
  access(box);
  await look(box, false);
}

/** Whether the rows are known; after a reload that stands in the draft. */
function done(draft) {
  if (seen?.of === draft.id && (seen.fault || seen.columns?.length)) return !seen.fault;
  if (draft.job) return true;
  return Boolean(draft.sample) || Boolean(draft.properties.map) || draft.understood === true;
}

export const source = { id: "source", show, done };
