"use strict";
// Shows what the simulator answers below /simulator/. All words stand in the page, all values are
// set as text, and a row that did not change stays where it is, so that focus and selection do too.
(() => {
  const PAUSE = 1000;
  const PAGE = 50;
  const GLANCE = 5; // requests on the overview; the others have a view of their own
  const NUMERIC = ["NUMBER", "CALC", "RECORD_NUMBER", "__ID__", "__REVISION__"];
  const { comma, element, figure, lang, moment, named, shown, word } = RecordValues;
  const title = document.title;
  const main = document.getElementById("main");
  const clock = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

  let version = "";
  let view;
  let looking = false;

  const copy = id => document.getElementById(id).content.cloneNode(true);
  const part = (node, name) => node.querySelector(`[data-of="${name}"]`);

  function fill(node, values) {
    for (const [name, value] of Object.entries(values)) part(node, name).textContent = value;
    return node;
  }

  function status(node, code) {
    node.textContent = code || word("closed");
    node.classList.toggle("refused", code >= 400 && code < 500);
    node.classList.toggle("failed", code === 0 || code >= 500);
  }

  /** Lays rows in their order. */
  function lay(body, items, build) {
    const fresh = body.children.length === 0;
    const focused = body.contains(document.activeElement) && document.activeElement.hash;
    const keys = items.map(item => JSON.stringify(item));
    const wanted = new Set(keys);
    const known = new Map();
    for (const row of [...body.children]) {
      if (wanted.has(row.key)) known.set(row.key, row);
      else row.remove();
    }
    let place = body.firstElementChild;
    items.forEach((item, i) => {
      let row = known.get(keys[i]);
      if (!row) {
        row = build(item);
        row.key = keys[i];
        if (!fresh) row.classList.add("new");
      }
      if (row === place) place = place.nextElementSibling;
      else body.insertBefore(row, place);
    });
    if (focused && !body.contains(document.activeElement)) {
      [...body.querySelectorAll("a")].find(link => link.hash === focused)?.focus();
    }
    const empty = body.closest("section, main").querySelector(".empty");
    if (empty) empty.hidden = items.length > 0;
  }

  function link(anchor, path, text) {
    if (text !== undefined) anchor.textContent = text;
    anchor.href = "#" + path;
    return anchor;
  }

  function layRequests(page, requests) {
    lay(page.querySelector(".requests tbody"), requests, request => {
      const row = fill(copy("request-row"), {
        method: request.method,
        path: request.path,
        app: request.app || "",
        millis: figure(request.millis),
        subRequests: request.subRequests || "",
      });
      moment(part(row, "time"), request.time, clock);
      status(part(row, "status"), request.status);
      link(row.querySelector("a"), "request/" + request.number);
      return row.firstElementChild;
    });
  }

  /** Says who is locked out, since somebody was registered. */
  function note(list, seen) {
    const notes = [];
    if (seen.users.length) notes.push(`${word("only-users")} ${seen.users.join(comma)}`);
    if (seen.tokens) notes.push(`${word("only-tokens")} ${figure(seen.tokens)}`);
    list.replaceChildren(...notes.map(text => element("li", text)));
    list.hidden = notes.length === 0;
  }

  const requests = () => ({
    template: "requests",
    show: (page, seen) => layRequests(page, seen.requests),
  });

  const overview = () => ({
    template: "overview",
    show(page, seen) {
      lay(page.querySelector(".apps tbody"), seen.apps, app => {
        const row = fill(copy("app-row"), {
          id: app.id,
          note: app.live ? "" : word("not-deployed"),
          records: figure(app.records),
          calls: figure(app.calls),
        });
        link(part(row, "name"), "app/" + app.id, app.name);
        return row.firstElementChild;
      });
      layRequests(page, seen.requests.slice(0, GLANCE));
      const more = page.querySelector(".more");
      more.hidden = seen.requests.length <= GLANCE;
      more.firstElementChild.textContent = word("all-requests");
      note(page.querySelector(".notes"), seen);
      const counts = seen.statistics;
      const { inserted, updated, deleted, read } = counts.records;
      const all = { inserted, updated, deleted, read, running: counts.running, peak: counts.peakRunning };
      for (const [name, count] of Object.entries(all)) part(page, name).textContent = figure(count);
      lay(page.querySelector(".routes tbody"), Object.entries(counts.requests), ([route, answers]) => {
        const row = document.createElement("tr");
        row.append(element("td", route));
        const told = Object.entries(answers).map(([answer, count]) => `${answer} × ${figure(count)}`);
        row.append(element("td", told.join(comma)));
        return row;
      });
      const unknown = Object.entries(counts.notSimulated);
      part(page, "unknown").textContent = unknown.map(([call, count]) => `${call} × ${figure(count)}`).join(comma);
      page.querySelector(".unknown").hidden = unknown.length === 0;
      page.querySelector(".routes").hidden = Object.keys(counts.requests).length === 0;
    },
  });

  const app = (id, offset, order, sought) => ({
    template: "app",
    data: `records?app=${id}&offset=${offset}&order=${order}&search=${encodeURIComponent(sought)}&lang=${lang}`,
    still: sought !== "", // what was looked for is looked for once
    set(page) {
      const form = page.querySelector(".search");
      form.elements.search.value = sought;
      form.addEventListener("submit", event => {
        event.preventDefault();
        const text = form.elements.search.value.trim();
        location.hash = `app/${id}/${order}/0${text ? "/" + encodeURIComponent(text) : ""}`;
      });
      link(part(page, "new"), `app/${id}/new`);
    },
    fail(page, seen) {
      this.show(page, seen);
      const { code, message, errors } = seen.refusal;
      const problem = page.querySelector(".search .problem");
      problem.textContent = `${word("refused")} ${code} ${errors?.query.messages.join(" ") ?? message}`;
    },
    show(page, seen) {
      page.querySelector("h1").textContent = seen.name;
      page.querySelector(".search .problem").textContent = "";
      fill(page, { app: id, total: figure(seen.total) });
      const search = sought ? "/" + encodeURIComponent(sought) : "";
      for (const choice of page.querySelectorAll("[data-order]")) {
        link(choice, `app/${id}/${choice.dataset.order}/0${search}`);
        if (choice.dataset.order === order) choice.setAttribute("aria-current", "true");
      }
      const head = page.querySelector(".records thead tr");
      const body = page.querySelector(".records tbody");
      const columns = JSON.stringify(seen.fields);
      if (head.key !== columns) {
        head.key = columns;
        head.replaceChildren(...seen.fields.map(field => {
          const name = named("th", field);
          if (NUMERIC.includes(field.type)) name.className = "number";
          name.scope = "col";
          return name;
        }));
        body.replaceChildren();
      }
      lay(body, seen.records, record => {
        const row = document.createElement("tr");
        seen.fields.forEach((field, i) => {
          const box = row.insertCell();
          if (NUMERIC.includes(field.type)) box.className = "number";
          const value = shown(field, record[field.code]);
          if (i > 0) box.append(value);
          else box.append(link(element("a"), `app/${id}/record/${record.$id.value}`, value.textContent));
        });
        return row;
      });
      page.querySelector(".scroll").hidden = seen.records.length === 0;
      const last = offset + seen.records.length;
      fill(page, { range: last > offset ? `${figure(offset + 1)} – ${figure(last)} / ${figure(seen.total)}` : "" });
      turn(page.querySelector("[rel=prev]"), offset > 0, Math.max(0, offset - PAGE));
      turn(page.querySelector("[rel=next]"), last < seen.total, offset + PAGE);
      function turn(anchor, possible, to) {
        if (possible) link(anchor, `app/${id}/${order}/${to}${search}`);
        else anchor.removeAttribute("href");
      }
    },
  });

  const record = (id, number) => ({
    template: "record",
    data: `record?app=${id}&id=${number}`,
    show(page, seen) {
      const [first, ...others] = seen.fields;
      page.querySelector("h1").textContent = `${first.label} ${seen.record[first.code].value}`;
      link(part(page, "back"), "app/" + id, seen.name);
      link(part(page, "edit"), `app/${id}/edit/${number}`);
      page.querySelector(".fields").replaceChildren(...others.map(field => {
        const line = document.createElement("div");
        const name = named("dt", field);
        const value = document.createElement("dd");
        value.append(shown(field, seen.record[field.code]));
        line.append(name, value);
        return line;
      }));
    },
  });

  /** JSON laid out; other text as it is. */
  function readable(text) {
    try {
      return JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      return text;
    }
  }

  const request = number => ({
    template: "request",
    data: "request?number=" + number,
    still: true,
    show(page, seen) {
      page.querySelector("h1").textContent = `${seen.method} ${seen.path}`;
      fill(page, {
        app: seen.app || "–",
        millis: figure(seen.millis),
        subRequests: figure(seen.subRequests),
        body: seen.cut ? `${seen.body}\n\n${word("too-long")}` : readable(seen.body),
        answer: readable(seen.answer),
      });
      moment(part(page, "time"), seen.time, clock);
      status(part(page, "status"), seen.status);
      part(page, "refused").hidden = !seen.answer;
    },
  });

  function chosen(hash) {
    const [kind, first, second, third, fourth] = hash.replace(/^#/, "").split("/");
    if (kind === "requests") return requests();
    if (kind === "app" && second === "new") return RecordForm.view(Number(first), 0);
    if (kind === "app" && second === "edit") return RecordForm.view(Number(first), Number(third));
    if (kind === "app" && second === "record") return record(Number(first), Number(third));
    if (kind === "app") {
      const sought = decodeURIComponent(fourth ?? "");
      return app(Number(first), Number(third) || 0, second === "asc" ? "asc" : "desc", sought);
    }
    if (kind === "request") return request(Number(first));
    return overview();
  }

  async function ask(what) {
    const answer = await fetch("/simulator/" + what);
    if (answer.status === 404) return null;
    if (answer.status === 400) return { ...await answer.json(), wrong: true };
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.json();
  }

  function say(lost) {
    const line = document.getElementById("state");
    const text = word(lost ? "state-lost" : "state-live");
    line.classList.toggle("lost", lost);
    if (line.textContent !== text) line.textContent = text;
  }

  function draw(shownView, seen) {
    const template = seen ? shownView.template : "gone";
    const turned = main.dataset.view !== template || shownView.page === undefined;
    if (turned) {
      main.replaceChildren(copy(template));
      main.dataset.view = template;
      shownView.page = main;
      if (seen) shownView.set?.(main);
    }
    if (seen?.wrong) shownView.fail?.(main, seen);
    else if (seen) shownView.show(main, seen);
    if (turned) {
      const heading = main.querySelector("h1").textContent;
      document.title = template === "overview" ? title : `${heading} - ${title}`;
      if (shownView.visited) {
        scrollTo(0, 0);
        main.querySelector("h1").focus();
      }
    }
    main.removeAttribute("aria-busy");
  }

  /** Asks whether there is anything new, and shows it. */
  async function look() {
    const present = view;
    looking = true;
    try {
      const known = present.page ? version : "";
      const seen = await ask("overview?since=" + known);
      if (seen.version !== known && !(present.still && present.page)) {
        const data = present.data ? await ask(present.data) : seen;
        const text = JSON.stringify(data);
        if (present === view) {
          if (text !== present.last) draw(present, data);
          present.last = text;
          version = seen.version;
        }
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
  go(false);
  keepLooking();
})();
