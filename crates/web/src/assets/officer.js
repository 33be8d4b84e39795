// The officer's page: deeds that wait on the phone while there is no connection, each sent once and
// in order; the emergency button that is held; what is said aloud when something new arrives.
//
//   form[data-kept="words"]   a deed that waits under these words
//   [data-hold="id"]          pressed for a second it sends that form; a short press opens it
"use strict";
import { newId, refresh, say, sound } from "/assets/console.js";

const $ = (id) => document.getElementById(id);
const now = () => $("now");
const keeps = () => now()?.dataset.keep === "yes";
const me = () => now()?.dataset.who ?? "";
const HOLD_MS = 1000, WAIT_MS = 8000, AGAIN_MS = 3000, FRESH_MS = 15000;

// ---- What waits ------------------------------------------------------------------------------

// In the browser's own store, so that it outlives the page; in memory where the force keeps nothing
// on phones or the browser has no store.
const memory = [];
let store = null;

function opened() {
  return new Promise((resolve) => {
    if (!keeps() || !window.indexedDB) { resolve(null); return; }
    const asked = indexedDB.open("callbox-officer", 1);
    asked.onupgradeneeded = () =>
      asked.result.createObjectStore("deeds", { keyPath: "key", autoIncrement: true });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => resolve(null);
    asked.onblocked = () => resolve(null);
  });
}

function ask(mode, what) {
  return new Promise((resolve, reject) => {
    const transaction = store.transaction("deeds", mode);
    const asked = what(transaction.objectStore("deeds"));
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

let last = 0;
async function put(deed) {
  if (store) return ask("readwrite", (deeds) => deeds.put(deed));
  deed.key ??= ++last;
  const at = memory.findIndex((other) => other.key === deed.key);
  if (at < 0) memory.push(deed); else memory[at] = deed;
}

async function remove(key) {
  if (store) return ask("readwrite", (deeds) => deeds.delete(key));
  const at = memory.findIndex((other) => other.key === key);
  if (at >= 0) memory.splice(at, 1);
}

const all = async () => (store ? ask("readonly", (deeds) => deeds.getAll()) : [...memory]);

// ---- Sending ---------------------------------------------------------------------------------

let sending = false, again = 0, signedOff = false;

async function flush() {
  if (sending) return;
  sending = true;
  clearTimeout(again);
  const once = () => sendAll().catch(() => true);
  // Several windows of one phone send one after the other.
  const locks = navigator.locks;
  const wait = locks ? await locks.request("callbox-officer", once) : await once();
  sending = false;
  if (wait) again = setTimeout(flush, AGAIN_MS);
  await show();
}

/** Sends what waits, oldest first. What is returned says whether something still waits. */
async function sendAll() {
  for (;;) {
    const deed = (await all()).find((one) => one.who === me() && !one.refused);
    if (!deed) return false;
    const answer = await sent(deed);
    if (!answer) { await show(); return true; }
    signedOff = answer.status === 401;
    if (signedOff) { await show(); return true; }
    if (answer.ok) {
      await remove(deed.key);
      say(answer.json.says ?? `${deed.label} \u2713`, "ok");
    } else {
      const items = answer.json.items?.length ? `: ${answer.json.items.join("; ")}` : "";
      deed.refused = `${answer.json.detail ?? answer.status}${items}`;
      await put(deed);
      say(`${$("queue").dataset.refused} ${deed.label}. ${deed.refused}`, "refused");
    }
    fresh();
    await show();
  }
}

async function sent(deed) {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), WAIT_MS);
  const body = new URLSearchParams(deed.body);
  const ago = Math.max(0, Date.now() - deed.at);
  if (ago > 2000) body.set("deed-ago", String(ago));
  try {
    const response = await fetch(deed.address, {
      method: "POST", headers: { Accept: "application/json" }, body, signal: stop.signal,
    });
    if (response.status >= 500 || response.status === 429) return null;
    const json = await response.json().catch(() => ({}));
    return { ok: response.ok, status: response.status, json };
  } catch {
    return null;
  } finally {
    clearTimeout(late);
  }
}

async function submitted(event) {
  const form = event.target;
  if (!form.matches?.("form[data-kept]")) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter ?? undefined));
  body.set("deed-id", newId());
  const deed = {
    address: form.getAttribute("action"), body: body.toString(), label: form.dataset.kept,
    at: Date.now(), who: me(), loud: body.get("status") === "0",
  };
  await put(deed);
  for (const field of form.querySelectorAll("textarea")) {
    field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const fold = form.closest("details");
  if (fold) fold.open = false;
  flush();
  setTimeout(show, 1500);
}

// ---- What is shown ---------------------------------------------------------------------------

function line(words, kind) {
  const p = document.createElement("p");
  p.textContent = words;
  p.className = kind;
  return p;
}

