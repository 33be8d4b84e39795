// What every page shares: the link to the room, parts that refresh themselves, deeds that are sent
// in order and never twice, drafts, keys and sounds. The server renders and decides.
//
// In a page:
//   data-from="/fragments/units"  a part of a page, and where it is asked for again
//   data-live="incident:1 units"  when one of these topics changes
//   data-live-every="1000"        but not more often than this, in milliseconds
//   data-again="20"               and, changed or not, so many seconds after it was last asked for
//   data-with="#find"             the field that goes with the question
//   form[data-do]                 a deed: sent in order, kept until it is answered
//   data-clears                   its text goes at once, and comes back if the deed is refused
//   data-go="/page/{incident}"    where to go when it is done
//   data-draft="key"              a field whose text is kept on the server while it is typed
//   data-key="F9", "Alt+1"        the key that presses it, or goes there
"use strict";

const $ = (id) => document.getElementById(id);
const said = $("said");
const AMBER_S = 5, RED_S = 15;

// ---- Words ----------------------------------------------------------------------------------

export function say(words, kind = "") {
  if (!said) return;
  said.dataset.kind = kind;
  said.textContent = words;
}

export const filled = (words, values) =>
  words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

// ---- The link --------------------------------------------------------------------------------

let heard = Date.now(), linked = true;
// How long the last answer took: whoever waits for it is told that it is not them.
let took = 0;
const SLOW_MS = 1000;

function shown(element, property, value) {
  if (element && element[property] !== value) element[property] = value;
}

function tick() {
  const age = $("age");
  if (!age) return;
  const s = Math.floor((Date.now() - heard) / 1000);
  const slow = took > SLOW_MS, part = oldest(age);
  const state = !linked || s >= RED_S ? "red" : s >= AMBER_S || slow || part ? "amber" : "live";
  if (age.dataset.state !== state) age.dataset.state = state;
  const words = state === "live" ? age.dataset.live
    : state === "red" || s >= AMBER_S ? filled(age.dataset.old, { s })
    : part || filled(age.dataset.slow, { s: (took / 1000).toFixed(1) });
  shown(age, "textContent", words);
  const lost = $("lost");
  const isLost = state === "red";
  shown(lost, "hidden", !isLost);
  shown(lost, "textContent", isLost ? lost.dataset.words : "");
  document.body.classList.toggle("link-lost", isLost);
}

function beat() {
  heard = Date.now();
  if (!linked) {
    linked = true;
    flush();
    // What was missed meanwhile may have no next change, and need not wait for its turn.
    for (const element of unanswered.keys()) atOnce(element);
    changed(["all"]);
    tell("callbox:back");
  }
  tick();
}

// ---- Signed off ------------------------------------------------------------------------------

// Whoever is signed off keeps what they typed and did: it is sent when the same person is back.
let off = false;

/** Who is signed on here, as the page says; nothing where nobody is. */
export const whoIsHere = (page = document) => page.querySelector("form.who span")?.textContent;

/** Nobody is signed on any more: nothing is sent until the same person is. */
export function signedOff() {
  if (off || !whoIsHere()) return;
  off = true;
  tell("callbox:signed-off");
}

/** Whether something here would be lost with the page: not sent, or typed and not kept. */
export const unsent = () => outbox.length > 0
  || [...document.querySelectorAll("textarea, input:not([type]), input[type=text]")]
    .some((field) => field.value !== field.defaultValue && field.dataset.kept !== "yes");

/** The server sends us to sign on: an empty page goes there, one with something on it stays. */
export async function ended() {
  try {
    const { seconds_left: left } = await (await fetch("/session")).json();
    if (left !== null && whoIsHere()) return; // It was asked before the same person was back.
  } catch {
    return; // No network: the page says so itself.
  }
  if (whoIsHere() && unsent()) signedOff();
  else location.assign("/sign-on");
}

/** The same person is signed on again: what waits is sent, in order. */
export function signedOn() {
  off = false;
  join();
  flush();
}

function lose() {
  linked = false;
  tick();
}

// ---- Parts that refresh themselves -----------------------------------------------------------

