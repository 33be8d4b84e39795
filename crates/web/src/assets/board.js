// The board: puts changed cells in place, keeps one log selected, and never moves a row while
// somebody points at the list or works in it. What has moved meanwhile is counted on a pill; F10
// puts it in order and goes on to the next log.
"use strict";

import { ended, say } from "/assets/console.js";

const $ = (id) => document.getElementById(id);
const table = $("incidents"), body = table.tBodies[0], list = $("list");
const pane = $("pane"), summary = $("summary"), pending = $("pending"), picked = $("picked");
const wants = table.dataset.wants;
const QUIET_MS = 5000, SORT_EVERY_MS = 1000, PANE_MS = 120, SUMMARY_EVERY_MS = 1000;

const rows = new Map([...body.rows].map((row) => [row.dataset.incident, row]));
const fresh = new Set(); // logs that have come and that nobody has seen in their place
let over = false, touched = 0, stale = false, toSay = null, saidAt = 0;
let selected = pane.dataset.shown ?? null;

// ---- Rows ------------------------------------------------------------------------------------

const wanted = (row) => !wants || row.matches(wants);

// Only what differs is exchanged: a cell that did not change keeps its focus and costs no layout.
function patch(old, row) {
  for (const { name } of [...old.attributes]) {
    if (name !== "aria-current" && !row.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of row.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (let at = 0; at < row.cells.length; at += 1) {
    const was = old.cells[at], is = row.cells[at];
    if (was.innerHTML === is.innerHTML) continue;
    if (was.contains(document.activeElement)) continue;
    was.innerHTML = is.innerHTML;
  }
}

function put(n, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const row = template.content.querySelector("tr");
  if (!row) return;
  const old = rows.get(n);
  if (!wanted(row)) { drop(n); return; }
  if (old) {
    if (old.dataset.rank !== row.dataset.rank) stale = true;
    patch(old, row);
    return;
  }
  rows.set(n, row);
  for (const link of row.querySelectorAll("a")) link.tabIndex = -1;
  body.append(row);
  fresh.add(n);
  stale = true;
}

function drop(n) {
  const row = rows.get(n);
  if (!row) return;
  // The selected log stays in its place until somebody goes on, and says that it is gone.
  if (n === selected) { row.dataset.gone = ""; return; }
  row.remove();
  rows.delete(n);
  fresh.delete(n);
}

// ---- Order -----------------------------------------------------------------------------------

const inOrder = () =>
  [...rows.values()].sort((a, b) => (a.dataset.rank < b.dataset.rank ? -1 : 1));

// The rows that have to move: all but the longest run that is in order already.
function outOfPlace(order) {
  const place = new Map(order.map((row, at) => [row, at]));
  const now = [...body.rows];
  const best = [], before = new Array(now.length).fill(-1);
  const at = now.map((row) => place.get(row) ?? -1);
  for (let i = 0; i < at.length; i += 1) {
    let low = 0, high = best.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at[best[middle]] < at[i]) low = middle + 1; else high = middle;
    }
    before[i] = low > 0 ? best[low - 1] : -1;
    best[low] = i;
  }
  const stay = new Set();
  for (let i = best.at(-1) ?? -1; i >= 0; i = before[i]) stay.add(now[i]);
  return now.filter((row) => !stay.has(row));
}

const busy = () => over || list.contains(document.activeElement)
  || performance.now() - touched < QUIET_MS;

function order() {
  stale = false;
  const sorted = inOrder();
  const moving = new Set(outOfPlace(sorted));
  if (moving.size > 0) {
    // Whatever moves, the selected log stays where the eye is.
    const anchor = rows.get(selected);
    const top = anchor?.getBoundingClientRect().top;
    let next = null;
    for (let at = sorted.length - 1; at >= 0; at -= 1) {
      if (moving.has(sorted[at])) body.insertBefore(sorted[at], next);
      next = sorted[at];
    }
    if (anchor) list.scrollTop += anchor.getBoundingClientRect().top - top;
  }
  fresh.clear();
  pill(0);
}

