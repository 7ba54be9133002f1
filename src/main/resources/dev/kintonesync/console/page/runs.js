// Jobs as cards, and runs as a chart and a list.
import {
  STATES, appLink, badge, clock, copy, count, counts, duration, element, figure, isComparison, isDry, link, mode, part, place,
  progress, put, runBadge, runState, sourceOf, time, word,
} from "./parts.js";

const BARS = 60;
const TOP = 110;
const SVG = "http://www.w3.org/2000/svg";
/** Outcomes that a comparison has none of; what it found is on its own page. */
const WRITES = ["inserted", "updated", "deleted", "flagged"];
const COLOURS = ["inserted", "updated", "deleted", "flagged", "unchanged", "rejected"];

export function card(job, linked) {
  const shown = copy("job-card");
  const name = part(shown, "name");
  if (linked) {
    name.textContent = job.job;
    name.href = place("job", job.job);
  } else name.remove();
  badge(part(shown, "state"), job.state, word(job.onRequest ? "on-request" : job.state));
  const late = part(shown, "late");
  late.textContent = word("late");
  late.hidden = !job.late;
  const why = part(shown, "why");
  why.textContent = job.why ?? job.lastReason;
  why.hidden = !why.textContent;
  part(shown, "app").append(appLink(job.app, job.appUrl, job.appName));
  part(shown, "next").append(job.nextRun ? clock(job.nextRun) : follows(job));
  const last = part(shown, "last");
  const run = job.lastRun;
  if (run) {
    const state = element("span");
    runBadge(state, run);
    const begun = link(place("run", run.run));
    begun.append(clock(run.startedAt));
    last.append(begun, " ", state);
  } else last.textContent = word("never");
  part(shown, "files").textContent = job.waitingFiles === null ? "–" : figure(job.waitingFiles);
  part(shown, "open").textContent = job.openRejects === null ? "–" : figure(job.openRejects);
  part(shown, "calls").textContent = figure(job.calls) + (job.dailyCalls ? ` ${word("of")} ${figure(job.dailyCalls)}` : "");
  if (job.state === "running") part(shown, "progress").append(progress(job.progress, run, job.slowBecause));
  return shown;
}

/** When a job runs that has no time. */
function follows(job) {
  if (job.state === "idle") return "–";
  if (job.after) return word("runs-after").replace("{0}", job.after);
  return job.waitingFiles !== null && !job.schedule ? word("watches") : "–";
}

/** Each job has a scale of its own, and what went wrong is seen however small it is. */
function chart(svg, runs) {
  const shown = runs.slice(0, BARS).reverse();
  const most = {};
  for (const run of shown) most[run.job] = Math.max(1, most[run.job] ?? 0, run.read, run.read + run.deleted - (run.removed ?? 0));
  const width = 600 / Math.max(20, shown.length);
  svg.setAttribute("aria-label", word("chart"));
  shown.forEach((run, i) => svg.append(bar(run, i * width, width, most[run.job])));
}

function bar(run, left, width, most) {
  const bars = document.createElementNS(SVG, "a");
  const words = [
    `${time(run.startedAt)} ${run.job}`, sourceOf(run),
    `${isDry(run) ? word("dry-run") + " – " : ""}${runState(run.state)}`, duration(run),
    `${word("read")} ${figure(run.read)}`, counts(run),
  ].filter(text => text).join("\n");
  bars.setAttribute("href", place("run", run.run));
  bars.setAttribute("tabindex", "-1"); // the table below has the same links
  bars.setAttribute("aria-label", words);
  bars.append(document.createElementNS(SVG, "title"));
  bars.firstChild.textContent = words;
  const add = (name, y, height) => {
    const rect = document.createElementNS(SVG, "rect");
    rect.setAttribute("class", name);
    rect.setAttribute("x", (left + width * 0.12).toFixed(2));
    rect.setAttribute("y", Math.max(0, y).toFixed(2));
    rect.setAttribute("width", (width * 0.76).toFixed(2));
    rect.setAttribute("height", height.toFixed(2));
    bars.append(rect);
  };
  add("hit", 0, TOP); // a thin bar is easily pointed at, too
  if (run.state === "stopped" || run.state === "refused") add("failed " + run.state, 0, TOP);
  const parts = { rejected: run.rejected };
  for (const name of COLOURS.slice(0, -1)) parts[name] = count(run, name);
  parts.other = run.superseded + run.unprocessed;
  let top = TOP;
  for (const [name, records] of Object.entries(parts)) {
    if (!records) continue;
    const height = Math.max(name === "rejected" ? 6 : 1.5, (records / most) * 98);
    top -= height;
    add(isDry(run) ? name + " dry" : name, top, height);
  }
  return bars;
}

