// The fifth step: how and when it is written, with what that would do to the app now.
import { clock, element, part, word } from "./parts.js";
import { bind, call, patch, problems, property, settled, work } from "./setup-kit.js";

const OWNED = /^(mode|existing|missing-key|duplicates|empty|empty-column|if-empty|on-insert|hand-edits|delete-when|mirror\..*|max-.*|assert|approval|schedule|after|time-zone|missed)$/;
const MORE = ["max-rejected", "max-updated", "hand-edits", "approval", "if-empty", "on-insert", "delete-when"];

/** Which way of scheduling a text is. */
const way = text => (text.startsWith("every") ? "every" : text.startsWith("daily") ? "daily" : text ? "cron" : "");

async function look(box) {
  await settled();
  const effects = part(box, "effects");
  effects.setAttribute("aria-busy", "true");
  const answer = await call("GET", `setup/drafts/${work.draft.id}/rules`);
  effects.removeAttribute("aria-busy");
  const problem = answer.problem?.message ?? answer.problem ?? (answer.ok ? null : answer.message);
  effects.replaceChildren(...(answer.effects ?? []).map(text => element("p", text)), ...(problem && !problems(false).some(each => each.message === problem) ? [element("p", problem, "bad")] : []));
  part(box, "in-words").textContent = [answer.when, answer.zone && answer.next?.length ? word("in-zone", answer.zone) : ""].filter(Boolean).join(" ");
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

async function show(box) {
  const mirror = () => {
    part(box, "mirror").hidden = property("mode") !== "mirror";
  };
  bind(box, name => {
    if (name === "mode") mirror();
    if (name === "schedule") schedule(box);
    look(box);
  });
  part(box, "more").open = MORE.some(name => property(name));
  mirror();
  schedule(box);
  await look(box);
}

export const rules = {
  id: "rules",
  show,
  done: () => !problems(false).some(problem => OWNED.test(problem.property)),
  owns: name => OWNED.test(name),
};