const asked = new WeakMap(), asking = new WeakSet(), given = new WeakMap();
const EVERY_MS = 250, AGAIN_MS = 2000, AGAIN_MOST_MS = 30_000, WAIT_MS = 8000;
// Parts whose last question was not answered: since when, how often, and not before when again.
const unanswered = new Map();
// Asked again, these may be answered; any other refusal stays one until the page is opened again.
const PASSING = [408, 425, 429];
// What stays the same stays: focus, what is open, what a screen reader stands on.
let morph = null;
window.htmx?.registerExtension("parts", { init: (api) => { morph = api.morph; } });

/** Asks for a part of the page again, but not more often than it says. */
export function refresh(element) {
  const every = Number(element.dataset.liveEvery ?? EVERY_MS);
  const last = asked.get(element) ?? { at: 0, later: 0 };
  const wait = Math.max(last.at + every, unanswered.get(element)?.next ?? 0) - performance.now();
  if (last.later || wait === Infinity) return;
  const ask = () => {
    asked.set(element, { at: performance.now(), later: 0 });
    if (!element.isConnected) return;
    if (asking.has(element)) refresh(element);
    else fetched(element);
  };
  if (wait <= 0) ask();
  else asked.set(element, { at: last.at, later: setTimeout(ask, wait) });
}

async function fetched(element) {
  asking.add(element);
  const { text, off, refused } = await partOf(element);
  asking.delete(element);
  if (off) return;
  if (text === undefined) { missed(element, refused); return; }
  answered(element);
  if (given.get(element) !== text) drawn(element, text);
}

// There may be no next change: what was not answered is asked again, less and less often.
function missed(element, refused) {
  const { since, times } = unanswered.get(element) ?? { since: Date.now(), times: 0 };
  const wait = refused ? Infinity : Math.min(AGAIN_MS * 2 ** times, AGAIN_MOST_MS);
  unanswered.set(element, { since, times: times + 1, refused, next: performance.now() + wait });
  refresh(element);
  tick();
}

function atOnce(element) {
  clearTimeout(asked.get(element)?.later);
  asked.delete(element);
  unanswered.get(element).next = 0;
}

function answered(element) {
  if (!unanswered.delete(element)) return;
  delete element.dataset.unanswered;
  tick();
}

// Whoever looks at a part that is not answered sees how old it is; the words of the oldest.
function oldest({ dataset }) {
  let first = Infinity, said = "";
  for (const [element, { since, refused }] of unanswered) {
    if (!element.isConnected) { unanswered.delete(element); continue; }
    const s = Math.floor((Date.now() - since) / 1000);
    if (s < AMBER_S && !refused) continue;
    const words = refused ? dataset.refused : filled(dataset.part, { s });
    if (element.dataset.unanswered !== words) element.dataset.unanswered = words;
    if (since < first) [first, said] = [since, words];
  }
  return said;
}

// The part as it is now: its text, or that nobody is signed on any more, or that it is refused.
async function partOf(element) {
  try {
    const response = await fetch(addressOf(element), {
      headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(WAIT_MS),
    });
    const text = await response.text();
    // The page for signing on is no part of this one: what is there stays.
    if (response.redirected || response.status === 401) { ended(); return { off: true }; }
    if (response.ok) return { text };
    return { refused: response.status < 500 && !PASSING.includes(response.status) };
  } catch {
    return {};
  }
}

function addressOf({ dataset }) {
  const field = dataset.with && document.querySelector(dataset.with);
  if (!field) return dataset.from;
  return `${dataset.from}?${new URLSearchParams({ [field.name]: field.value })}`;
}

// Puts what a part was given in its place. The same again is not drawn once more.
function drawn(element, text) {
  given.set(element, text);
  if (!element.isConnected) return;
  const template = document.createElement("template"), place = element.parentElement;
  template.innerHTML = text;
  const asks = template.content.querySelector("[hx-get], [hx-post]") !== null;
  beforeSwap();
  if (morph) morph(element, template.content, false);
  else element.replaceWith(template.content);
  if (asks) window.htmx?.process(element.isConnected ? element : place);
  afterSwap();
}

// What changes with the time alone.
function clockwork() {
  for (const element of document.querySelectorAll("[data-from][data-again]")) {
    const since = performance.now() - (asked.get(element)?.at ?? 0);
    if (since >= Number(element.dataset.again) * 1000) refresh(element);
  }
}

