"use strict";
// Asks for the password in the place of any page, and shows that page once it is right.
(() => {
  const form = document.getElementById("login");
  const field = document.getElementById("password");
  const said = document.getElementById("said");
  const OURS = { "X-Kintone-Sync": "page" };
  const word = id => document.getElementById("word-" + id).content.textContent;

  function say(text) {
    said.textContent = text;
    field.setAttribute("aria-invalid", "true");
    field.select();
    field.focus();
  }

  form.onsubmit = async event => {
    event.preventDefault();
    said.textContent = "";
    try {
      const answer = await fetch(`${location.origin}/login`, { method: "POST", headers: OURS, body: field.value });
      if (answer.ok) location.reload();
      else if (answer.status === 429) say(word("slowed").replace("{0}", answer.headers.get("Retry-After")));
      else say(word(answer.status === 401 ? "wrong" : "lost"));
    } catch {
      say(word("lost"));
    }
  };

  /** A link in a mail comes without the cookie of a session that there is; our own request has it. */
  async function lookForASession() {
    const [visit] = performance.getEntriesByType("navigation");
    if (visit?.type === "reload") return;
    const answer = await fetch(`${location.origin}/page.js`, { headers: OURS });
    if (answer.ok) location.reload();
  }

  function keepThePlace() {
    for (const choice of document.querySelectorAll("header nav a")) {
      choice.href = `?lang=${choice.lang}${location.hash}`;
      if (choice.lang === document.documentElement.lang) choice.setAttribute("aria-current", "true");
    }
  }

  keepThePlace();
  lookForASession();
})();
