// The first step: where Kintone is and how to log in. It is tested before it is saved.
import { part, word } from "./parts.js";
import { call, complainAll, label, patch, property, say, work } from "./setup-kit.js";

const SECRETS = ["token", "password", "proxyPassword", "certificatePassword", "basicAuthPassword"];
const DETAILS = ["proxy", "proxyUsername", "certificate", "authorities", "guestSpaceId", "basicAuthUsername"];

/** What is left out stays as it is, so what was taken away is sent as empty. */
function given(form, known = {}) {
  const wish = {};
  for (const name of DETAILS) if (known[name]) wish[name] = "";
  for (const control of form.querySelectorAll("[name]")) {
    if (control.type === "radio" ? !control.checked : control.closest("[hidden]") || !control.value.trim()) continue;
    wish[control.name] = SECRETS.includes(control.name) ? control.value : control.value.trim();
  }
  if (wish.baseUrl && !/^[a-z]+:\/\//i.test(wish.baseUrl)) wish.baseUrl = `https://${wish.baseUrl}`;
  return wish;
}

/** The address alone, whatever page of it was copied from the browser. */
function addressOf(text) {
  const found = text.trim().match(/^(https?:\/\/[^/\s]+)\/k\/(?:guest\/(\d+)\/)?(\d+)?/i);
  return found ? { baseUrl: found[1], guestSpaceId: found[2], app: found[3] } : null;
}

async function show(box, setup) {
  const form = part(box, "form");
  const control = name => form.querySelector(`[name="${name}"]`);
  label(form);
  const known = setup.connection ?? {};
  control("baseUrl").value = known.baseUrl ?? "";
  for (const name of ["username", ...DETAILS]) control(name).value = known[name] ?? "";
  if (DETAILS.some(name => known[name])) form.querySelector("details").open = true;
  if (known.ready) control(known.auth === "login" ? "password" : "token").placeholder = word("secret-kept");
  for (const name of known.fixed ?? []) {
    const fixed = control(name);
    if (fixed) fixed.disabled = true;
  }
  if (work.draft) control("app").value = property("app");
  const auth = known.auth === "login" ? "login" : "token";
  form.querySelector(`[name=auth][value=${auth}]`).checked = true;
  const said = part(box, "said");
  const choose = () => {
    const now = form.querySelector("[name=auth]:checked").value;
    for (const way of ["token", "login"]) part(form, way).hidden = way !== now;
  };
  const tokenPage = () => {
    const [url, app] = [given(form).baseUrl, control("app").value.trim()];
    const link = part(form, "token-page");
    link.hidden = !/^https?:\/\/[^/]+$/i.test(url ?? "") || !/^\d+$/.test(app);
    if (!link.hidden) link.href = `${url}/k/admin/app/apitoken?app=${app}`;
  };
  for (const radio of form.querySelectorAll("[name=auth]")) radio.onchange = choose;
  control("baseUrl").onchange = () => {
    const found = addressOf(control("baseUrl").value);
    if (found) {
      control("baseUrl").value = found.baseUrl;
      if (found.app && !control("app").value) control("app").value = found.app;
      if (found.guestSpaceId) control("guestSpaceId").value = found.guestSpaceId;
    }
    tokenPage();
  };
  control("app").oninput = tokenPage;
  choose();
  tokenPage();
  if (known.ready) say(said, word("connection-ready"));

  const send = async saveAnyway => {
    control("baseUrl").onchange();
    say(said, word("testing"));
    form.setAttribute("aria-busy", "true");
    const wish = given(form, known);
    const answer = await call("POST", "setup/connection", { ...wish, save: true, ...(saveAnyway ? { anyway: true } : {}) });
    form.removeAttribute("aria-busy");
    const good = answer.ok || answer.saved === true;
    const rest = complainAll(form, answer.problems);
    const atField = answer.problems?.some(problem => !rest.includes(problem) && problem.message === answer.message);
    const sentences = new Set([atField ? "" : answer.message, ...rest.map(problem => problem.message), answer.restart ? word("restart-needed") : ""]);
    say(said, [...sentences].filter(Boolean).join(" "), !answer.ok);
    part(form, "anyway").hidden = good || answer.status === 0;
    if (!good) {
      form.querySelector("[aria-invalid]")?.focus();
      return;
    }
    for (const name of SECRETS) {
      if (!control(name).value) continue;
      control(name).value = "";
      control(name).placeholder = word("secret-kept");
    }
    Object.assign(setup, await call("GET", "setup"));
    if (work.draft && wish.app && !property("app")) await patch({ app: wish.app });
    if (work.draft) work.onChange();
    const next = document.querySelector("[data-of=after][href]");
    if (next) next.focus();
  };
  form.onsubmit = event => {
    event.preventDefault();
    send(false);
  };
  part(form, "anyway").onclick = () => send(true);
}

export const kintone = { id: "kintone", show, done: (draft, setup) => setup.connection?.ready === true };