function pill(n) {
  const words = (text, count) => text.replace("{n}", count);
  const parts = [];
  if (fresh.size > 0) parts.push(words(pending.dataset.new, fresh.size));
  const moved = n - fresh.size;
  if (moved > 0) parts.push(words(pending.dataset.words, moved));
  const text = parts.length > 0 ? `${parts.join(", ")} · F10` : "";
  pending.hidden = text === "";
  if (pending.textContent !== text) pending.textContent = text;
}

function settle() {
  if (!stale) return;
  if (!busy()) { order(); return; }
  const n = outOfPlace(inOrder()).length;
  if (n === 0) { stale = false; fresh.clear(); }
  pill(n);
}

// ---- The selected log ------------------------------------------------------------------------

let asking = null, askLater = 0;

function mark(n) {
  const old = rows.get(selected);
  if (old) {
    old.removeAttribute("aria-current");
    const link = old.querySelector("a");
    if (link) link.tabIndex = -1;
    if ("gone" in old.dataset) { old.remove(); rows.delete(selected); }
  }
  selected = n;
  const field = $("selected");
  if (field) field.value = n ?? "";
  const row = rows.get(n);
  if (!row) return null;
  row.setAttribute("aria-current", "true");
  const link = row.querySelector("a");
  if (link) link.tabIndex = 0;
  return row;
}

// Only the list scrolls, never the page under it.
function reveal(row) {
  const { top, bottom } = row.getBoundingClientRect(), frame = list.getBoundingClientRect();
  const first = frame.top + table.tHead.offsetHeight;
  if (top < first) list.scrollTop -= first - top;
  else if (bottom > frame.bottom) list.scrollTop += bottom - frame.bottom;
}

/** Selects a log and shows it. */
export function select(n, { focus = false } = {}) {
  const row = mark(n);
  if (row) {
    reveal(row);
    if (focus) row.querySelector("a")?.focus({ preventScroll: true });
    // Whoever listens hears the row; whoever moves the focus into it hears it from the link.
    else picked.textContent = [...row.cells].map((cell) => cell.innerText.trim())
      .filter(Boolean).join(", ");
  }
  const address = new URL(location.href);
  address.searchParams.set("log", n);
  history.replaceState(null, "", address);
  why("");
  pane.setAttribute("aria-busy", "true");
  clearTimeout(askLater);
  // Whoever runs through the list opens the log at which they stop, and no other.
  askLater = setTimeout(() => show(n), PANE_MS);
}

async function show(n) {
  asking?.abort();
  asking = new AbortController();
  try {
    const response = await fetch(`/incidents/${n}/pane`, { signal: asking.signal });
    if (response.redirected) { ended(); return; }
    const html = await response.text();
    if (n !== selected) return;
    if (response.ok) {
      pane.innerHTML = html;
      pane.dataset.shown = n;
      window.htmx?.process(pane);
      pane.scrollTop = 0;
      why();
    } else {
      say((JSON.parse(html).detail) ?? response.statusText, "refused");
    }
  } catch (fault) {
    if (fault.name !== "AbortError") say($("lost")?.dataset.words ?? "", "refused");
  }
  pane.removeAttribute("aria-busy");
}

function why(words = pane.querySelector("[data-why]")?.dataset.why ?? "") {
  const place = $("why");
  if (place && place.textContent !== words) place.textContent = words;
}
new MutationObserver(() => { if (!pane.hasAttribute("aria-busy")) why(); })
  .observe(pane, { childList: true, subtree: true, attributeFilter: ["data-why"] });

function step(by) {
  const all = [...body.rows];
  if (all.length === 0) return;
  const at = all.indexOf(rows.get(selected));
  const end = all.length - 1;
  const next = at < 0 ? (by > 0 ? 0 : end) : Math.min(Math.max(at + by, 0), end);
  const inside = list.contains(document.activeElement) || document.activeElement === document.body;
  select(all[next].dataset.incident, { focus: inside });
}

