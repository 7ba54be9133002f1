"use strict";
// Shows what the program answers below /data/. All words stand in the page, all values are set as
// text, and a part that did not change stays as it is, so that focus and selection do too.
(() => {
  const PAUSE = 1000;
  const BARS = 60;
  const PAGE = 20;
  const OURS = { "X-Kintone-Sync": "page" };
  const OUTCOMES = ["read", "inserted", "updated", "deleted", "flagged", "unchanged", "superseded", "rejected", "unprocessed"];
  const ALWAYS = OUTCOMES.filter(name => name !== "flagged");
  const lang = document.documentElement.lang;
  const title = document.title;
  const main = document.getElementById("main");
  const figures = new Intl.NumberFormat(lang);
  const moment = new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23" });
  const SVG = "http://www.w3.org/2000/svg";

  let view;
  let looking = false;

  const copy = id => document.getElementById(id).content.cloneNode(true);
  const word = id => document.getElementById("word-" + id).content.textContent;
  const part = (node, name) => node.querySelector(`[data-of="${name}"]`);
  const figure = value => figures.format(value);
  const time = instant => (instant ? moment.format(new Date(instant)) : "–");
  const place = (kind, name) => `#${kind}/${encodeURIComponent(name)}`;

  function element(name, text, kind) {
    const made = document.createElement(name);
    made.textContent = text ?? "";
    if (kind) made.className = kind;
    return made;
  }

  /** Puts parts in the place of earlier ones where they differ, and the focus where it was. */
  function put(box, ...parts) {
    const made = document.createElement("div");
    made.append(...parts);
    if (made.innerHTML === box.shown) return;
    const focused = box.contains(document.activeElement) && document.activeElement;
    const same = focused && (focused.hash ? `[href="${CSS.escape(focused.getAttribute("href"))}"]` : focused.dataset.id && `[data-id="${CSS.escape(focused.dataset.id)}"]`);
    box.shown = made.innerHTML;
    box.replaceChildren(...made.childNodes);
    if (same) box.querySelector(same)?.focus();
  }

  function badge(node, state, text) {
    node.className = "badge " + state;
    node.textContent = text;
  }

  const runState = state => word(state === "refused" ? "run-refused" : state);

  /** A run that was to write nothing; one that could not even begin has no mode. */
  const isDry = report => !report.written && report.mode !== "";

  function runBadge(node, report) {
    badge(node, isDry(report) ? "dry " + report.state : report.state,
      (isDry(report) ? word("dry-run") + " – " : "") + runState(report.state));
  }

  /** How many records of a report have an outcome; its deleted ones are flagged ones too. */
  const count = (report, name) => (name === "deleted" ? report.deleted - (report.flagged ?? 0) : report[name] ?? 0);

  function counts(report) {
    return OUTCOMES.slice(1).filter(name => count(report, name))
      .map(name => `${word(name)} ${figure(count(report, name))}`).join(lang === "ja" ? "、" : ", ");
  }

  function progress(share, report, slow) {
    const shown = copy("progress-part");
    const bar = shown.querySelector("progress");
    if (share === null || share === undefined) bar.removeAttribute("value");
    else bar.setAttribute("value", share);
    bar.setAttribute("aria-label", word("running"));
    const percent = share ? `${Math.floor(share * 100)} % ` : "";
    part(shown, "words").textContent =
      percent + (report ? counts(report) : "") + (slow ? ` – ${word("slow")} ${slow}` : "");
    return shown;
  }

  function card(job, linked) {
    const shown = copy("job-card");
    const name = part(shown, "name");
    if (linked) {
      name.textContent = job.job;
      name.href = place("job", job.job);
    } else name.remove();
    badge(part(shown, "state"), job.state, word(job.state));
    const late = part(shown, "late");
    late.textContent = word("late");
    late.hidden = !job.late;
    const why = part(shown, "why");
    why.textContent = job.why;
    why.hidden = !job.why;
    part(shown, "next").textContent = job.nextRun ? time(job.nextRun) : job.waitingFiles !== null && !job.schedule && job.state !== "idle" ? word("watches") : "–";
    const last = part(shown, "last");
    const run = job.lastRun;
    if (run) {
      const link = element("a", time(run.startedAt));
      link.href = place("run", run.run);
      const state = element("span");
      runBadge(state, run);
      last.append(link, " ", state);
    } else last.textContent = word("never");
    part(shown, "files").textContent = job.waitingFiles === null ? "–" : figure(job.waitingFiles);
    part(shown, "open").textContent = job.openRejects === null ? "–" : figure(job.openRejects);
    part(shown, "calls").textContent = figure(job.calls) + (job.dailyCalls ? ` ${word("of")} ${figure(job.dailyCalls)}` : "");
    if (job.state === "running") part(shown, "progress").append(progress(job.progress, run, job.slowBecause));
    return shown;
  }

  /** Each job has a scale of its own, and what went wrong is seen however small it is. */
  function chart(svg, runs) {
    const shown = runs.slice(0, BARS).reverse();
    const most = {};
    for (const run of shown) most[run.job] = Math.max(1, most[run.job] ?? 0, run.read, run.read + run.deleted - (run.removed ?? 0));
    const width = 600 / Math.max(20, shown.length);
    svg.setAttribute("aria-label", word("chart"));
    shown.forEach((run, i) => {
      let top = 110;
      const link = document.createElementNS(SVG, "a");
      const words = `${time(run.startedAt)} ${run.job} ${fileName(run.source)}: ${runState(run.state)}, ${word("read")} ${figure(run.read)}, ${counts(run)}`;
      link.setAttribute("href", place("run", run.run));
      link.setAttribute("tabindex", "-1"); // the table below has the same links
      link.setAttribute("aria-label", words);
      link.append(document.createElementNS(SVG, "title"));
      link.firstChild.textContent = words;
      const add = (name, y, height) => {
        const bar = document.createElementNS(SVG, "rect");
        bar.setAttribute("class", name);
        bar.setAttribute("x", (i * width + width * 0.12).toFixed(2));
        bar.setAttribute("y", Math.max(0, y).toFixed(2));
        bar.setAttribute("width", (width * 0.76).toFixed(2));
        bar.setAttribute("height", height.toFixed(2));
        link.append(bar);
      };
      if (run.state === "stopped" || run.state === "refused") add("failed", 0, 110);
      const parts = { rejected: run.rejected, inserted: run.inserted, updated: run.updated,
        deleted: count(run, "deleted"), flagged: count(run, "flagged"), unchanged: run.unchanged, other: run.superseded + run.unprocessed };
      for (const [name, count] of Object.entries(parts)) {
        if (!count) continue;
        const height = Math.max(name === "rejected" ? 6 : 1.5, (count / most[run.job]) * 98);
        top -= height;
        add(isDry(run) ? name + " dry" : name, top, height);
      }
      svg.append(link);
    });
  }

  const fileName = source => (source ?? "").split(/[/\\]/).pop();

  function duration(run) {
    if (!run.startedAt || !run.finishedAt) return "–";
    const seconds = Math.max(0, Math.round((new Date(run.finishedAt) - new Date(run.startedAt)) / 1000));
    const minutes = Math.floor(seconds / 60);
    return minutes ? `${figure(minutes)} min ${seconds % 60} s` : `${seconds} s`;
  }

  function history(runs) {
    const shown = copy("runs-part");
    const caption = shown.querySelector("figcaption");
    const flags = runs.some(run => run.flagged);
    caption.textContent = word("chart");
    for (const name of ["inserted", "updated", "deleted", "flagged", "unchanged", "rejected"]) {
      if (name !== "flagged" || flags) caption.append(element("span", word(name), name));
    }
    if (runs.some(isDry)) caption.append(element("span", word("dry-run"), "dry"));
    chart(shown.querySelector("svg"), runs);
    const body = shown.querySelector("tbody");
    for (const run of runs) {
      const row = copy("run-row");
      const link = part(row, "begun");
      link.textContent = time(run.startedAt);
      link.href = place("run", run.run);
      part(row, "job").textContent = run.job;
      part(row, "source").textContent = fileName(run.source);
      part(row, "took").textContent = duration(run);
      runBadge(part(row, "state"), run);
      if (run.times > 1) part(row, "folded").textContent = word("folded").replace("{0}", figure(run.times)).replace("{1}", time(run.since));
      for (const name of ["read", "inserted", "updated", "deleted", "flagged", "unchanged", "rejected"]) part(row, name).textContent = figure(count(run, name));
      body.append(row);
    }
    for (const cell of shown.querySelectorAll(".of-flagged")) cell.hidden = !flags;
    const none = runs.length === 0;
    shown.querySelector(".empty").hidden = !none;
    shown.querySelector("table").hidden = none;
    shown.querySelector("figure").hidden = none;
    return shown;
  }

  /** So many of a list as were asked for, and a button for more of them. */
  function pageOf(section, entries) {
    const button = part(section, "next-page");
    const most = section.most ?? PAGE;
    button.hidden = entries.length <= most;
    button.onclick = () => {
      section.most = most + PAGE;
      view.last = undefined;
      look();
    };
    return entries.slice(0, most);
  }

  /** A table of rows of a source, each with its row and reason in front. */
  function rows(section, all, more, button) {
    section.hidden = all.length === 0;
    const entries = pageOf(section, all);
    const numbered = all.some(entry => entry.row);
    const columns = [...new Set(all.flatMap(entry => Object.keys(entry.values)))];
    const head = ["", ...(numbered ? [word("row")] : []), word("reason"), ...columns].slice(button ? 0 : 1).map((name, i) => {
      const cell = element(button && i === 0 ? "td" : "th", name);
      if (cell.localName === "th") cell.scope = "col";
      return cell;
    });
    put(section.querySelector("thead tr"), ...head);
    put(section.querySelector("tbody"), ...entries.map(entry => {
      const row = document.createElement("tr");
      if (button) {
        const made = element("button", word("dismiss"));
        made.type = "button";
        made.dataset.id = entry.id;
        row.insertCell().append(made);
      }
      if (numbered) row.append(element("td", entry.row ? figure(entry.row) : "", "number"));
      row.append(element("td", entry.reason, "reason"));
      for (const column of columns) row.append(element("td", entry.values[column]));
      return row;
    }));
    section.querySelector(".more").hidden = !more || all.length > entries.length;
  }

  /** The runs that the choices above them leave; those of a job have no choice of a job. */
  function chosenRuns(page, runs) {
    const kept = {};
    for (const [name, of] of [["job", run => run.job], ["state", run => run.state]]) {
      const box = page.querySelector(`.filter [name=${name}]`);
      if (!box) continue;
      const values = [...new Set(runs.map(of))].sort();
      if (box.known !== values.join()) {
        const before = box.value;
        box.known = values.join();
        box.replaceChildren(new Option(word("all"), ""), ...values.map(each => new Option(name === "state" ? runState(each) : each, each)));
        box.value = values.includes(before) ? before : "";
      }
      box.onchange = () => {
        view.last = undefined;
        look();
      };
      kept[name] = box.value;
    }
    return runs.filter(run => (!kept.job || run.job === kept.job) && (!kept.state || run.state === kept.state));
  }

  function appLink(box, app, url) {
    box.textContent = url ? "" : app ?? "–";
    if (!url) return;
    const link = element("a", app);
    link.href = url;
    box.append(link);
  }

  /** A button that does something only when it is pressed twice. */
  function asked(button, name, doIt) {
    if (!button.sure) button.textContent = word(name);
    button.onclick = () => {
      const sure = button.sure;
      button.sure = !sure;
      button.textContent = word(sure ? name : `${name}-sure`);
      if (sure) doIt();
    };
  }

  const overview = () => ({
    template: "overview",
    data: "overview",
    show(page, seen) {
      put(page.querySelector(".jobs"), ...seen.jobs.map(job => card(job, true)));
      part(page, "no-jobs").hidden = seen.jobs.length > 0;
      put(part(page, "runs"), history(chosenRuns(page, seen.runs)));
      const simulator = document.getElementById("simulator");
      simulator.hidden = !seen.simulator;
      if (seen.simulator) simulator.href = seen.simulator;
    },
  });

  const job = name => ({
    template: "job",
    data: "job?name=" + encodeURIComponent(name),
    show(page, seen) {
      page.querySelector("h1").textContent = seen.name;
      const about = seen.job;
      put(part(page, "card"), ...(about ? [card(about, false)] : []));
      appLink(part(page, "app"), about?.app, seen.appUrl);
      for (const fact of ["source", "schedule"]) part(page, fact).textContent = about?.[fact] ?? "–";
      const now = part(page, "run-now");
      now.hidden = !seen.acts || !about || !["ready", "waiting", "needs-you", "running"].includes(about.state);
      now.onclick = () => act(`run-now?job=${encodeURIComponent(name)}`);
      const accept = part(page, "accept");
      accept.hidden = !seen.acts || !about?.guard;
      asked(accept, "accept", () => act(`accept?job=${encodeURIComponent(name)}&guard=${encodeURIComponent(about.guard)}`));
      part(page, "acts-hint").hidden = seen.acts;
      rows(part(page, "rejects"), seen.rejects, seen.moreRejects, seen.acts);
      part(page, "download").href = "/open-rejects?name=" + encodeURIComponent(name);
      put(part(page, "runs"), history(chosenRuns(page, seen.runs)));
      for (const button of page.querySelectorAll("button[data-id]")) {
        button.onclick = () => {
          if (button.sure) act(`dismiss?job=${encodeURIComponent(name)}&id=${encodeURIComponent(button.dataset.id)}`);
          button.sure = true;
          button.textContent = word("dismiss-sure");
        };
      }
    },
  });

  const value = shown => {
    if (shown === null || shown === undefined || shown === "" || shown.length === 0) return word("empty-value");
    return typeof shown === "object" ? JSON.stringify(shown) : String(shown);
  };

  const run = name => ({
    template: "run",
    data: "run?name=" + encodeURIComponent(name),
    show(page, seen) {
      const report = seen.run;
      page.querySelector("h1").textContent = report.run;
      const back = part(page, "back");
      back.textContent = report.job;
      back.href = place("job", report.job);
      runBadge(part(page, "state"), report);
      part(page, "source").textContent = report.source;
      appLink(part(page, "app"), report.app, seen.appUrl);
      part(page, "mode").textContent = report.mode + (report.written ? "" : ` (${word("dry-run")})`);
      part(page, "took").textContent = duration(report);
      part(page, "begun").textContent = time(report.startedAt);
      part(page, "ended").textContent = time(report.finishedAt);
      part(page, "calls").textContent = figure(report.requests.counted);
      put(page.querySelector(".words"), ...seen.words.map(text => element("li", text)));
      put(part(page, "progress"), ...(seen.underWay ? [progress(seen.progress, report, seen.slowBecause)] : []));
      put(page.querySelector(".outcomes"), ...(report.flagged ? OUTCOMES : ALWAYS).map(name => {
        const box = document.createElement("div");
        box.append(element("dt", word(name)), element("dd", figure(count(report, name))));
        return box;
      }));
      rows(part(page, "rejects"), seen.rejects, seen.moreRejects, false);
      const download = part(page, "download");
      download.href = "/rejects?name=" + encodeURIComponent(name);
      download.hidden = !seen.rejectsFile;
      const retry = part(page, "retry");
      retry.hidden = !seen.acts || !seen.rejectsFile || seen.underWay;
      asked(retry, "retry", () => act(`retry?run=${encodeURIComponent(name)}`));
      const changes = part(page, "changes");
      changes.hidden = seen.changes.length === 0;
      put(changes.querySelector("tbody"), ...pageOf(changes, seen.changes).flatMap(change =>
        Object.entries(change.fields).map(([field, values], i) => {
          const row = document.createElement("tr");
          const known = change.outcome === "deleted" ? "removed" : change.outcome;
          const outcome = document.getElementById("word-" + known) ? word(known) : known;
          const key = element(i || !seen.appUrl || !change.id ? "span" : "a", i ? "" : change.key);
          if (key.localName === "a") key.href = `${seen.appUrl}show#record=${encodeURIComponent(change.id)}`;
          row.insertCell().append(key);
          for (const text of [i ? "" : outcome, field, value(values.before), value(values.after)]) row.append(element("td", text));
          return row;
        })));
      changes.querySelector(".more").hidden = !seen.moreChanges || !part(changes, "next-page").hidden;
    },
  });

  function chosen(hash) {
    const [kind, name] = hash.replace(/^#/, "").split("/").map(decodeURIComponent);
    if (kind === "job" && name) return job(name);
    if (kind === "run" && name) return run(name);
    return overview();
  }

  let telling;
  function tell(text) {
    document.getElementById("told").textContent = text;
    clearTimeout(telling);
    telling = setTimeout(() => tell(""), 4000);
  }

  async function act(what) {
    try {
      const answer = await fetch(`${location.origin}/${what}`, { method: "POST", headers: OURS });
      tell(word(answer.ok ? "done" : "not-done"));
    } catch {
      tell(word("not-done"));
    }
    look();
  }

  async function ask(what) {
    const answer = await fetch(`${location.origin}/data/${what}${what.includes("?") ? "&" : "?"}lang=${lang}`, { headers: OURS });
    if (answer.status === 401) location.reload(); // the session is over: the password is asked for
    if (answer.status === 404) return null;
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.json();
  }

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
      const seen = await ask(present.data);
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

  function go(visited) {
    view = chosen(location.hash);
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
  go(false);
  keepLooking();
})();
