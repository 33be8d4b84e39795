// The command line: sends a line in order and once, keeps it if it is refused and selects the word
// at fault, offers what it could become, and remembers the lines of this page.
"use strict";

import { act, say } from "/assets/console.js";
import { select } from "/assets/board.js";

const $ = (id) => document.getElementById(id);
const form = $("line"), field = $("command"), shown = $("shown"), options = $("suggestions");

if (form) {
  const SUGGEST_MS = 80, KEPT_MAX = 50;
  const past = [];
  let at = 0, unsent = "", active = -1, choices = [], asking = null, later = 0;

  // Where a dispatcher's hands are; the page stays where it is.
  if (document.activeElement === document.body) field.focus({ preventScroll: true });

  // ---- Sending ------------------------------------------------------------------------------

  const changed = () => field.dispatchEvent(new Event("input", { bubbles: true }));

  function set(text) {
    field.value = text;
    field.setSelectionRange(text.length, text.length);
    changed();
  }

  async function send(text) {
    close();
    past.push(text);
    if (past.length > KEPT_MAX) past.shift();
    at = past.length;
    field.value = "";
    changed();
    close();
    say($("said")?.dataset.sending ?? "", "sending");
    const { ok, json } = await act("/line", { line: text, selected: $("selected").value });
    if (ok) answered(text, json);
    else refused(text, json);
  }

  // The text stays, with the word at fault selected; unless something else is typed by now.
  function refused(text, { at: bytes }) {
    if (field.value !== "") return;
    field.value = text;
    changed();
    close();
    if (!bytes) { field.setSelectionRange(text.length, text.length); return; }
    const utf8 = new TextEncoder().encode(text), read = new TextDecoder();
    const [from, to] = bytes.map((end) => read.decode(utf8.slice(0, end)).length);
    field.setSelectionRange(from, to);
  }

  function answered(text, { says, choose = [], html = "", select: n, go }) {
    if (go) { location.assign(go); return; }
    if (n) select(n);
    if (choose.length > 0) { ask(says, choose); say(says, "ask"); return; }
    choices = [];
    if (html) {
      shown.innerHTML = html;
      shown.hidden = false;
      shown.focus();
      say(shown.querySelector("h2")?.textContent ?? "", "ok");
    } else {
      shown.hidden = true;
    }
  }

  // ---- Choices ------------------------------------------------------------------------------

  function ask(question, all) {
    choices = all;
    const title = document.createElement("h2");
    title.textContent = question;
    const items = document.createElement("ol");
    items.className = "choices";
    for (const [index, choice] of all.entries()) {
      const button = document.createElement("button");
      button.type = "button";
      const key = document.createElement("kbd");
      key.textContent = String(index + 1);
      button.append(key, ` ${choice.says}`);
      button.addEventListener("click", () => choose(index));
      const item = document.createElement("li");
      item.append(button);
      items.append(item);
    }
    shown.replaceChildren(title, items);
    shown.hidden = false;
    field.focus();
  }

  function choose(index) {
    const choice = choices[index];
    if (!choice) return;
    choices = [];
    shown.hidden = true;
    field.focus();
    if (choice.complete) send(choice.line);
    else set(`${choice.line.trimEnd()} `);
  }

  // ---- What it could become -----------------------------------------------------------------

  function close() {
    clearTimeout(later);
    asking?.abort();
    options.hidden = true;
    options.replaceChildren();
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  async function suggest() {
    asking?.abort();
    asking = new AbortController();
    const text = field.value;
    try {
      const response = await fetch("/line/suggest", {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams({ line: text, selected: $("selected").value }),
        signal: asking.signal,
      });
      if (response.ok && field.value === text) offer(await response.json());
    } catch {
      // Without suggestions the line works as well.
    }
  }

  function offer(all) {
    if (document.activeElement !== field) return;
    const useful = all.filter(({ line }) => line.trim() !== "");
    if (useful.length === 0) { close(); return; }
    options.replaceChildren(...useful.map(({ line, says }, index) => {
      const item = document.createElement("li");
      item.id = `suggestion-${index}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.line = line;
      const typed = document.createElement("b");
      typed.textContent = line;
      item.append(typed, ` ${says}`);
      return item;
    }));
    active = -1;
    options.hidden = false;
    field.setAttribute("aria-expanded", "true");
    field.removeAttribute("aria-activedescendant");
  }

  function move(by) {
    const all = [...options.children];
    active = (active + by + all.length) % all.length;
    all.forEach((item, index) => item.setAttribute("aria-selected", String(index === active)));
    field.setAttribute("aria-activedescendant", all[active].id);
    all[active].scrollIntoView({ block: "nearest" });
  }

  function take(item) {
    const text = item.dataset.line;
    close();
    set(`${text} `);
    field.focus();
  }

  // ---- Keys ---------------------------------------------------------------------------------

  function remember(by) {
    if (at === past.length) unsent = field.value;
    at = Math.min(Math.max(at + by, 0), past.length);
    field.value = at === past.length ? unsent : past[at];
    field.setSelectionRange(field.value.length, field.value.length);
    close();
  }

  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const open = !options.hidden;
    if (event.key === "ArrowDown" && open) { event.preventDefault(); move(1); return; }
    if (event.key === "ArrowUp" && open && active >= 0) {
      event.preventDefault();
      move(-1);
      return;
    }
    if (event.key === "ArrowUp") { event.preventDefault(); remember(-1); return; }
    if (event.key === "ArrowDown") { event.preventDefault(); remember(1); return; }
    if (event.key === "Enter" && open && active >= 0) {
      event.preventDefault();
      take(options.children[active]);
      return;
    }
    if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });

  // What is topmost closes; what is typed stays.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || shown.hidden || !options.hidden) return;
    event.preventDefault();
    shown.hidden = true;
    choices = [];
    field.focus();
  });

  field.addEventListener("input", (event) => {
    if (!event.isTrusted) return;
    at = past.length;
    clearTimeout(later);
    if (field.value.trim() === "") { close(); return; }
    later = setTimeout(suggest, SUGGEST_MS);
  });
  field.addEventListener("blur", () => setTimeout(() => {
    if (document.activeElement !== field) close();
  }, 150));
  options.addEventListener("pointerdown", (event) => {
    const item = event.target.closest("[role=option]");
    if (item) { event.preventDefault(); take(item); }
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (text === "") return;
    if (choices.length > 0 && /^[1-9]$/.test(text) && choices[Number(text) - 1]) {
      field.value = "";
      changed();
      choose(Number(text) - 1);
      return;
    }
    send(text);
  });
}
