// The fifth step: how and when it is written, with what that would do to the app now.
import { clock, element, part, word } from "./parts.js";
import { bind, call, complainAll, patch, problems, property, settled, work } from "./setup-kit.js";

const MORE = ["max-rejected", "max-updated", "hand-edits", "approval", "if-empty", "on-insert", "delete-when"];

/** Which way of scheduling a text is. */
const way = text => (text.startsWith("every") ? "every" : text.startsWith("daily") ? "daily" : text ? "cron" : "");

async function look(box) {
  await settled();
  const effects = part(box, "effects");
  effects.setAttribute("aria-busy", "true");
  const answer = await call("GET", `setup/drafts/${work.draft.id}/rules`);
  effects.removeAttribute("aria-busy");
  const said = answer.problem?.property ? complainAll(box, [...problems(false), answer.problem]) : [];
  const problem = answer.problem && !said.includes(answer.problem) ? null : answer.problem?.message ?? (answer.ok ? null : answer.message);
  effects.replaceChildren(...(answer.effects ?? []).map(text => element("p", text)), ...(problem && !problems(false).some(each => each.message === problem) ? [element("p", problem, "bad")] : []));
  part(box, "in-words").textContent = answer.when ?? "";
  const next = part(box, "next");
  next.hidden = !answer.next?.length;
  next.querySelector("ol").replaceChildren(...(answer.next ?? []).map(instant => {
    const item = element("li");
    item.append(clock(instant));
    return item;
  }));
}

function schedule(box) {
  const fields = part(box, "when");
  const kind = property("source") || "folder";
  part(box, "without").textContent = word(kind === "folder" ? "when-watched" : kind === "kafka" ? "when-followed" : "when-by-hand");
  const text = fields.querySelector("[name=schedule]");
  const [every, daily] = [part(box, "every"), part(box, "daily")];
  const set = async value => {
    text.value = value;
    const answer = await patch({ schedule: value || null });
    if (answer.ok) draw();
    await look(box);
  };
  const draw = chosen => {
    const now = chosen ?? way(property("schedule"));
    for (const radio of fields.querySelectorAll("[name=when]")) radio.checked = radio.value === now;
    for (const field of fields.querySelectorAll("[data-when]")) field.hidden = !field.dataset.when.split(" ").includes(now);
    const interval = property("schedule").match(/^every\s+(\S+)$/)?.[1];
    if (interval && ![...every.options].some(option => option.value === interval)) every.add(new Option(interval, interval));
    if (interval) every.value = interval;
    const time = property("schedule").match(/^daily\s+(\d\d:\d\d)$/)?.[1];
    if (time) daily.value = time;
  };
  for (const radio of fields.querySelectorAll("[name=when]")) {
    radio.onchange = () => {
      draw(radio.value);
      if (radio.value === "") set("");
      if (radio.value === "every") set(`every ${every.value}`);
      if (radio.value === "daily") set(`daily ${daily.value || (daily.value = "02:30")}`);
      if (radio.value === "cron") text.focus();
    };
  }
  every.onchange = () => set(`every ${every.value}`);
  daily.onchange = () => daily.value && set(`daily ${daily.value}`);
  draw();
}

const kept = {}; // by draft: what was said of missing records before another mode was chosen

/** What was said of missing records has no effect without them, and comes back with them. */
async function missing(box, chosen) {
  const [mirrors, flags] = [property("mode") === "mirror", Boolean(property("delete-when"))];
  const own = { "mirror.missing": mirrors || flags, "mirror.scope": mirrors, "mirror.max-missing": mirrors };
  const before = (kept[work.draft.id] ??= {});
  const changes = {};
  for (const [name, counts] of Object.entries(own)) {
    const control = box.querySelector(`[name="${name}"]`);
    control.closest(".field").hidden = !counts && (chosen || !property(name));
    if (!chosen) continue;
    if (!counts && property(name)) {
      before[name] = property(name);
      changes[name] = null;
    } else if (counts && !property(name) && before[name]) {
      changes[name] = before[name];
      delete before[name];
    }
    control.value = changes[name] ?? (counts ? property(name) : "");
  }
  part(box, "mirror").hidden = Object.keys(own).every(name => box.querySelector(`[name="${name}"]`).closest(".field").hidden);
  if (Object.keys(changes).length) await patch(changes);
}

async function show(box) {
  bind(box, async name => {
    if (name === "mode" || name === "delete-when") await missing(box, true);
    if (name === "schedule") schedule(box);
    look(box);
  });
  part(box, "more").open = MORE.some(name => property(name));
  await missing(box, false);
  schedule(box);
  await look(box);
}

export const rules = {
  id: "rules",
  show,
  done: () => !problems(false).some(problem => problem.step === "rules"),
};
