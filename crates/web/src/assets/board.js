// Keeps the table of open logs: puts rows in place, and never moves one while a pointer or the
// focus is in the table.
"use strict";

const table = document.getElementById("incidents");
const body = table.tBodies[0];
const summary = document.getElementById("summary");
const SORT_EVERY_MS = 5000, SAY_EVERY_MS = 5000;
let said = 0, unsorted = false, over = false, toSay = null;

const rowOf = (n) => body.querySelector(`tr[data-incident="${CSS.escape(n)}"]`);

function put(n, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const fresh = template.content.querySelector("tr");
  if (!fresh) return;
  const old = rowOf(n);
  unsorted = true;
  if (!old) { body.append(fresh); return; }
  // The focused link stays focused; only what is around it is exchanged.
  const focused = old.contains(document.activeElement);
  old.replaceWith(fresh);
  if (focused) fresh.querySelector("a")?.focus({ preventScroll: true });
}

function sort() {
  if (!unsorted || over || body.contains(document.activeElement)) return;
  unsorted = false;
  const rows = [...body.rows];
  const wanted = [...rows].sort((a, b) => a.dataset.rank < b.dataset.rank ? -1 : 1);
  if (wanted.some((row, at) => row !== rows[at])) body.append(...wanted);
}

function say() {
  if (toSay === null || Date.now() - said < SAY_EVERY_MS) return;
  if (summary.textContent !== toSay) summary.textContent = toSay;
  said = Date.now();
  toSay = null;
}

document.addEventListener("callbox:update", ({ detail }) => {
  for (const { n, html } of detail.rows) put(n, html);
  for (const n of detail.gone) rowOf(n)?.remove();
  document.getElementById("empty")?.remove();
  toSay = detail.summary;
});
document.addEventListener("callbox:clocks", ({ detail }) => {
  for (const [n, html] of Object.entries(detail)) {
    const cell = rowOf(n)?.cells[1];
    if (cell) cell.innerHTML = html;
  }
});
body.addEventListener("pointerenter", () => { over = true; });
body.addEventListener("pointerleave", () => { over = false; });
setInterval(say, 1000);
setInterval(sort, SORT_EVERY_MS);
