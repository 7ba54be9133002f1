// Shows what the program answers below /data/. What is shown, and which part of it, stands in the
// fragment of the address, such as #run/NAME?key=A-1, so that it can be linked and gone back to.
import { desk, historyOf, upload } from "./desk.js";
import {
  OURS, OUTCOMES, appLink, ask as request, asked, clock, copy, count, duration, element, figure, given, isComparison, lang, mode, outcomeWord,
  part, place, progress, put, query, runBadge, toDashboard, word, zone,
} from "./parts.js";
import { plans } from "./plans.js";
import { changes, rows } from "./records.js";
import { card, choices, pager, runList } from "./runs.js";

const PAUSE = 1000;
const PAGE = 25;
const MANY = 12; // jobs: what is seen on their own pages is left out
const ALWAYS = OUTCOMES.filter(name => name !== "flagged");
const title = document.title;
const main = document.getElementById("main");

let view;
let looking = false;

/** Shows another part of what is shown. */
function set(more) {
  const [kept] = location.hash.split("?");
  const params = query({ ...view.params, ...more });
  location.hash = (kept || "#") + (params ? "?" + params : "");
}

const data = (kind, params) => `${kind}?${query(params)}`;

/** Jobs that wait for a person, above all others. */
function needingYou(box, jobs) {
  const names = jobs.filter(job => job.state === "needs-you" || job.state === "refused" || job.late);
  box.hidden = names.length === 0 || jobs.length < 5;
  const links = names.flatMap((job, i) => {
    const to = element("a", job.job);
    to.href = place("job", job.job);
    return i ? [", ", to] : [to];
  });
  put(box, `${word("attention")} `, ...links);
}

const overview = params => ({
  template: "overview",
  data: () => data("overview", { job: params.job, state: params.state, from: params.from }),
  show(page, seen) {
    needingYou(part(page, "attention"), seen.jobs);
    page.querySelector(".jobs").classList.toggle("many", seen.jobs.length > MANY);
    put(page.querySelector(".jobs"), ...seen.jobs.map(job => card(job, true)));
    part(page, "no-jobs").hidden = seen.jobs.length > 0;
    const names = [...new Set([...seen.jobs.map(job => job.job), ...(params.job ? [params.job] : [])])];
    choices(page, names, params, set);
    runList(page, seen, params, set, false);
    const simulator = document.getElementById("simulator");
    simulator.hidden = !seen.simulator;
    if (seen.simulator) simulator.href = seen.simulator;
  },
});

const job = (name, params) => ({
  template: "job",
  name,
  data: () => data("job", { name, state: params.state, from: params.from, "rejects-from": params.rejects }),
  show(page, seen) {
    page.querySelector("h1").textContent = seen.name;
    const about = seen.job;
    put(part(page, "card"), ...(about ? [card(about, false)] : []));
    for (const fact of ["source", "schedule"]) part(page, fact).textContent = about?.[fact] ?? "–";
    const now = part(page, "run-now");
    now.hidden = !seen.acts || !about || !(about.onRequest || ["ready", "waiting", "needs-you", "running"].includes(about.state));
    now.onclick = () => act("run-now", { job: name });
    const accept = part(page, "accept");
    accept.hidden = !seen.acts || !about?.guard;
    asked(accept, word("accept"), word("accept-sure"), () => act("accept", { job: name, guard: about.guard }));
    const hint = part(page, "accept-hint");
    hint.hidden = accept.hidden;
    if (!hint.hidden) hint.textContent = word("accept-hint").replace("{0}", about.guard);
    const reload = part(page, "reload");
    reload.hidden = !seen.acts || !about?.reload;
    reload.onclick = () => act("reload", { job: name });
    part(page, "acts-hint").hidden = seen.acts;
    plans(page, seen, act);
    desk(page, seen, name, params, { set, look, act });
    history(page, name, params);
    choices(page, [], params, set);
    runList(page, seen, params, set, true);
  },
});