function changed(topics) {
  const all = topics.includes("all");
  for (const element of document.querySelectorAll("[data-live][data-from]")) {
    const mine = element.dataset.live.split(" ");
    if (all || mine.some((topic) => topics.includes(topic))) refresh(element);
  }
}

// ---- The stream ------------------------------------------------------------------------------

let events = null, newest = document.body.dataset.seq, joining = 0;
const JOIN_MS = 3000;

function follow() {
  if (newest === undefined || !window.EventSource) return;
  join();
  setInterval(tick, 1000);
}

function join() {
  if (newest === undefined || !window.EventSource) return;
  clearTimeout(joining);
  events?.close();
  events = new EventSource(`/live?after=${newest}`);
  events.addEventListener("open", beat);
  events.addEventListener("beat", beat);
  events.addEventListener("error", () => {
    lose();
    // A browser asks again by itself, except after an answer that is no stream.
    if (events.readyState === EventSource.CLOSED) joining = setTimeout(join, JOIN_MS);
  });
  events.addEventListener("reload", () => reload());
  events.addEventListener("sound", (event) => heardSound(JSON.parse(event.data)));
  events.addEventListener("clocks", (event) => {
    tell("callbox:clocks", JSON.parse(event.data));
    beat();
  });
  events.addEventListener("message", (event) => {
    const update = JSON.parse(event.data);
    if (event.lastEventId) newest = event.lastEventId;
    tell("callbox:update", update);
    changed(update.topics);
    beat();
  });
}

const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

// A page with something typed on it is not loaded again under the hands of whoever types.
function reload() {
  const typed = [...document.querySelectorAll("textarea, input:not([type=hidden])")]
    .some((field) => field.value !== field.defaultValue);
  if (!typed && outbox.length === 0) { location.reload(); return; }
  newest = 0;
  join();
}

// ---- Deeds -----------------------------------------------------------------------------------

const outbox = [];
let sending = false;
const WAITED_MS = 2000;

// A name of its own for each deed, so that one that is sent twice happens once.
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Sends a deed: what is returned answers when it is done or refused, however long that takes. */
export function act(address, fields, form = null) {
  const body = new URLSearchParams(fields);
  if (!body.has("deed-id")) body.set("deed-id", newId());
  return new Promise((resolve) => {
    outbox.push({ address, body, form, resolve, at: Date.now() });
    count();
    flush();
  });
}

function count() {
  const waiting = $("waiting");
  if (!waiting) return;
  const n = outbox.length;
  waiting.hidden = n < 2 && linked && !off;
  if (n === 0) waiting.hidden = true;
  waiting.textContent = n === 1 ? waiting.dataset.one : filled(waiting.dataset.many, { n });
}

async function flush() {
  if (sending || off) return;
  sending = true;
  while (outbox.length > 0) {
    const deed = outbox[0];
    const answer = await sent(deed);
    if (answer?.status === 401 && whoIsHere()) { // Kept for the same person.
      signedOff();
      count();
      break;
    }
    if (answer === null) { // Not known to have arrived: the same again, later.
      lose();
      setTimeout(flush, 1000);
      break;
    }
    outbox.shift();
    count();
    done(deed, answer);
  }
  sending = false;
}

async function sent(deed) {
  const controller = new AbortController();
  const late = setTimeout(() => controller.abort(), WAIT_MS);
  const { address } = deed, body = new URLSearchParams(deed.body);
  // What waited for the link happened when it was done, not when it arrives.
  const ago = Math.max(0, Date.now() - deed.at);
  if (ago > WAITED_MS) body.set("deed-ago", String(ago));
  const began = performance.now();
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { Accept: "application/json" },
      body,
      signal: controller.signal,
    });
    if (response.status === 503 || response.status === 429) {
      await response.body?.cancel();
      return null;
    }
    const json = await response.json().catch(() => ({}));
    took = performance.now() - began;
    tick();
    return { ok: response.ok, status: response.status, json };
  } catch {
    return null;
  } finally {
    clearTimeout(late);
  }
}

