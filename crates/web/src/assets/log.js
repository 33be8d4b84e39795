// The page of one log: lines that are new are added at the end, what somebody has read is recorded,
// and the timeline can be searched.
"use strict";

const $ = (id) => document.getElementById(id);
const timeline = $("timeline"), lines = $("lines"), find = $("find");
const incident = timeline?.dataset.incident;
const topic = `incident:${incident}`;

// ---- New lines -------------------------------------------------------------------------------

const AGAIN_MS = 2000, ANSWER_MS = 8000;
let asking = false, again = false, retry = 0;

function newest() {
  let place = 0;
  for (let li = lines.lastElementChild; li; li = li.previousElementSibling) {
    if (li.dataset.place) { place = Number(li.dataset.place); break; }
  }
  return place;
}

const atEnd = () => lines.scrollHeight - lines.scrollTop - lines.clientHeight < 40;

async function more() {
  if (asking) { again = true; return; }
  asking = true;
  clearTimeout(retry);
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const response = await fetch(`/incidents/${incident}/timeline?after=${newest()}`, { signal });
    if (!response.ok || response.redirected) throw new Error(String(response.status));
    put(await response.text());
  } catch {
    // The link is lost, and the frame says so, or too much is asked at once: asked again, for
    // there may be no next change.
    retry = setTimeout(more, AGAIN_MS);
  }
  asking = false;
  if (again) { again = false; more(); }
}

function put(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const follow = atEnd();
  for (const li of [...template.content.querySelectorAll("li")]) {
    const old = $(li.id);
    if (!old) { lines.append(li); continue; }
    // It stays where it is in the order of the log.
    if (old.dataset.place) li.dataset.place = old.dataset.place;
    old.replaceWith(li);
  }
  // Whoever reads further up is not moved.
  if (follow) lines.scrollTop = lines.scrollHeight;
  search();
  watch();
}

document.addEventListener("callbox:update", ({ detail }) => {
  if (detail.topics.includes(topic) || detail.topics.includes("all")) more();
});

document.addEventListener("callbox:back", more);

// ---- Read ------------------------------------------------------------------------------------

// The newest entry has been read when it has been on the screen for a moment.
const READ_MS = 1500;
let recorded = 0, later = 0;

const eyes = new IntersectionObserver((seen) => {
  clearTimeout(later);
  const li = seen.filter((s) => s.isIntersecting).at(-1)?.target;
  if (li) later = setTimeout(() => read(Number(li.dataset.entry)), READ_MS);
});

async function read(upTo) {
  if (document.hidden || upTo <= recorded) return;
  const body = new URLSearchParams({ incident, up_to: String(upTo) });
  try {
    const headers = { Accept: "application/json" };
    const response = await fetch("/do/read_log", { method: "POST", headers, body });
    if (response.ok) recorded = upTo;
  } catch {
    // Not recorded as read: it is tried again when it is looked at again.
  }
}

function watch() {
  if (!("reads" in lines.dataset)) return;
  eyes.disconnect();
  const all = lines.querySelectorAll("li[data-entry]");
  if (all.length > 0) eyes.observe(all[all.length - 1]);
}

// ---- Find ------------------------------------------------------------------------------------

function search() {
  const wanted = find.value.trim().toLowerCase();
  let n = 0;
  for (const li of lines.children) {
    const hit = !wanted || li.textContent.toLowerCase().includes(wanted);
    if (li.hidden === hit) li.hidden = !hit;
    if (hit) n += 1;
  }
  const found = $("found");
  found.textContent = wanted ? found.dataset.words.replace("{n}", n) : "";
}

if (timeline) {
  find.addEventListener("input", search);
  document.addEventListener("visibilitychange", watch);
  lines.scrollTop = lines.scrollHeight;
  watch();
}