function caption(box, runs, flags) {
  box.textContent = word("chart");
  for (const name of COLOURS) {
    if (name !== "flagged" || flags) box.append(element("span", word(name), name));
  }
  for (const state of ["stopped", "refused"]) {
    if (runs.some(run => run.state === state)) box.append(element("span", runState(state), state));
  }
  if (runs.some(isDry)) box.append(element("span", word("dry-run"), "dry"));
}

export function history(runs, ofJob) {
  const shown = copy("runs-part");
  const flags = runs.some(run => run.flagged);
  caption(shown.querySelector("figcaption"), runs, flags);
  chart(shown.querySelector("svg"), runs);
  const body = shown.querySelector("tbody");
  for (const run of runs) {
    const row = copy("run-row");
    const begun = part(row, "begun");
    begun.append(clock(run.startedAt));
    begun.href = place("run", run.run);
    const job = part(row, "job");
    job.append(ofJob ? run.job : link(place("job", run.job), run.job));
    part(row, "source").textContent = sourceOf(run);
    part(row, "app").append(word("app"), " ", appLink(run.app, run.appUrl, run.appName));
    part(row, "app").hidden = !run.app;
    part(row, "mode").textContent = run.mode;
    part(row, "mode").title = mode(run.mode);
    part(row, "mode").hidden = !run.mode;
    part(row, "took").textContent = duration(run);
    runBadge(part(row, "state"), run);
    part(row, "starter").textContent = run.startedBy ?? "";
    if (run.times > 1) part(row, "folded").textContent = word("folded", figure(run.times), time(run.since));
    for (const name of ["read", ...COLOURS]) part(row, name).textContent = isComparison(run) && WRITES.includes(name) ? "–" : figure(count(run, name));
    if (run.rejected) part(row, "rejected").classList.add("bad");
    if (run.deleted && !isComparison(run)) part(row, "deleted").classList.add("gone");
    body.append(row);
  }
  for (const cell of shown.querySelectorAll(".of-flagged")) cell.hidden = !flags;
  for (const cell of shown.querySelectorAll(".of-job")) cell.hidden = ofJob;
  const none = runs.length === 0;
  shown.querySelector(".empty").hidden = !none;
  shown.querySelector("table").hidden = none;
  shown.querySelector("figure").hidden = none;
  return shown;
}

/** The choices above a list of runs; those of a job have no choice of a job. */
export function choices(page, jobs, params, set) {
  for (const [name, values] of [["job", jobs], ["state", STATES]]) {
    const box = page.querySelector(`.filter [name=${name}]`);
    if (!box) continue;
    const known = values.join();
    if (box.known !== known) {
      box.known = known;
      box.replaceChildren(new Option(word("all"), ""), ...values.map(each => new Option(name === "state" ? runState(each) : each, each)));
    }
    box.value = params[name] ?? "";
    box.onchange = () => set({ [name]: box.value, from: "" });
  }
}

/** Two buttons that turn the pages of a list. */
export function pager(box, from, shown, size, more, turn) {
  const [back, on] = box.querySelectorAll("button");
  box.hidden = from === 0 && !more;
  back.disabled = from === 0;
  on.disabled = !more;
  back.onclick = () => turn(Math.max(0, from - size));
  on.onclick = () => turn(from + size);
  const where = part(box, "where");
  const text = shown ? `${figure(from + 1)}–${figure(from + shown)}` : "–";
  if (where.textContent !== text) where.textContent = text;
}

export function runList(page, seen, params, set, ofJob) {
  put(part(page, "runs"), history(seen.runs, ofJob));
  const from = Number(params.from ?? 0);
  pager(part(page, "runs-pager"), from, seen.runs.length, BARS, seen.moreRuns, to => set({ from: to || "" }));
}
