// What the page shows of looking first: the plans that somebody has asked for, and what the last
// comparison of a source with its app has found.
import { clock, copy, count, element, figure, lang, link, part, place, put, runBadge, sourceOf, word } from "./parts.js";

const FIGURES = ["inserted", "updated", "deleted", "unchanged", "rejected"];

/** The button that asks for a plan. A folder in which nothing waits has none. */
function button(page, seen, act) {
  const ask = part(page, "look-first");
  const about = seen.job;
  ask.hidden = !seen.acts || !about || !["ready", "waiting", "needs-you", "running"].includes(about.state);
  ask.disabled = about?.waitingFiles === 0;
  ask.onclick = () => act("look-first", { job: seen.name });
}

function row(plan) {
  const shown = copy("plan-row");
  const begun = part(shown, "begun");
  begun.href = place("run", plan.run);
  begun.append(clock(plan.startedAt));
  part(shown, "source").textContent = sourceOf(plan);
  runBadge(part(shown, "state"), plan);
  if (plan.appliedBy) part(shown, "applied").append(link(place("run", plan.appliedBy), word("applied")));
  for (const name of FIGURES) part(shown, name).textContent = figure(count(plan, name));
  const page = part(shown, "page");
  page.hidden = !plan.page;
  page.href = "/plan?" + new URLSearchParams({ name: plan.run, lang });
  return shown;
}

/** The plans of a job, and what was found when its source was last compared with its app. */
export function plans(page, seen, act) {
  button(page, seen, act);
  const section = part(page, "plans");
  section.hidden = seen.plans.length === 0;
  put(section.querySelector("tbody"), ...seen.plans.map(row));
  const found = seen.job?.reconciled;
  const line = part(page, "reconciled");
  line.hidden = !found;
  if (!found) return;
  const at = link(place("run", found.run));
  at.append(clock(found.at));
  put(line, element("span", word("compared")), " ", at, " ", element("b", found.says, found.same ? "" : "bad"));
}
