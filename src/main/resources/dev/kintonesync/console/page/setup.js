// Leads from nothing to a running job. What is shown stands in the fragment of the address:
// nothing: the list; #draft/ID/STEP; #kintone: the connection alone.
import { copy, lang, part, place, toDashboard, word } from "./parts.js";
import { call, complainAll, lines, problems, say, sendUnsent, settled, work } from "./setup-kit.js";
import { list } from "./setup-list.js";
import { kintone } from "./setup-kintone.js";
import { app } from "./setup-app.js";
import { source } from "./setup-source.js";
import { mapping } from "./setup-mapping.js";
import { rules } from "./setup-rules.js";
import { save } from "./setup-save.js";

const STEPS = [kintone, app, source, mapping, rules, save];
const title = document.title;
const main = document.getElementById("main");

let turns = 0;
let visited = false;
let shown = null; // the step that is shown

/** Shows a template in the place of what was there. */
function view(template, name) {
  main.replaceChildren(copy(template));
  main.dataset.view = name ?? template;
  main.removeAttribute("aria-busy");
  return main;
}

function settle() {
  document.title = `${main.querySelector("h1").textContent} - ${title}`;
  for (const choice of document.querySelectorAll("header nav a")) {
    choice.href = `?lang=${choice.lang}${location.hash}`;
    if (choice.lang === lang) choice.setAttribute("aria-current", "true");
  }
  if (visited) {
    scrollTo(0, 0);
    main.querySelector("h1").focus();
  }
  visited = true;
}

/** The steps, each as far as it can be gone to. */
function steps(box, current, setup) {
  let open = true;
  const items = STEPS.map((step, i) => {
    const item = document.createElement("li");
    const name = document.createElement(open ? "a" : "span");
    name.textContent = `${i + 1} ${word("step-" + step.id)}`;
    if (open) name.href = `${place("draft", work.draft.id)}/${step.id}`;
    const done = step.done(work.draft, setup);
    if (step === current) name.setAttribute("aria-current", "step");
    else if (!open) name.setAttribute("aria-disabled", "true");
    item.className = done && open ? "done" : "";
    open = open && done;
    item.append(name);
    return item;
  });
  const at = box.querySelector("li a:focus")?.getAttribute("href");
  box.replaceChildren(...items);
  if (at) box.querySelector(`a[href="${CSS.escape(at)}"]`)?.focus();
}

/** What around a step follows from the draft: the way on, and what is wrong. */
function follow(page, step, setup) {
  const at = STEPS.indexOf(step);
  const to = other => `${place("draft", work.draft.id)}/${other.id}`;
  part(page, "name").textContent = work.draft.name ?? "";
  steps(page.querySelector(".steps ol"), step, setup);
  const [before, after, lacks] = ["before", "after", "lacks"].map(name => part(page, name));
  before.hidden = at === 0;
  if (at > 0) before.href = to(STEPS[at - 1]);
  after.hidden = at === STEPS.length - 1;
  const done = step.done(work.draft, setup);
  if (at < STEPS.length - 1 && done) {
    after.href = to(STEPS[at + 1]);
    after.removeAttribute("aria-disabled");
  } else {
    after.removeAttribute("href");
    after.setAttribute("aria-disabled", "true");
  }
  lacks.textContent = after.hidden || done ? "" : word("lacks-" + step.id);
  const last = at === STEPS.length - 1;
  const own = problems(last).filter(problem => last || (problem.step === step.id));
  const rest = complainAll(part(page, "step"), own);
  lines(part(page, "problems"), rest.map(problem => problem.message));
}

async function draft(id, name, now) {
  const [answer, setup] = await Promise.all([call("GET", `setup/drafts/${encodeURIComponent(id)}`), call("GET", "setup")]);
  if (now !== turns) return;
  if (!answer.ok) {
    view("gone");
    settle();
    return;
  }
  const step = STEPS.find(each => each.id === name) ?? STEPS[1];
  work.draft = answer;
  work.onChange = work.onConflict = () => {};
  await sendUnsent();
  if (now !== turns) return;
  localStorage.setItem(`step-${id}`, step.id);
  const page = view("frame", "step-" + step.id);
  page.querySelector("h1").textContent = `${STEPS.indexOf(step) + 1}. ${word("ask-" + step.id)}`;
  const box = part(page, "step");
  box.append(copy("step-" + step.id));
  shown = step;
  work.onChange = () => follow(page, step, setup);
  work.onConflict = message => {
    say(part(page, "conflict"), message, true);
    step.show(box, setup);
    follow(page, step, setup);
  };
  settle();
  follow(page, step, setup);
  await step.show(box, setup);
  if (now === turns) {
    follow(page, step, setup);
    main.dataset.ready = step.id;
  }
}

async function connection(now) {
  const setup = await call("GET", "setup");
  if (now !== turns) return;
  work.draft = null;
  const page = view("frame", "step-kintone");
  page.querySelector(".steps").hidden = true;
  page.querySelector(".walk").hidden = true;
  page.querySelector("h1").textContent = word("ask-kintone");
  part(page, "step").append(copy("step-kintone"));
  settle();
  await kintone.show(part(page, "step"), setup);
  main.dataset.ready = "kintone";
}

async function turn() {
  const now = ++turns;
  delete main.dataset.ready;
  await settled();
  shown?.leave?.();
  shown = null;
  const [kind, id, step] = location.hash.replace(/^#/, "").split("/").map(decodeURIComponent);
  if (kind === "draft" && id) await draft(id, step, now);
  else if (kind === "kintone") await connection(now);
  else {
    work.draft = null;
    const setup = await call("GET", "setup");
    if (now !== turns) return;
    list(view("list"), setup, turn);
    settle();
    main.dataset.ready = "list";
  }
}

// a file that is dropped beside its place would be shown instead of the page
for (const kind of ["dragover", "drop"]) addEventListener(kind, event => event.preventDefault());
addEventListener("hashchange", turn);
addEventListener("session-over", () => location.reload());
toDashboard(document.querySelector("header .name"));
turn();
