// Keeps the page of open logs fresh. The server renders and decides; this only puts things in
// place,
// and never moves a row while a pointer or the focus is in the table.
"use strict";
(() => {
  const table = document.getElementById("incidents");
  if (!table || !window.EventSource) return;
  const body = table.tBodies[0];
  const age = document.getElementById("age");
  const summary = document.getElementById("summary");
  const AMBER_S = 5, RED_S = 15, SORT_EVERY_MS = 5000, SAY_EVERY_MS = 5000;
  let heard = Date.now(), said = 0, unsorted = false, over = false, toSay = null;

  const rowOf = (n) => body.querySelector(`tr[data-incident="${CSS.escape(n)}"]`);

  function put(n, html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    const fresh = template.content.querySelector("tr");
    if (!fresh) return;
    const old = rowOf(n);
    unsorted = true;
    if (!old) { body.append(fresh); return; }
    // The focused link stays the same element; only what is around it is exchanged.
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

  function beat() { heard = Date.now(); tick(); }

  function tick() {
    const s = Math.floor((Date.now() - heard) / 1000);
    const state = s >= RED_S ? "red" : s >= AMBER_S ? "amber" : "live";
    const words = state === "live" ? "live" : `data ${s} s old`;
    if (age.dataset.state !== state) age.dataset.state = state;
    if (age.textContent !== words) age.textContent = words;
    say();
  }

  const events = new EventSource(`/live?after=${table.dataset.seq}`);
  events.addEventListener("open", beat);
  events.addEventListener("beat", beat);
  events.addEventListener("reload", () => location.reload());
  events.addEventListener("message", (event) => {
    const update = JSON.parse(event.data);
    for (const { n, html } of update.rows) put(n, html);
    for (const n of update.gone) rowOf(n)?.remove();
    document.getElementById("empty")?.remove();
    toSay = update.summary;
    beat();
  });
  events.addEventListener("clocks", (event) => {
    for (const [n, html] of Object.entries(JSON.parse(event.data))) {
      const cell = rowOf(n)?.cells[1];
      if (cell) cell.innerHTML = html;
    }
    beat();
  });

  body.addEventListener("pointerenter", () => { over = true; });
  body.addEventListener("pointerleave", () => { over = false; });
  setInterval(tick, 1000);
  setInterval(sort, SORT_EVERY_MS);
})();