async function show() {
  const queue = $("queue");
  if (!queue) return;
  const every = await all();
  const mine = every.filter((deed) => deed.who === me());
  const waiting = mine.filter((deed) => !deed.refused && Date.now() - deed.at > 1000);
  const parts = [];
  if (waiting.length > 0) {
    const n = waiting.length;
    const words = n === 1 ? queue.dataset.one : queue.dataset.many.replace("{n}", n);
    parts.push(line(`${words}: ${waiting.map((deed) => deed.label).join(", ")}`, "waiting"));
    if (signedOff) parts.push(line(queue.dataset.signOn, "late"));
  }
  for (const deed of mine.filter((one) => one.refused)) {
    const p = line(`${queue.dataset.refused} ${deed.label}. ${deed.refused} `, "refused");
    const away = document.createElement("button");
    away.type = "button";
    away.textContent = queue.dataset.away;
    away.addEventListener("click", () => remove(deed.key).then(show));
    p.append(away);
    parts.push(p);
  }
  if (every.length > mine.length) parts.push(line(queue.dataset.others, "meta"));
  const words = parts.map((part) => part.textContent).join("|");
  if (queue.dataset.shown !== words) {
    queue.dataset.shown = words;
    queue.replaceChildren(...parts);
  }
  queue.hidden = parts.length === 0;
  const sos = $("sos");
  const unheard = mine.some((deed) => deed.loud && (deed.refused || Date.now() - deed.at > 1000));
  sos.textContent = unheard ? sos.dataset.words : "";
  sos.hidden = !unheard;
}

let keptAt = null;
function age() {
  const stale = $("stale");
  if (!stale) return;
  stale.hidden = keptAt === null;
  const minutes = Math.max(0, Math.floor((Date.now() - keptAt) / 60000));
  const words = keptAt === null ? "" : stale.dataset.words.replace("{m}", minutes);
  if (stale.textContent !== words) stale.textContent = words;
}

function fresh() {
  const part = now();
  if (part) refresh(part);
}

// ---- Something new ---------------------------------------------------------------------------

let before = { ...now()?.dataset };

function arrived() {
  const part = now();
  if (!part) return;
  if ((part.dataset.unit ?? "") !== (before.unit ?? "")) { location.reload(); return; }
  const { job, critical, released } = part.dataset;
  const louder = Number(critical ?? 0) > Number(before.critical ?? 0);
  const taken = Number(released ?? 0) > Number(before.released ?? 0);
  const another = job !== undefined && job !== before.job;
  before = { ...part.dataset };
  if ("silent" in part.dataset) return;
  if (louder || taken) sound("A1");
  else if (another) sound("A2");
}

// ---- Held ------------------------------------------------------------------------------------

let holding = 0, held = false;

function press(event) {
  const button = event.target.closest?.("[data-hold]");
  if (!button || event.button > 0) return;
  held = false;
  button.dataset.holding = "";
  holding = setTimeout(() => {
    held = true;
    delete button.dataset.holding;
    $(button.dataset.hold).requestSubmit();
  }, HOLD_MS);
}

function release() {
  clearTimeout(holding);
  document.querySelector("[data-holding]")?.removeAttribute("data-holding");
}

document.addEventListener("pointerdown", press);
for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, release);
document.addEventListener("contextmenu", (event) => {
  if (event.target.closest?.("[data-hold]")) event.preventDefault();
});
document.addEventListener("click", (event) => {
  if (held && event.target.closest?.("[data-hold]")) event.preventDefault();
  held = false;
}, true);

// ---- Start -----------------------------------------------------------------------------------

async function worker() {
  if (!navigator.serviceWorker) return;
  if (!keeps()) {
    for (const old of await navigator.serviceWorker.getRegistrations()) await old.unregister();
    if (window.caches) await caches.delete("callbox-officer-1");
    if (window.indexedDB) indexedDB.deleteDatabase("callbox-officer");
    return;
  }
  navigator.serviceWorker.addEventListener("message", (event) => {
    const was = keptAt;
    keptAt = event.data.kept;
    age();
    // The connection is back: what was kept is not shown as if it were live.
    if (was !== null && keptAt === null) flush();
  });
  try {
    const held = new Promise((resolve) => {
      if (navigator.serviceWorker.controller) resolve(false);
      navigator.serviceWorker.addEventListener("controllerchange", () => resolve(true));
    });
    await navigator.serviceWorker.register("/officer-sw.js", { scope: "/officer" });
    // The page that brought the worker was not seen by it: it is kept now.
    if (await held) await fetch("/officer", { headers: { "HX-Request": "true" } }).catch(() => {});
    document.documentElement.dataset.worker = "ready";
  } catch {
    // Without a worker the page works as long as there is a connection.
  }
}

document.addEventListener("submit", submitted);
addEventListener("online", () => { flush(); fresh(); });
if (now()) {
  new MutationObserver(arrived).observe(now(), { attributes: true });
  setInterval(() => { fresh(); show(); age(); }, FRESH_MS);
}
store = await opened();
worker();
fresh();
await flush();
