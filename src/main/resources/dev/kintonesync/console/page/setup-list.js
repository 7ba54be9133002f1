// The jobs and the drafts that there are, and what can be done with each.
import { asked, badge, clock, copy, part, place, toDashboard, word } from "./parts.js";
import { call, say } from "./setup-kit.js";

export function connectionWords(connection) {
  if (!connection?.baseUrl) return word("connection-none");
  const how = connection.auth === "login" ? word("connection-login", connection.username ?? "") : connection.auth === "token" ? word("connection-token") : word("connection-nobody");
  return `${connection.baseUrl} – ${how}`;
}

/** Makes a draft and goes to its first step that is open. */
async function begin(said, wish, step) {
  const draft = await call("POST", "setup/drafts", wish);
  if (draft.ok) location.hash = `${place("draft", draft.id)}/${step}`;
  else say(said, draft.message, true);
}

let names = 0;

/** Says to those who hear a button without its row what it is about. */
function about(name, ...buttons) {
  name.id = `name-${++names}`;
  for (const button of buttons) button.setAttribute("aria-describedby", name.id);
}

/** Asks before a job is removed, and whether its secrets are to go as well. */
function remove(dialog, job, doIt) {
  const also = part(dialog, "also");
  also.hidden = job.secrets.length === 0;
  also.querySelector("span").textContent = word("delete-secrets", job.secrets.join(word("and")));
  const box = also.querySelector("input");
  box.checked = !job.drafted;
  part(dialog, "question").textContent = word("delete-sure", job.name);
  part(dialog, "yes").onclick = () => {
    dialog.close();
    doIt(!also.hidden && box.checked ? "?secrets=remove" : "");
  };
  part(dialog, "no").onclick = () => dialog.close();
  dialog.showModal();
}

/** Shows the list; again: asks for it once more. */
export function list(page, setup, again) {
  const said = part(page, "said");
  const act = async (method, path) => {
    const answer = await call(method, path);
    if (!answer.ok) say(said, answer.message, true);
    else {
      await again();
      say(part(document.getElementById("main"), "said"), answer.message);
    }
  };
  if (!setup.ok || setup.problem) say(said, setup.problem ?? setup.message, true);
  const ready = setup.connection?.ready;
  const [drafts, jobs] = [setup.drafts ?? [], setup.jobs ?? []];
  const over = Object.keys(localStorage).filter(key => key.startsWith("step-") && !drafts.some(draft => key === `step-${draft.id}`));
  if (setup.ok && !setup.problem) for (const key of over) localStorage.removeItem(key);
  part(page, "first").hidden = jobs.length + drafts.length > 0;
  part(page, "new").onclick = () => begin(said, {}, ready ? "app" : "kintone");
  part(page, "connection").textContent = connectionWords(setup.connection);

  part(page, "drafts").hidden = drafts.length === 0;
  part(page, "drafts").querySelector("tbody").replaceChildren(...drafts.map(draft => {
    const row = copy("draft-row");
    const name = part(row, "name");
    name.textContent = draft.name || word("unnamed");
    name.href = `${place("draft", draft.id)}/${localStorage.getItem(`step-${draft.id}`) ?? (!ready ? "kintone" : draft.job ? "mapping" : "app")}`;
    part(row, "kind").textContent = draft.job ? word("draft-of", draft.job) : word("draft-new");
    part(row, "changed").append(clock(draft.changed));
    const discard = part(row, "discard");
    about(name, discard);
    asked(discard, word("discard"), word("discard-sure"), () => act("DELETE", `setup/drafts/${encodeURIComponent(draft.id)}`));
    return row;
  }));

  part(page, "jobs").hidden = jobs.length === 0;
  part(page, "no-jobs").hidden = jobs.length > 0;
  part(page, "jobs").querySelector("tbody").replaceChildren(...jobs.map(job => {
    const row = copy("job-row");
    const name = part(row, "name");
    name.textContent = job.name;
    toDashboard(name, place("job", job.name));
    part(row, "problem").textContent = job.problem ?? "";
    part(row, "source").textContent = job.source ? word("kind-" + job.source) : "–";
    part(row, "app").textContent = job.app ?? "–";
    badge(part(row, "state"), job.problem ? "needs-you" : job.writes ? "ready" : "idle", word(job.problem ? "with-problem" : job.writes ? "writes" : "paused"));
    const [edit, turn, twin, gone] = ["edit", "turn", "copy", "delete"].map(each => part(row, each));
    about(name, edit, turn, twin, gone);
    edit.onclick = () => begin(said, { job: job.name }, "mapping");
    twin.onclick = () => begin(said, { job: job.name, copy: true }, "app");
    const path = `setup/jobs/${encodeURIComponent(job.name)}`;
    if (job.writes) asked(turn, word("pause"), word("pause-sure"), () => act("POST", `${path}/pause`));
    else asked(turn, word("start"), word("start-sure"), () => act("POST", `${path}/start`));
    gone.textContent = word("delete");
    gone.onclick = () => remove(part(page, "removing"), job, query => act("DELETE", path + query));
    return row;
  }));
}
