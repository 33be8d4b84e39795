// The page of a call: what is said goes line by line, the log opens under the typist's hands, each
// question has its key. The server decides; this sends and shows.
"use strict";

import { act, say } from "./console.js";

const $ = (id) => document.getElementById(id);
const form = () => $("said-form");
const CODE_HELP_MS = 200;

// ---- What is said ----------------------------------------------------------------------------

// Lines that are sent while the log is being opened wait for its number.
let opening = false;
const held = [];

function enter(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  if (event.target.id !== "words") return;
  event.preventDefault();
  if (event.target.value.trim() === "") return;
  form().requestSubmit();
}

// Before the shared script sends it.
function sending(event) {
  const sent = event.target;
  if (sent.id === "grade-form") { graded(event); return; }
  if (sent.id !== "said-form" || !("opening" in sent.dataset)) return;
  const words = $("words");
  if (opening) {
    event.preventDefault();
    event.stopImmediatePropagation();
    held.push(words.value);
    words.value = "";
    return;
  }
  if (!sent.checkValidity()) return;
  opening = true;
}

async function opened(log) {
  const call = form().dataset.call;
  for (const text of held.splice(0)) {
    act("/do/add_entry", { incident: log, text, own_words: "true" }).then(({ ok }) => {
      if (!ok) $("words").value = [text, $("words").value].filter(Boolean).join("\n");
    });
  }
  history.replaceState(null, "", `/calls/${call}?log=${encodeURIComponent(log)}`);
  await renew();
  opening = false;
}

/** Puts the page's parts in place of the ones that are there; what is typed stays where it is. */
async function renew() {
  const response = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (response.redirected) return;
  if (!response.ok) { location.reload(); return; }
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const field = document.activeElement, id = field?.id;
  const typed = field?.value, [from, to] = [field?.selectionStart, field?.selectionEnd];
  const words = $("words").value;
  for (const part of document.querySelectorAll("[data-part]")) {
    const other = fresh.getElementById(part.id);
    if (!other) continue;
    part.replaceWith(document.adoptNode(other));
    window.htmx?.process(other);
  }
  $("words").value = words;
  const now = id && $(id);
  if (!now) return;
  if (now.matches("input[type=text], textarea")) now.value = typed;
  now.focus();
  if (from !== null && now.matches("input[type=text], textarea")) now.setSelectionRange(from, to);
}

// ---- The code while somebody types -----------------------------------------------------------

// A code that came with the address is a choice too.
let asking = 0, chosen = Boolean($("code")?.value);

function typed(event) {
  if (event.target.id === "place" && $("known")?.value === "unknown" && event.target.value) {
    $("known").value = "vague";
  }
  if (event.target.id !== "words" || !$("code-fits")) return;
  clearTimeout(asking);
  asking = setTimeout(codeHelp, CODE_HELP_MS);
}

async function codeHelp() {
  const words = $("words").value;
  const body = new URLSearchParams({ words });
  try {
    const response = await fetch("/calls/code-help", { method: "POST", body });
    const fits = $("code-fits");
    if (!response.ok || response.redirected || !fits || words !== $("words").value) return;
    fits.innerHTML = await response.text();
    take(fits.querySelector("[data-code]"), false);
  } catch {
    // The line can be sent without it.
  }
}

// The best fit is taken until somebody chooses.
function take(button, byHand) {
  const select = $("code");
  if (!button || !select || (chosen && !byHand)) return;
  select.value = button.dataset.code;
  chosen ||= byHand;
}

// ---- Grade and send --------------------------------------------------------------------------

function pass() {
  if (!("passed" in $("suggested").dataset)) $("pass-form")?.requestSubmit();
}

// A log that has the grade already is passed on without grading it again.
function graded(event) {
  const grades = new FormData(event.target).getAll("grade");
  const { now, passed } = $("suggested")?.dataset ?? {};
  if (String(grades.at(-1)) !== now || passed !== undefined) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  pass();
}

// ---- Keys ------------------------------------------------------------------------------------

function nextPrompt(after) {
  const open = [...document.querySelectorAll("[data-prompt][data-open]")];
  const later = open.filter((e) => after.compareDocumentPosition(e) & 4);
  return later[0] ?? open.find((e) => e !== after);
}

function answer(prompt, key) {
  if (key === "T") { prompt.querySelector("input[type=text]")?.focus(); return true; }
  const button = prompt.querySelector(`[data-answer="${CSS.escape(key)}"]`);
  if (!button) return false;
  button.click();
  nextPrompt(prompt)?.querySelector("button")?.focus();
  return true;
}

function signal(key) {
  const wanted = { Y: "yes", " ": "yes", N: "no", S: "none" }[key];
  const button = wanted && document.querySelector(`#part-silent [data-signal="${wanted}"]`);
  if (!button) return false;
  button.click();
  // A second press of the same key is for the next question, once that is there.
  button.disabled = true;
  return true;
}

function rated(target, key) {
  const fieldset = target.closest("fieldset");
  const radio = fieldset?.querySelector(`[data-digit="${CSS.escape(key)}"]`);
  if (!radio) return false;
  radio.checked = true;
  const why = fieldset.querySelector("input[type=text]");
  (why ?? radio).focus();
  return true;
}

function keys(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const target = event.target;
  const typing = target.matches?.("input:not([type=radio], [type=checkbox]), textarea, select");
  if (typing) return;
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const prompt = target.closest?.("[data-prompt]");
  const done = /^\d$/.test(key) ? rated(target, key)
    : prompt && /^[YNUAPT]$/.test(key) ? answer(prompt, key)
    : /^[YNS ]$/.test(key) && $("part-silent") ? signal(key) : false;
  if (!done) return;
  event.preventDefault();
  event.stopPropagation();
}

// ---- What came of it -------------------------------------------------------------------------

function doneDeed(event) {
  const { id } = event.target;
  if (id === "said-form" && opening) opened(event.detail.incident);
  else if (id === "said-form") {
    for (const box of event.target.querySelectorAll("[type=checkbox]")) box.checked = false;
  } else if (id === "grade-form") pass();
  else if (id === "thrive-form") faults([]);
}

function refusedDeed(event) {
  if (event.target.id === "said-form" && opening) {
    opening = false;
    const words = $("words");
    words.value = [words.value, ...held.splice(0)].filter(Boolean).join("\n");
  }
  if (event.target.id === "thrive-form") faults(event.detail.items ?? [event.detail.detail]);
  document.querySelectorAll("#part-silent [disabled]").forEach((b) => { b.disabled = false; });
}

// Beside the field that a sentence is about; what was written stays.
function faults(sentences) {
  for (const field of document.querySelectorAll("#thrive-form [data-element]")) {
    const mine = sentences.filter((s) => s.includes(field.dataset.element));
    const error = field.querySelector(".error");
    error.textContent = mine.join(". ");
    error.hidden = mine.length === 0;
  }
  document.querySelector("#thrive-form .error:not([hidden])")?.closest("fieldset")
    .querySelector("input[type=text]").focus();
}

addEventListener("keydown", enter, true);
addEventListener("keydown", keys, true);
addEventListener("submit", sending, true);
document.addEventListener("input", typed);
document.addEventListener("change", (event) => { if (event.target.id === "code") chosen = true; });
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-code]");
  if (button) { take(button, true); $("words").focus(); say(button.dataset.code, "ok"); }
});
document.addEventListener("deed:done", doneDeed);
document.addEventListener("deed:refused", refusedDeed);