function done({ form, resolve }, { ok, status, json }) {
  if (ok) {
    const receipt = json.first_seq ?? "";
    say(json.says ?? filled(said?.dataset.saved ?? "", { receipt }), "ok");
  } else {
    const items = json.items?.length ? `: ${json.items.join("; ")}` : "";
    say(`${json.detail ?? status}${items}`, "refused");
  }
  if (form) form.dispatchEvent(new CustomEvent(ok ? "deed:done" : "deed:refused", {
    bubbles: true, detail: json,
  }));
  resolve({ ok, status, json });
}

function submitted(event) {
  const form = event.target;
  if (!form.matches?.("form[data-do]")) return;
  event.preventDefault();
  if (!form.reportValidity()) return;
  const fields = new FormData(form, event.submitter ?? undefined);
  // Without a link the page stays: the next call may ring before it is back.
  const stays = document.body.classList.contains("link-lost") && "stays" in form.dataset;
  const kept = stays || "clears" in form.dataset ? emptied(form) : [];
  say(said?.dataset.sending ?? "", "sending");
  form.dataset.sent = "";
  // The property would be the page's own address where the button names none.
  const address = event.submitter?.getAttribute("formaction") ?? form.getAttribute("action");
  act(address, fields, form).then(({ ok, json }) => {
    if (ok) {
      const go = event.submitter?.dataset.go ?? form.dataset.go;
      if (go && !stays) location.assign(filled(go, json));
      return;
    }
    delete form.dataset.sent;
    // What was typed comes back in front of what has been typed since.
    for (const [field, text] of kept) {
      field.value = field.value ? `${text}\n${field.value}` : text;
      draft(field);
    }
  });
}

function emptied(form) {
  const kept = [];
  for (const field of form.querySelectorAll("textarea, input[type=text], input:not([type])")) {
    if (!field.value || "keeps" in field.dataset) continue;
    kept.push([field, field.value]);
    field.value = "";
    draft(field);
  }
  return kept;
}

// ---- What somebody writes in, and is gone ----------------------------------------------------

// A form that a refresh takes away under the hands of whoever writes in it, because somebody else
// was quicker, goes to the foot of the page as it is: it can still be sent, or put away.
let writing = [], focus = null;

const written = (field) => field.value.trim() !== ""
  && (field.value !== field.defaultValue || field.dataset.draft !== undefined);

// What is asked for while somebody types: after the session ended it is the page for signing on,
// and one that was refused is a sentence for programs. What is there stays.
function typedFor(event) {
  const { raw } = event.detail.ctx.response;
  if (!raw.redirected && raw.ok) { beforeSwap(); return; }
  event.preventDefault();
  if (raw.redirected || raw.status === 401) ended();
}

function beforeSwap() {
  const fields = document.querySelectorAll("form[data-do] :is(textarea, input:not([type=hidden]))");
  writing = [...fields].filter((field) => field.matches("textarea, [type=text], :not([type])")
    && written(field) && field.form.dataset.sent === undefined);
  focus = document.activeElement;
}

function afterSwap() {
  const forms = new Set(writing.filter((field) => !field.isConnected).map((field) => field.form));
  for (const form of forms) if (form && !form.isConnected) keepForm(form);
  writing = [];
  tell("callbox:drawn");
}

function keepForm(form) {
  const kept = document.createElement("aside");
  kept.className = "kept";
  const words = document.createElement("p");
  words.setAttribute("role", "alert");
  words.textContent = said.dataset.kept;
  const away = document.createElement("button");
  away.type = "button";
  away.textContent = said.dataset.away;
  away.addEventListener("click", () => kept.remove());
  form.addEventListener("deed:done", () => kept.remove());
  for (const hidden of form.querySelectorAll("label.hidden")) hidden.classList.remove("hidden");
  kept.append(words, form, away);
  document.querySelector("footer.said").prepend(kept);
  if (form.contains(focus)) focus.focus();
}

// ---- Drafts ----------------------------------------------------------------------------------

const drafting = new Map();
const DRAFT_MS = 500;

function draft(field) {
  const key = field.dataset?.draft;
  if (!key) return;
  clearTimeout(drafting.get(key));
  field.dataset.kept = "no";
  drafting.set(key, setTimeout(() => keep(key, field), DRAFT_MS));
}

const keeping = new Set();

