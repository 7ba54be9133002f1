// The second step: the app, its form, and the field that identifies a record.
import { element, link, part, word } from "./parts.js";
import { bind, call, change, complain, label, patch, problems, property, say, work } from "./setup-kit.js";

/** The type of a field as Kintone calls it. */
export const typeName = type => {
  const id = "type-" + type.toLowerCase().replaceAll("_", "-");
  return document.getElementById("word-" + id) ? word(id) : type;
};

const kinds = field => typeName(field.type) + (field.lookup ? ` (${typeName("LOOKUP")})` : "");

let taken = new Set(); // names of the jobs
let given = null; // the name that the job has got from its app
let known = null; // the app that was asked for last

/** What the program knows about an app; asked again only when wished. */
export async function appOf(id, again) {
  const key = `${work.draft.id} ${id}`;
  if (again || known?.key !== key) {
    const answer = await call("GET", `setup/apps/${encodeURIComponent(id)}?draft=${encodeURIComponent(work.draft.id)}`);
    if (!answer.ok) return answer;
    known = { key, answer };
  }
  return known.answer;
}

function row(field, inTable) {
  const line = element("tr");
  const label = element("td", field.label, inTable ? "inner" : "");
  const marks = [field.required, field.unique].map(each => element("td", each ? "✓" : "", "mark"));
  [field.required, field.unique].forEach((each, i) => each && marks[i].setAttribute("aria-label", word("yes")));
  line.append(label, element("td", field.code), element("td", kinds(field)), ...marks, element("td", (field.choices ?? []).join(word("and"))));
  if (field.writable === false) line.classList.add("unwritable");
  return line;
}

function form(box, fields) {
  const lines = [];
  let table = "";
  for (const field of fields) {
    if (field.table && field.table !== table && !fields.some(each => each.code === field.table)) lines.push(row({ code: field.table, label: field.table, type: "SUBTABLE" }));
    table = field.table ?? "";
    lines.push(row(field, Boolean(field.table)));
  }
  box.replaceChildren(...lines);
}

function keys(box, app) {
  const select = box.querySelector("[name=update-key]");
  const now = property("update-key");
  const named = code => app.fields.find(field => field.code === code);
  const labelled = code => {
    const field = named(code);
    return field && field.label !== code ? `${field.label} (${code})` : code;
  };
  select.replaceChildren(new Option(word("choose"), ""), ...app.keys.map(code => new Option(labelled(code), code)));
  if (now && !app.keys.includes(now)) select.add(new Option(labelled(now), now));
  select.value = now;
  part(box, "key").hidden = app.keys.length === 0 && !now;
  part(box, "no-key").hidden = Boolean(app.key);
  say(part(box, "advice"), app.keyAdvice ?? "", !app.key);
  const settings = part(box, "settings");
  settings.hidden = !app.settingsUrl;
  if (app.settingsUrl) settings.href = app.settingsUrl;
}

/** What is wrong with the name that was given. */
const nameProblem = () => problems(false).find(each => each.property === "name");

/** A name for the job that no other one has. */
function nameFor(app) {
  const name = (app.name ?? "").replace(/[^\p{L}\p{N}_-]+/gu, "-").replace(/^-+|-+$/g, "") || `app-${app.id}`;
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}-${number}`;
  return free;
}

async function choose(box, id, again) {
  const said = part(box, "said");
  const chosen = part(box, "chosen");
  say(said, word("looking"));
  const app = await appOf(id, again);
  if (!app.ok) {
    say(said, "");
    complain(box.querySelector("[name=app]"), app.message);
    part(box, "own-token").open = part(box, "own-token").open || app.status === 422 || app.status === 403;
    chosen.hidden = true;
    return;
  }
  complain(box.querySelector("[name=app]"), "");
  part(box, "found").hidden = true;
  const wish = {};
  const another = property("app") !== String(app.id);
  if (another) wish.app = String(app.id);
  if (another && property("update-key") && !app.keys.includes(property("update-key"))) wish["update-key"] = null;
  if (app.key && (wish["update-key"] === null || !property("update-key"))) wish["update-key"] = app.key;
  if (Object.keys(wish).length) {
    const answer = await patch(wish);
    if (!answer.ok) {
      say(said, answer.message, true);
      return;
    }
  }
  if (!work.draft.name || (!work.draft.job && work.draft.name === given)) {
    given = nameFor(app);
    if (given !== work.draft.name) await change("PATCH", "", { name: given });
  }
  say(said, "");
  const name = part(box, "app-name");
  name.textContent = `${app.name || word("app")} (${app.id})`;
  if (app.url) name.href = app.url;
  else name.removeAttribute("href");
  chosen.hidden = false;
  box.querySelector("[name=name]").value = work.draft.name ?? "";
  keys(box, app);
  form(box.querySelector("tbody"), app.fields);
}

async function show(box, setup) {
  taken = new Set((setup.jobs ?? []).map(job => job.name));
  bind(box, name => (["api-token", "guest-space-id"].includes(name) && field.value.trim() ? find.requestSubmit() : undefined));
  label(part(box, "find").parentElement);
  const login = setup.connection?.auth === "login";
  const field = box.querySelector("[name=app]");
  const find = part(box, "find");
  part(find, "ask").textContent = word(login ? "app-by-name" : "app-by-number");
  part(find, "hint").textContent = word(login ? "app-by-name-hint" : "app-by-number-hint");
  label(box);
  find.querySelector("label").htmlFor = field.id ||= "app-field";
  part(box, "own-token").hidden = login;
  field.value = property("app");
  const found = part(box, "found");
  const search = async text => {
    const page = text.match(/\/k\/(?:guest\/\d+\/)?(\d+)/);
    const number = page ? page[1] : /^\d+$/.test(text) ? text : null;
    if (number || !login) {
      field.value = number ?? text;
      if (!number) complain(field, word("app-number-needed"));
      else await choose(box, number, true);
      return;
    }
    const answer = await call("GET", `setup/apps?name=${encodeURIComponent(text)}`);
    complain(field, answer.ok ? "" : answer.message);
    const apps = answer.apps ?? [];
    if (answer.ok) say(part(box, "said"), apps.length ? word("apps-found", apps.length) : word("apps-none"));
    found.hidden = apps.length === 0;
    found.replaceChildren(...apps.map(app => {
      const item = element("li");
      const button = element("button", `${app.name} (${app.id})`);
      button.type = "button";
      button.onclick = async () => {
        field.value = app.id;
        await choose(box, app.id);
        box.querySelector("[name=name]").focus();
      };
      item.append(button);
      return item;
    }));
  };
  find.onsubmit = event => {
    event.preventDefault();
    search(field.value.trim());
  };
  part(box, "again").onclick = () => choose(box, property("app"), true);
  const name = box.querySelector("[name=name]");
  name.onchange = async () => {
    const answer = await change("PATCH", "", { name: name.value.trim() });
    complain(name, answer.ok ? nameProblem()?.message : answer.message);
    if (answer.ok) name.value = work.draft.name;
  };
  if (field.value) await choose(box, field.value);
  else if (login) await search("");
}

export const app = {
  id: "app",
  show,
  done: draft => Boolean(draft.name && !nameProblem() && draft.properties.app && draft.properties["update-key"]),
};