/** What became of one record over all kept runs, when somebody asks for it. */
function history(page, name, params) {
  const section = part(page, "search");
  keyForm(section, params);
  const found = part(section, "found");
  const key = params.key ?? "";
  const from = Number(params.history ?? 0);
  found.hidden = !key;
  once(section, key && `${from} ${key}`, () => historyOf(name, key, from), seen => {
    changes(found.querySelector("tbody"), seen.records, seen.appUrl, true);
    found.querySelector(".scroll").hidden = seen.records.length === 0;
    part(found, "note").textContent = [
      word(seen.records.length ? "history-found" : "history-none", figure(seen.runs)),
      ...(seen.open ? [word("history-open")] : []),
    ].join(" ");
    pager(part(found, "pager"), from, seen.records.length, PAGE, seen.more, to => set({ history: to || "" }));
  });
}

function keyForm(section, params) {
  const form = section.querySelector("form.search");
  const field = form.querySelector("input");
  if (form.known !== (params.key ?? "")) {
    form.known = params.key ?? "";
    field.value = form.known;
  }
  const go = key => set({ key, changes: "", rows: "", history: "" });
  form.onsubmit = event => {
    event.preventDefault();
    go(field.value.trim());
  };
  const clear = form.querySelector("button[type=button]");
  clear.hidden = !params.key;
  clear.onclick = () => {
    field.focus();
    go("");
  };
}

/** Asks for a part once, since what is asked for does not change. */
async function once(box, what, ask, show) {
  if (box.asked === what) return;
  box.asked = what;
  if (!what) return;
  box.setAttribute("aria-busy", "true");
  try {
    const seen = await ask();
    if (box.asked === what && seen) show(seen);
  } catch {
    box.asked = undefined;
  }
  box.removeAttribute("aria-busy");
}

const run = (name, params) => ({
  template: "run",
  name,
  data: () => data("run", { name }),
  show(page, seen) {
    const report = seen.run;
    page.querySelector("h1").textContent = report.run;
    const back = part(page, "back");
    back.textContent = report.job;
    back.href = place("job", report.job);
    runBadge(part(page, "state"), report);
    part(page, "source").textContent = given(report) ?? (report.source || "–");
    part(page, "source").title = report.source;
    put(part(page, "app"), appLink(report.app, seen.appUrl, seen.appName));
    part(page, "mode").textContent = mode(report.mode) + (report.written || !report.mode || isComparison(report) ? "" : ` (${word("dry-run")})`);
    part(page, "took").textContent = duration(report);
    put(part(page, "begun"), clock(report.startedAt));
    part(page, "starter").textContent = report.startedBy ?? "–";
    put(part(page, "ended"), clock(report.finishedAt));
    part(page, "calls").textContent = figure(report.requests.counted);
    put(page.querySelector(".words"), ...seen.words.map(text => element("li", text)));
    put(part(page, "progress"), ...(seen.underWay ? [progress(seen.progress, report, seen.slowBecause)] : []));
    put(page.querySelector(".outcomes"), ...(report.flagged ? OUTCOMES : ALWAYS).map(outcome => {
      const box = element("div", "", count(report, outcome) ? outcome : "zero");
      box.append(element("dt", outcomeWord(report, outcome)), element("dd", figure(count(report, outcome))));
      return box;
    }));
    const rejects = part(page, "rejects");
    const download = part(rejects, "download");
    download.href = "/rejects?" + query({ name });
    download.hidden = !seen.rejectsFile;
    const retry = part(rejects, "retry");
    retry.hidden = !seen.acts || !seen.rejectsFile || seen.underWay;
    asked(retry, word("retry"), word("retry-sure"), () => act("retry", { run: name }));
    upload(page, rejects, seen.acts && seen.rejectsFile && !seen.underWay, report.job, { look });
    part(page, "acts-hint").hidden = seen.acts || !seen.rejectsFile;
    part(page, "search").hidden = !seen.changed.records.length && !seen.rejects.length && !params.key;
    keyForm(page, params);
    pageOf(rejects, "rejected", name, params, "rows", { records: seen.rejects, more: seen.moreRejects }, entries => rows(rejects, entries, false));
    const changed = part(page, "changes");
    const apply = part(changed, "apply");
    apply.hidden = !seen.acts || !seen.plan || seen.underWay;
    asked(apply, word("apply"), word("apply-sure"), () => act("apply", { run: name }));
    pageOf(changed, "changes", name, params, "changes", seen.changed, records => changes(changed.querySelector("tbody"), records, seen.appUrl));
  },
});

