// What all views of the page are made of. All words stand in the page, all values are set as text,
// and a part that did not change stays as it is, so that focus and selection do too.
export const lang = document.documentElement.lang;
export const OUTCOMES = ["read", "inserted", "updated", "deleted", "flagged", "unchanged", "superseded", "rejected", "unprocessed"];
export const STATES = ["completed", "completed-with-rejects", "stopped", "refused", "running"];

const figures = new Intl.NumberFormat(lang);
const moment = new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23" });
export const zone = moment.resolvedOptions().timeZone;

/** By this header the program knows requests of its own page. */
export const OURS = { "X-Kintone-Sync": "page" };

export const copy = id => document.getElementById(id).content.cloneNode(true);
export const hasWord = id => document.getElementById("word-" + id) !== null;
export const part = (node, name) => node.querySelector(`[data-of="${name}"]`);
export const figure = value => figures.format(value);
export const time = instant => (instant ? moment.format(new Date(instant)) : "–");
export const place = (kind, name) => `#${kind}/${encodeURIComponent(name)}`;
export const fileName = source => (source ?? "").split(/[/\\]/).pop();

/** What its sender calls the file of a run; undefined of one that nobody gave on the page. */
export const given = run => (run.sourceName ?? null) === null ? undefined : run.sourceName || word("corrected-rows");

const APP = /\/k\/(?:guest\/\d+\/)?(\d+)$/; // another app as the source
export const sourceOf = run => {
  const app = run.source?.match(/^https?:/) && run.source.match(APP);
  return given(run) ?? (app ? `${word("app")} ${app[1]}` : fileName(run.source));
};

/** The parameters as they stand in an address; without those that are empty. */
export function query(params) {
  return new URLSearchParams(Object.entries(params).filter(([, value]) => value !== "" && value !== undefined)).toString();
}

/** Asks the program for something; null: it is not there. */
export async function ask(path) {
  const answer = await fetch(location.origin + path, { headers: OURS });
  if (answer.status === 401) location.reload(); // the session is over: the password is asked for
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}

/** A word of the page, with its gaps filled. */
export function word(id, ...gaps) {
  const text = document.getElementById("word-" + id).content.textContent;
  return gaps.reduce((filled, gap, i) => filled.replace(`{${i}}`, () => gap), text);
}

export function element(name, text, kind) {
  const made = document.createElement(name);
  made.textContent = text ?? "";
  if (kind) made.className = kind;
  return made;
}

export function link(href, text) {
  const made = element("a", text);
  made.href = href;
  return made;
}

/** Lets a link lead to the other pages in the language that was chosen here. */
export function toDashboard(link, hash = "") {
  const to = link.getAttribute("href")?.startsWith("/") ? link.pathname : "/";
  link.href = to + (new URLSearchParams(location.search).has("lang") ? `?lang=${lang}` : "") + hash;
}

/** A time in the zone of the viewer, and in which that is. */
export function clock(instant) {
  const made = element("time", time(instant));
  if (instant) {
    made.dateTime = instant;
    made.title = `${time(instant)} (${zone})`;
  }
  return made;
}

/** Puts parts in the place of earlier ones where they differ, and the focus where it was. */
export function put(box, ...parts) {
  const made = document.createElement("div");
  made.append(...parts);
  if (made.innerHTML === box.shown) return;
  const focused = box.contains(document.activeElement) && document.activeElement;
  const same = focused && (focused.hash ? `[href="${CSS.escape(focused.getAttribute("href"))}"]` : focused.dataset.id && `[data-id="${CSS.escape(focused.dataset.id)}"]`);
  box.shown = made.innerHTML;
  box.replaceChildren(...made.childNodes);
  if (same) box.querySelector(same)?.focus();
}

export function badge(node, state, text) {
  node.className = "badge " + state;
  node.textContent = text;
}

export const runState = state => word(state === "refused" ? "run-refused" : state);

/** A run that was to write nothing; one that could not even begin has no mode. */
export const isDry = report => !report.written && report.mode !== "";

/** A run that held its whole source against the app. */
export const isComparison = report => report.mode === "compare";

/** What the outcomes of a comparison are called. */
const FOUND = { inserted: "missing-there", updated: "different", deleted: "only-there", unchanged: "same-there" };

export const outcomeWord = (report, name) => word((isComparison(report) && FOUND[name]) || name);

export const mode = name => (hasWord("mode-" + name) ? word("mode-" + name) : name || "–");

export function runBadge(node, report) {
  badge(node, isDry(report) ? "dry " + report.state : report.state,
    (isComparison(report) ? word("comparison") + " – " : isDry(report) ? word("dry-run") + " – " : "") + runState(report.state));
}

/** How many records of a report have an outcome; its deleted ones are flagged ones too. */
export const count = (report, name) => (name === "deleted" ? report.deleted - (report.flagged ?? 0) : report[name] ?? 0);

export function counts(report) {
  return OUTCOMES.slice(1).filter(name => count(report, name))
    .map(name => `${outcomeWord(report, name)} ${figure(count(report, name))}`).join(lang === "ja" ? "、" : ", ");
}

export function duration(run) {
  if (!run.startedAt || !run.finishedAt) return "–";
  const seconds = Math.max(0, Math.round((new Date(run.finishedAt) - new Date(run.startedAt)) / 1000));
  const minutes = Math.floor(seconds / 60);
  return minutes ? word("minutes", figure(minutes), seconds % 60) : word("seconds", seconds);
}

export function progress(share, report, slow) {
  const shown = copy("progress-part");
  const bar = shown.querySelector("progress");
  if (share === null || share === undefined) bar.removeAttribute("value");
  else bar.setAttribute("value", share);
  bar.setAttribute("aria-label", word("running"));
  const percent = share ? `${Math.floor(share * 100)} % ` : "";
  part(shown, "words").textContent =
    percent + (report ? counts(report) : "") + (slow ? ` – ${word("slow")} ${slow}` : "");
  return shown;
}

/** An app by its name and number, or its number alone where nobody knows what it is called. */
export function appLink(app, url, name) {
  const shown = name ? `${name} (${app})` : app;
  return url ? link(url, shown) : element("span", shown || "–");
}

/** A button that does something only when it is pressed twice. */
export function asked(button, text, sure, doIt) {
  if (!button.sure) button.textContent = text;
  button.onblur = () => {
    button.sure = false;
    button.textContent = text;
  };
  button.onclick = () => {
    const now = button.sure;
    button.sure = !now;
    button.textContent = now ? text : sure;
    if (now) doIt();
  };
}

/** Takes the files that are dropped on a zone, which shows itself while they are over it. */
export function dropped(zone, take) {
  zone.ondragover = event => {
    event.preventDefault();
    zone.classList.add("over");
  };
  zone.ondragleave = () => zone.classList.remove("over");
  zone.ondrop = event => {
    event.preventDefault();
    zone.classList.remove("over");
    take([...event.dataTransfer.files]);
  };
}