async function keep(key, field) {
  // One after the other: what is older must not arrive later.
  if (keeping.has(key)) { draft(field); return; }
  keeping.add(key);
  const text = field.value;
  try {
    if (off) throw new Error("signed off");
    const body = new URLSearchParams({ key, text });
    const signal = AbortSignal.timeout(WAIT_MS);
    const response = await fetch("/drafts", { method: "POST", body, signal });
    if (response.status === 401) signedOff();
    if (!response.ok) throw new Error(String(response.status));
    if (field.value === text) field.dataset.kept = "yes";
  } catch {
    field.dataset.kept = "no";
    clearTimeout(drafting.get(key));
    drafting.set(key, setTimeout(() => keep(key, field), 2000));
  } finally {
    keeping.delete(key);
  }
}

// ---- Keys ------------------------------------------------------------------------------------

function keyName(event) {
  const parts = [];
  if (event.ctrlKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  // A capital or a sign is the key itself; with a named key, Shift is part of it.
  if (event.shiftKey && event.key.length > 1) parts.push("Shift");
  // With Alt some layouts give another sign: the key by its place is meant.
  const digit = event.altKey && /^Digit\d$/.test(event.code) ? event.code.slice(5) : null;
  const letter = event.altKey && /^Key[A-Z]$/.test(event.code) ? event.code.slice(3) : null;
  parts.push(digit ?? letter ?? (event.key.length === 1 ? event.key.toUpperCase() : event.key));
  return parts.join("+");
}

const visible = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;

function pressed(event) {
  if (event.isComposing) return;
  const name = keyName(event);
  const typing = event.target.matches?.("input, textarea, select, [contenteditable]");
  // A bare sign is text while somebody types.
  if (typing && !/^(F\d+|Escape)$|\+/.test(name)) return;
  const wanted = `[data-key~="${CSS.escape(name)}"]`;
  const target = [...document.querySelectorAll(wanted)].find((e) => visible(e) && !e.disabled);
  if (!target) return;
  event.preventDefault();
  if (target.matches("a, button, summary")) { target.click(); return; }
  const field = target.matches("input, textarea, select") ? target
    : target.querySelector("input:not([type=hidden]), textarea, select, button, a");
  field?.focus();
}

// ---- Sounds ----------------------------------------------------------------------------------

let audio = null;
const PULSES = { A1: [880, 880, 880, 0, 988, 988], A2: [660, 660, 660] };
const positions = () => ($("alarms")?.dataset.positions ?? "").split(" ");

/** Plays a level's pulses; what is returned says whether a sound could be made. */
export function sound(level) {
  const pulses = PULSES[level];
  if (!pulses || !window.AudioContext) return false;
  audio ??= new AudioContext();
  audio.resume();
  let at = audio.currentTime + 0.02;
  for (const pitch of pulses) {
    if (pitch) {
      const tone = audio.createOscillator(), volume = audio.createGain();
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0, at);
      volume.gain.linearRampToValueAtTime(0.3, at + 0.02);
      volume.gain.setValueAtTime(0.3, at + 0.13);
      volume.gain.linearRampToValueAtTime(0, at + 0.15);
      tone.connect(volume).connect(audio.destination);
      tone.start(at);
      tone.stop(at + 0.16);
    }
    at += 0.2;
  }
  return true;
}

function heardSound({ at, level }) {
  if (!positions().includes(at)) return;
  // Several windows of one person sound once: whichever holds the lock.
  const play = () => {
    document.dispatchEvent(new CustomEvent("callbox:sounded", { detail: { level } }));
    sound(level);
    return new Promise((free) => setTimeout(free, 1200));
  };
  if (navigator.locks) {
    navigator.locks.request("callbox-sound", { ifAvailable: true }, (lock) => lock && play());
  } else {
    play();
  }
}

// ---- Start -----------------------------------------------------------------------------------

document.addEventListener("submit", submitted);
document.addEventListener("input", (event) => {
  delete event.target.form?.dataset.sent;
  draft(event.target);
});
document.addEventListener("htmx:before:swap", typedFor);
document.addEventListener("htmx:after:swap", afterSwap);
document.addEventListener("keydown", pressed);
addEventListener("beforeunload", (event) => { if (outbox.length > 0) event.preventDefault(); });
addEventListener("online", () => flush());
addEventListener("offline", lose);
setInterval(clockwork, 1000);
follow();