/** A page of a list of a run: the first comes with the run, any other is asked for. */
function pageOf(section, kind, name, params, param, first, show) {
  const from = Number(params[param] ?? 0);
  const key = params.key ?? "";
  const draw = seen => {
    const records = seen.records ?? seen.rows;
    show(records);
    part(section, "none").hidden = records.length > 0;
    section.querySelector(".scroll").hidden = records.length === 0;
    pager(part(section, "pager"), from, records.length, PAGE, seen.more, to => set({ [param]: to || "" }));
  };
  section.hidden = first.records.length === 0;
  if (from === 0 && !key) {
    section.asked = undefined;
    draw(first);
  } else once(section, `${from} ${key}`, () => ask(data(kind, { name, from, key })), draw);
}

function chosen(hash) {
  const [path, params] = hash.replace(/^#/, "").split("?");
  const [kind, name] = path.split("/").map(decodeURIComponent);
  const given = Object.fromEntries(new URLSearchParams(params ?? ""));
  const made = kind === "job" && name ? job(name, given) : kind === "run" && name ? run(name, given) : overview(given);
  return Object.assign(made, { params: given, path });
}

let telling;
function tell(text) {
  document.getElementById("told").textContent = text;
  clearTimeout(telling);
  telling = setTimeout(() => tell(""), 4000);
}

async function act(what, params = {}) {
  try {
    const answer = await fetch(`${location.origin}/${what}?${query(params)}`, { method: "POST", headers: OURS });
    tell(word(answer.ok ? "done" : "not-done"));
  } catch {
    tell(word("not-done"));
  }
  look();
}

const ask = what => request(`/data/${what}${what.endsWith("?") ? "" : "&"}lang=${lang}`);

function say(lost) {
  const line = document.getElementById("live");
  const text = word(lost ? "lost" : "live");
  line.classList.toggle("lost", lost);
  if (line.textContent !== text) line.textContent = text;
}

function draw(present, seen) {
  const template = seen ? present.template : "gone";
  const turned = main.dataset.view !== template || present.page === undefined;
  if (turned) {
    main.replaceChildren(copy(template));
    main.dataset.view = template;
    present.page = main;
  }
  if (seen) present.show(main, seen);
  if (turned) {
    const heading = main.querySelector("h1").textContent;
    document.title = template === "overview" ? title : `${heading} - ${title}`;
    if (present.visited) {
      scrollTo(0, 0);
      main.querySelector("h1").focus();
    }
  }
  main.removeAttribute("aria-busy");
}

async function look() {
  const present = view;
  looking = true;
  try {
    const seen = await ask(present.data());
    const text = JSON.stringify(seen);
    if (present === view && text !== present.last) {
      draw(present, seen);
      present.last = text;
    }
    say(false);
  } catch {
    say(true);
  }
  looking = false;
}

async function keepLooking() {
  if (!document.hidden && !looking) await look();
  setTimeout(keepLooking, PAUSE);
}

/** Another part of the same view leaves the page where it is. */
function go(visited) {
  const before = view;
  view = chosen(location.hash);
  if (before?.path === view.path) view.page = before.page;
  view.visited = visited;
  for (const choice of document.querySelectorAll("header nav a")) {
    choice.href = `?lang=${choice.lang}${location.hash}`;
    if (choice.lang === lang) choice.setAttribute("aria-current", "true");
  }
}

addEventListener("hashchange", () => {
  go(true);
  look();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && !looking) look();
});
document.getElementById("log-out").onclick = async () => {
  await act("logout");
  location.reload();
};
document.getElementById("zone").textContent = word("times-in", zone);
go(false);
keepLooking();
