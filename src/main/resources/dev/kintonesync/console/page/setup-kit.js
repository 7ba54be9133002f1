// What the steps of setting up are made of: requests to the program, the draft that is being set
// up, and controls that each stand for one property of it.
import { lang, word } from "./parts.js";

const OURS = { "X-Kintone-Sync": "page" };
const PAUSE = 2000; // ms until a program that did not answer is asked again
const REPEATED = ["GET", "PATCH", "PUT"];

/** Asks until the program answers, where asking twice does no more than asking once; null: it did not answer. */
async function reach(path, request) {
  const away = document.getElementById("away");
  for (;;) {
    try {
      const answer = await fetch(path, request);
      const text = await answer.text();
      away.hidden = true;
      return { answer, text };
    } catch {
      if (!REPEATED.includes(request.method) || request.body instanceof Blob) return null;
      away.hidden = false;
      await new Promise(soon => setTimeout(soon, PAUSE));
    }
  }
}

const isOver = answer => answer.status === 401 || answer.status === 403;

/** What the program answers to a request below /api/; its status and the JSON of its content. */
export async function call(method, path, body) {
  const file = body instanceof Blob;
  const headers = body === undefined || file ? OURS : { ...OURS, "Content-Type": "application/json" };
  const mark = path.includes("?") ? "&" : "?";
  const reached = await reach(`${location.origin}/api/${path}${mark}lang=${lang}`, {
    method,
    headers,
    body: body === undefined || file ? body : JSON.stringify(body),
  });
  if (!reached) return { ok: false, status: 0, message: word("lost") };
  const { answer, text } = reached;
  let content = {};
  try {
    content = text ? JSON.parse(text) : {};
  } catch {
    content = { message: text.trim() };
  }
  if (isOver(answer)) setTimeout(() => dispatchEvent(new Event("session-over"))); // whoever asked may still keep something
  if (!answer.ok && !content.message) content.message = word("not-done");
  content.message = content.message ?? undefined;
  return { ...content, ok: answer.ok && content.ok !== false, status: answer.status };
}

/** The draft that is being set up, as the program has it; all changes go through here, one after the other. */
export const work = { draft: null, onChange: () => {}, onConflict: () => {} };
let last = Promise.resolve();

function take(answer) {
  const draft = answer.status === 409 ? answer.draft : answer.ok ? answer : null;
  if (draft?.id && draft.id === work.draft?.id) work.draft = draft;
  if (answer.status === 409 && answer.draft) work.onConflict(answer.message);
  else if (draft) work.onChange();
  return answer;
}

/** Sends a change of the draft, after those that are still under way. */
export function change(method, path, body, versioned = true) {
  const id = work.draft.id;
  last = last.then(async () => {
    const sent = versioned ? { version: work.draft.version, ...body } : body;
    const answer = take(await call(method, `setup/drafts/${id}${path}`, sent));
    if (versioned && isOver(answer)) keepUnsent(id, { method, path, body });
    return answer;
  });
  return last;
}

const SECRET = /password|token$/;

/** What could not be sent, since somebody has to log in again before; secrets are not kept. */
function keepUnsent(id, request) {
  if (Object.keys(request.body.properties ?? {}).some(name => SECRET.test(name))) return;
  const kept = JSON.parse(sessionStorage.getItem(`unsent-${id}`) ?? "[]");
  sessionStorage.setItem(`unsent-${id}`, JSON.stringify([...kept, request]));
}

/** Sends what could not be sent before. */
export async function sendUnsent() {
  const name = `unsent-${work.draft.id}`;
  const kept = JSON.parse(sessionStorage.getItem(name) ?? "[]");
  sessionStorage.removeItem(name);
  for (const { method, path, body } of kept) await change(method, path, body);
}

/** Sets properties of the draft; null takes one away. */
export const patch = properties => change("PATCH", "", { properties });

/** When all changes have arrived. */
export const settled = () => last;

export const property = name => work.draft.properties[name] ?? "";

