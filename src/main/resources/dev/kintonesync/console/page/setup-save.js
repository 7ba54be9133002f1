// The last step: what a run would do, the text of the job, and saving and starting it.
import { asked, element, figure, hasWord, part, place, toDashboard, word } from "./parts.js";
import { call, lines, say, settled, work } from "./setup-kit.js";

const PAUSE = 400;
const COUNTS = ["read", "inserted", "updated", "removed", "deleted", "flagged", "unchanged", "superseded", "rejected", "unprocessed"];

let watched = 0; // which plan is looked at; another step or a new plan ends it

const cell = (text, kind) => element("td", text === null || text === undefined || text === "" ? word("empty-value") : String(text), text === null || text === undefined || text === "" ? "none" : kind);

function rejects(box, rows) {
  const section = part(box, "rejects");
  section.hidden = rows.length === 0;
  section.querySelector("tbody").replaceChildren(...rows.map(each => {
    const line = element("tr", "", "first");
    const [row, key] = [element("td", each.row ?? ""), cell(each.key)];
    row.dataset.label = word("row");
    key.dataset.label = word("key");
    line.append(row, key, element("td", each.reason, "main reason"));
    return line;
  }));
}

function changes(box, records) {
  const section = part(box, "changes");
  section.hidden = records.length === 0;
  section.querySelector("tbody").replaceChildren(...records.flatMap(record => {
    const fields = record.fields?.length ? record.fields : [{}];
    return fields.map((field, i) => {
      const line = element("tr", "", i ? "" : "first");
      const [key, outcome] = i ? ["", ""] : [record.key, hasWord(record.outcome) ? word(record.outcome) : record.outcome];
      const [before, after] = [field.before, field.after].map(each => (field.label ? cell(each) : element("td")));
      if (field.label) [before.dataset.label, after.dataset.label] = [word("before"), word("after")];
      line.append(element("td", key ?? "", "key"), element("td", outcome ?? "", `outcome ${record.outcome}`), element("td", field.label ?? "", "name"), before, after);
      return line;
    });
  }));
}

function drawPlan(box, seen) {
  const running = part(box, "running");
  running.hidden = seen.state !== "running";
  const button = part(box, "plan");
  button.disabled = seen.state === "running";
  button.textContent = word(seen.state === "done" || seen.state === "failed" ? "plan-again" : "plan-now");
  say(part(box, "said"), seen.message ?? (seen.state === "running" ? word("planning") : ""), seen.state === "failed");
  const counts = box.querySelector(".outcomes");
  const known = seen.counts ?? {};
  counts.hidden = seen.state !== "done";
  counts.replaceChildren(...COUNTS.filter(name => name in known && (known[name] || !["removed", "deleted", "flagged", "superseded", "unprocessed"].includes(name))).map(name => {
    const item = element("div", "", known[name] ? name : "zero");
    item.append(element("dt", hasWord(name) ? word(name) : name), element("dd", figure(known[name])));
    return item;
  }));
  lines(part(box, "remarks"), [...(seen.state === "done" && seen.limited ? [word("plan-limited")] : []), ...(seen.outdated ? [word("plan-outdated")] : []), ...(seen.remarks ?? [])]);
  rejects(box, seen.rejects ?? []);
  changes(box, seen.changes ?? []);
}

async function follow(box) {
  const mine = ++watched;
  const path = `setup/drafts/${work.draft.id}/plan`;
  for (;;) {
    const seen = await call("GET", path);
    if (mine !== watched) return;
    if (!seen.ok) {
      if (seen.status !== 404) drawPlan(box, { state: "failed", message: seen.message });
      return;
    }
    drawPlan(box, seen);
    if (seen.state !== "running") return;
    await new Promise(soon => setTimeout(soon, PAUSE));
  }
}

async function block(box) {
  const section = part(box, "block");
  const answer = await call("GET", `setup/drafts/${work.draft.id}/block`);
  const before = part(section, "old");
  before.hidden = !answer.before;
  part(section, "new-title").hidden = !answer.before;
  before.querySelector("pre").textContent = answer.before ?? "";
  part(section, "new").querySelector("pre").textContent = answer.text ?? answer.message ?? "";
}

async function saved(box, answer) {
  for (const name of ["block", "preview"]) part(box, name).hidden = true;
  const frame = box.parentElement;
  for (const each of frame.querySelectorAll(".steps, .walk")) each.hidden = true;
  const setup = await call("GET", "setup");
  const writes = setup.jobs?.find(job => job.name === answer.job)?.writes === true;
  part(box, "theirs").hidden = true;
  const section = part(box, "saved");
  section.hidden = false;
  part(section, "saved-how").textContent = writes ? word("saved-running", answer.job) : word("saved-paused", answer.job);
  toDashboard(part(section, "to-job"), place("job", answer.job));
  const start = part(section, "start");
  start.hidden = writes;
  start.onclick = async () => {
    const begun = await call("POST", `setup/jobs/${encodeURIComponent(answer.job)}/start`);
    part(section, "saved-how").textContent = begun.ok ? word("started", answer.job) + (setup.running === false ? ` ${word("not-running")}` : "") : begun.message;
    if (begun.ok) {
      start.hidden = true;
      part(section, "to-job").focus();
    }
  };
  section.querySelector("h2").focus();
}

/** What somebody else saved meanwhile, beside what is to be saved. */
function theirs(box, answer) {
  const section = part(box, "theirs");
  section.hidden = false;
  part(box, "block").hidden = true;
  part(section, "theirs-said").textContent = answer.message;
  const [other, mine] = section.querySelectorAll("pre");
  other.textContent = answer.theirs || word("block-gone");
  mine.textContent = answer.mine ?? "";
  asked(part(section, "force"), word("save-mine"), word("save-mine-sure"), () => save0(box, true));
  part(section, "take").onclick = async () => {
    const job = work.draft.job;
    await call("DELETE", `setup/drafts/${work.draft.id}`);
    const draft = job ? await call("POST", "setup/drafts", { job }) : { ok: false };
    location.hash = draft.ok ? `${place("draft", draft.id)}/mapping` : "";
  };
  section.querySelector("h2").focus();
}

async function save0(box, force) {
  const button = part(box, "save");
  button.disabled = true;
  await settled();
  const answer = await call("POST", `setup/drafts/${work.draft.id}/save`, { version: work.draft.version, ...(force ? { force: true } : {}) });
  button.disabled = false;
  if (answer.ok) saved(box, answer);
  else if (answer.status === 409 && answer.theirs !== undefined) theirs(box, answer);
  else if (answer.status === 409 && answer.draft) {
    work.draft = answer.draft;
    work.onConflict(answer.message);
  } else say(part(box, "said"), answer.message, true);
}

async function show(box) {
  watched++;
  for (const name of ["theirs", "saved"]) part(box, name).hidden = true;
  for (const name of ["block", "preview"]) part(box, name).hidden = false;
  part(box, "plan").onclick = async () => {
    drawPlan(box, { state: "running" });
    const answer = await call("POST", `setup/drafts/${work.draft.id}/plan`);
    if (answer.ok) await follow(box);
    else drawPlan(box, { state: "failed", message: answer.message });
  };
  part(box, "save").onclick = () => save0(box, false);
  await block(box);
  follow(box);
}

export const save = { id: "save", show, done: () => false, leave: () => watched++ };