// The next by risk: what has come in since is looked at before what stood there already.
function next() {
  const news = inOrder().find((row) => fresh.has(row.dataset.incident));
  order();
  const all = [...body.rows], at = all.indexOf(rows.get(selected));
  const row = news ?? all[(at + 1) % all.length];
  if (row) select(row.dataset.incident, { focus: list.contains(document.activeElement) });
}

// ---- Keys and pointer ------------------------------------------------------------------------

const STEPS = {
  ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15, Home: -Infinity, End: Infinity,
};

document.addEventListener("keydown", (event) => {
  touched = performance.now();
  if (event.isComposing || event.ctrlKey || event.metaKey) return;
  if (event.key === "F10" && !event.shiftKey) {
    event.preventDefault();
    event.stopImmediatePropagation();
    next();
    return;
  }
  if (event.altKey && event.code === "Digit1") {
    event.preventDefault();
    (rows.get(selected) ?? body.rows[0])?.querySelector("a")?.focus();
    return;
  }
  const by = STEPS[event.key];
  if (by === undefined || event.shiftKey) return;
  const inList = list.contains(document.activeElement) || document.activeElement === document.body;
  const arrow = event.key.startsWith("Arrow");
  if (!(inList && !event.altKey) && !(event.altKey && arrow)) return;
  event.preventDefault();
  step(by);
}, true);

pending.addEventListener("click", next);
document.addEventListener("click", (event) => {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const row = event.target.closest?.("#incidents tr[data-incident]");
  const link = event.target.closest?.("a[data-pick]");
  const n = row?.dataset.incident ?? link?.dataset.pick;
  if (!n) return;
  event.preventDefault();
  select(n, { focus: Boolean(row) });
});
list.addEventListener("pointerenter", () => { over = true; });
list.addEventListener("pointerleave", () => { over = false; settle(); });
list.addEventListener("focusout", () => setTimeout(settle, 0));

$("filters")?.addEventListener("change", (event) => {
  const form = event.currentTarget;
  const address = new URL(form.action);
  for (const [name, value] of new FormData(form)) if (value) address.searchParams.set(name, value);
  if (selected) address.searchParams.set("log", selected);
  location.assign(address);
});

// ---- What comes ------------------------------------------------------------------------------

document.addEventListener("callbox:update", ({ detail }) => {
  for (const { n, html } of detail.rows) put(n, html);
  for (const n of detail.gone) drop(n);
  if (detail.topics.includes("all")) {
    // Every log that is open has come: what has not is closed.
    const open = new Set(detail.rows.map(({ n }) => n));
    for (const n of [...rows.keys()]) if (!open.has(n)) drop(n);
  }
  if (rows.size > 0) $("empty")?.remove();
  toSay = detail.summary || toSay;
});
document.addEventListener("callbox:clocks", ({ detail }) => {
  for (const [n, moved] of Object.entries(detail)) {
    const row = rows.get(n);
    if (!row) continue;
    if (row.dataset.rank !== moved.rank) { row.dataset.rank = moved.rank; stale = true; }
    row.toggleAttribute("data-late", moved.late);
    if (row.cells[1].innerHTML !== moved.target) row.cells[1].innerHTML = moved.target;
    if (row.cells[7].innerHTML !== moved.owner) row.cells[7].innerHTML = moved.owner;
  }
});

function figures() {
  if (toSay === null || Date.now() - saidAt < SUMMARY_EVERY_MS) return;
  if (summary.innerHTML !== toSay) summary.innerHTML = toSay;
  saidAt = Date.now();
  toSay = null;
}

for (const row of rows.values()) {
  const link = row.querySelector("a");
  if (link) link.tabIndex = row.dataset.incident === selected ? 0 : -1;
}
// Somebody has to be able to Tab into the list before anything is selected.
if (!rows.has(selected)) { const link = body.querySelector("a"); if (link) link.tabIndex = 0; }
mark(selected);
why();
if (rows.has(selected)) reveal(rows.get(selected));
setInterval(figures, 500);
setInterval(settle, SORT_EVERY_MS);