/** What is wrong with the draft; what is merely not there yet only where it is the time to say so. */
export const problems = all => (work.draft.problems ?? []).filter(each => all || (each.property === "name" ? work.draft.name : each.property && each.property in work.draft.properties));

let numbers = 0;

const box = control => control.closest(".field, fieldset");

/** The paragraph below a control that says what is wrong with it. */
function problemOf(control) {
  const field = box(control);
  let line = field.querySelector(":scope > .problem");
  if (!line) {
    line = document.createElement("p");
    line.className = "problem";
    line.id = `problem-${++numbers}`;
    field.append(line);
  }
  return line;
}

/** Says what is wrong with a control; an empty text: nothing. */
export function complain(control, text) {
  const line = problemOf(control);
  line.textContent = text ?? "";
  const hint = box(control).querySelector(":scope > small");
  if (hint && !hint.id) hint.id = `hint-${++numbers}`;
  const about = [hint?.id, text ? line.id : ""].filter(Boolean).join(" ");
  if (about) control.setAttribute("aria-describedby", about);
  else control.removeAttribute("aria-describedby");
  if (text) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
}

/** Says at its field what is wrong; returns what has no field here. */
export function complainAll(place, problems) {
  const rest = [];
  const said = new Set();
  for (const problem of problems ?? []) {
    const control = [...place.querySelectorAll("[name]")].find(each => each.name === problem.property);
    if (!control || control.closest("[hidden]") || said.has(control)) rest.push(problem);
    else {
      complain(control, problem.message);
      said.add(control);
    }
  }
  for (const control of place.querySelectorAll("[name][aria-invalid]")) if (!said.has(control)) complain(control, "");
  return rest;
}

/** Connects each label with the control that follows it. */
export function label(box) {
  for (const field of box.querySelectorAll(".field")) {
    const [name, control] = [field.querySelector(":scope > label"), field.querySelector("input, select, textarea")];
    if (!name || !control || control.id) continue;
    control.id = `field-${++numbers}`;
    name.htmlFor = control.id;
  }
}

/** Shows a value in a control; a choice that the page does not know is added to it. */
export function show(control, value) {
  if (control.type === "radio") {
    control.checked = control.value === value;
    return;
  }
  if (document.activeElement === control && control.value !== value && control.type !== "select-one") return;
  if (control.type === "select-one" && ![...control.options].some(option => option.value === value)) {
    control.add(new Option(value, value));
  }
  control.value = value;
}

/** Lets every named control of a box stand for the property of its name. */
export function bind(box, changed = () => {}) {
  label(box);
  const secrets = work.draft.secrets ?? [];
  for (const control of box.querySelectorAll("[name]")) {
    if (control.dataset.own !== undefined) continue;
    if (control.type === "password") {
      if (secrets.includes(control.name)) control.placeholder = word("secret-kept");
    } else show(control, property(control.name) || (control.type === "radio" ? (control.dataset.default !== undefined ? control.value : "") : ""));
    control.onchange = async () => {
      const value = control.value.trim();
      const set = value === "" || control.dataset.default !== undefined ? null : value;
      if (control.type === "password" && value === "") return;
      const answer = await patch({ [control.name]: set });
      if (control.type === "password" && answer.ok) {
        control.value = "";
        control.placeholder = word("secret-kept");
      }
      complain(control, answer.ok || answer.status === 409 ? problems(false).find(each => each.property === control.name)?.message : answer.message);
      if (answer.ok) changed(control.name);
    };
  }
}

/** Says a sentence in a box for messages. */
export function say(box, text, bad) {
  box.textContent = text ?? "";
  box.className = bad ? "said bad" : "said";
}

/** Shows sentences as a list; none: no list. */
export function lines(list, sentences) {
  list.hidden = !sentences?.length;
  list.replaceChildren(...(sentences ?? []).map(sentence => {
    const line = document.createElement("li");
    line.textContent = sentence;
    return line;
  }));
}
