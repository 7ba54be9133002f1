"use strict";
// The controls with which a person fills in a record: one for each field, told apart by its type.
const RecordForm = (() => {
  const LISTS = ["CHECK_BOX", "MULTI_SELECT"];
  const ENTITIES = ["USER_SELECT", "ORGANIZATION_SELECT", "GROUP_SELECT"];
  const { labelled, lang, word } = RecordValues;
  let last = 0;

  function element(name, properties) {
    return Object.assign(document.createElement(name), properties);
  }

  /** What a date and time is on the clock of this machine; as the browser's control wants it. */
  function local(instant) {
    if (!instant) return "";
    const moment = new Date(instant);
    return new Date(moment - moment.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
  }

  function instant(localTime) {
    return localTime ? new Date(localTime).toISOString().replace(/\.\d+/, "") : "";
  }

  function plain(node, value) {
    node.value = value ?? "";
    return { node, value: () => node.value };
  }

  function choice(field, value) {
    const node = element("select");
    const options = ["", ...field.options];
    if (value && !field.options.includes(value)) options.push(value);
    for (const option of options) node.append(new Option(option || "–", option));
    return plain(node, value);
  }

  function choices(field, value) {
    const node = element("div", { className: "choices" });
    const boxes = [...field.options, ...value.filter(one => !field.options.includes(one))].map(option => {
      const box = element("input", { type: "checkbox", value: option, checked: value.includes(option) });
      const name = element("label");
      name.append(box, ` ${option}`);
      node.append(name);
      return box;
    });
    node.setAttribute("role", "group");
    return { node, value: () => boxes.filter(box => box.checked).map(box => box.value) };
  }

  function entities(value) {
    const node = element("input", { value: value.map(one => one.code).join(", "), title: word("codes-hint") });
    node.placeholder = word("codes-hint");
    return {
      node,
      value: () => node.value.split(",").map(code => code.trim()).filter(code => code).map(code => ({ code })),
    };
  }

  function table(field, value) {
    const inner = field.fields.filter(one => isInput(one));
    const node = element("div", { className: "scroll" });
    const lines = element("table");
    const head = lines.createTHead().insertRow();
    for (const one of inner) head.append(heading(one));
    head.append(element("td"));
    const body = lines.createTBody();
    const rows = [];
    const count = () => rows.forEach((row, i) => row.name(`${word("row")} ${i + 1}`));
    function add(before) {
      const line = body.insertRow();
      const cells = inner.map(one => [one, control(one, before?.value[one.code])]);
      for (const [, cell] of cells) line.insertCell().append(cell.node);
      const remove = element("button", { type: "button", textContent: "×" });
      remove.addEventListener("click", () => {
        rows.splice(rows.indexOf(row), 1);
        line.remove();
        count();
        more.focus();
      });
      line.insertCell().append(remove);
      const row = {
        name(place) {
          remove.setAttribute("aria-label", `${word("remove-row")}: ${place}`);
          for (const [one, cell] of cells) cell.node.setAttribute("aria-label", `${one.label} ${place}`);
        },
        value: () => ({
          ...(before ? { id: before.id } : {}),
          value: Object.fromEntries(cells.map(([one, cell]) => [one.code, { value: cell.value() }])),
        }),
        first: cells[0]?.[1].node,
      };
      rows.push(row);
      count();
      return row;
    }
    value.forEach(row => add(row));
    const more = element("button", { type: "button", textContent: word("add-row") });
    more.addEventListener("click", () => add().first?.focus());
    node.append(lines, more);
    node.setAttribute("role", "group");
    return { node, value: () => rows.map(row => row.value()) };
  }

  function heading(field) {
    const name = element("th", { scope: "col" });
    name.append(...labelled(field));
    return name;
  }

  const isInput = field => field.input && field.type !== "FILE";

  /** The control of a field with a value; a new record has none. */
  function control(field, cell) {
    const value = cell?.value ?? null;
    switch (field.type) {
      case "DROP_DOWN":
      case "RADIO_BUTTON":
        return choice(field, value);
      case "MULTI_LINE_TEXT":
      case "RICH_TEXT":
        return plain(element("textarea", { rows: 3 }), value);
      case "NUMBER":
        return plain(element("input", { inputMode: "decimal" }), value);
      case "DATE":
        return plain(element("input", { type: "date" }), value);
      case "TIME":
        return plain(element("input", { type: "time" }), value);
      case "DATETIME": {
        const node = element("input", { type: "datetime-local", value: local(value) });
        return { node, value: () => instant(node.value) };
      }
      case "SUBTABLE":
        return table(field, value ?? []);
      default:
        if (LISTS.includes(field.type)) return choices(field, value ?? []);
        if (ENTITIES.includes(field.type)) return entities(value ?? []);
        return plain(element("input"), value);
    }
  }

  /** Lays out the controls of a record in a node; answers what was changed, when asked. */
  function fill(node, fields, record) {
    const controls = new Map();
    node.replaceChildren(...fields.filter(isInput).map(field => {
      const cell = record?.[field.code];
      const line = element("div", { className: "field" });
      const id = `field-${++last}`;
      const whole = !cell?.more && !String(cell?.value ?? "").endsWith("…");
      const name = element(whole ? "label" : "span", { id: `${id}-label` });
      name.append(...labelled(field));
      if (field.required) name.append(" *");
      const problem = element("p", { className: "problem", id: `${id}-problem` });
      const box = element("div");
      line.append(name, box);
      if (!whole) {
        box.append(element("span", { className: "none", textContent: word("not-here") }));
        return line;
      }
      const made = control(field, cell);
      made.node.id = id;
      name.htmlFor = id;
      made.node.setAttribute("aria-labelledby", name.id);
      made.node.setAttribute("aria-describedby", problem.id);
      box.append(made.node, problem);
      controls.set(field.code, { ...made, problem, before: JSON.stringify(made.value()) });
      return line;
    }));
    return {
      /** The values that are other ones now. */
      changes() {
        const changes = {};
        for (const [code, one] of controls) {
          if (JSON.stringify(one.value()) !== one.before) changes[code] = { value: one.value() };
        }
        return changes;
      },
      /** Says what is wrong where it is wrong; answers what has no place of its own. */
      blame(errors) {
        for (const one of controls.values()) {
          one.problem.textContent = "";
          one.node.removeAttribute("aria-invalid");
        }
        const others = [];
        for (const [place, { messages }] of Object.entries(errors ?? {})) {
          const code = /^record(?:\.|\[)([^.\]]+)/.exec(place)?.[1];
          const one = controls.get(code);
          if (one) {
            one.problem.textContent += `${messages.join(" ")} `;
            one.node.setAttribute("aria-invalid", "true");
          } else {
            others.push(...messages);
          }
        }
        return others;
      },
    };
  }

  /** A form for a record: that of a number, or a new one. */
  const view = (id, number) => ({
    template: "edit",
    data: number ? `record?app=${id}&id=${number}` : `records?app=${id}&offset=0`,
    still: true,
    show(page, seen) {
      const [first] = seen.fields;
      const back = number ? `app/${id}/record/${number}` : `app/${id}`;
      const link = (name, path) => Object.assign(page.querySelector(`[data-of="${name}"]`), { href: `#${path}` });
      page.querySelector("h1").textContent = number ? `${first.label} ${seen.record[first.code].value}` : word("new-record");
      link("back", back).textContent = seen.name;
      link("cancel", back);
      const form = page.querySelector("form");
      const filled = fill(form.querySelector(".fields"), seen.fields, seen.record);
      const user = form.querySelector("#user");
      user.value = sessionStorage.getItem("user") ?? "Administrator";
      const whom = number ? { id: number, revision: seen.record.$revision.value } : {};
      form.addEventListener("submit", async event => {
        event.preventDefault();
        sessionStorage.setItem("user", user.value);
        const saved = await send("POST", { ...whom, record: filled.changes() });
        if (saved) location.hash = `app/${id}/record/${number || saved.id}`;
      });
      const remove = form.querySelector(".delete");
      remove.hidden = !number;
      remove.addEventListener("click", async () => {
        if (!remove.dataset.asked) {
          remove.dataset.asked = "once";
          remove.textContent = word("sure");
        } else if (await send("DELETE", whom)) {
          location.hash = `app/${id}`;
        }
      });
      /** Sends what is to be done in the user's name; answers what came of it, or nothing. */
      async function send(method, what) {
        const said = form.querySelector(".problem");
        let answer;
        let told = {};
        try {
          answer = await fetch("/simulator/record", {
            method,
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ app: id, lang, user: user.value.trim() || "Administrator", ...what }),
          });
          told = await answer.json();
          if (answer.ok) return told;
        } catch {
          told = { message: word("unreachable") };
        }
        const others = filled.blame(told.errors);
        const code = told.code ? `${word("refused")} ${told.code}` : "";
        said.replaceChildren(...[code, told.message, ...others].filter(text => text).map(text => element("p", { textContent: text })));
        said.focus();
        return null;
      }
    },
  });

  return { view };
})();
