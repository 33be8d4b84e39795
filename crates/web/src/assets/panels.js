// What the parts of a log need besides console.js: a form that unfolds takes the focus, and what is
// owed for having been on the screen is sent when it is there.
"use strict";

// ---- Unfolding -------------------------------------------------------------------------------

document.addEventListener("toggle", (event) => {
  const details = event.target;
  if (!details.matches?.("details[data-focus]") || !details.open) return;
  details.querySelector("input:not([type=hidden]), select, textarea, button")?.focus();
}, true);

// Esc folds again what is unfolded; what is typed in it stays.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const details = event.target.closest?.("details.fold[open]");
  if (!details) return;
  event.preventDefault();
  details.open = false;
  details.querySelector("summary")?.focus();
});

// A deed that is done folds its form.
document.addEventListener("deed:done", (event) => {
  const details = event.target.closest?.("details.fold[open]");
  if (!details) return;
  details.open = false;
  if (details.contains(document.activeElement) || document.activeElement === document.body) {
    details.querySelector("summary")?.focus();
  }
});

// ---- Seen ------------------------------------------------------------------------------------

const sent = new WeakSet();
const SEEN_MS = 1000;

const eyes = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting || sent.has(target) || document.hidden) continue;
    setTimeout(() => {
      if (!target.isConnected || sent.has(target) || document.hidden) return;
      sent.add(target);
      target.form?.requestSubmit(target);
    }, SEEN_MS);
  }
});

function watch() {
  for (const button of document.querySelectorAll("[data-when-seen]")) eyes.observe(button);
}

document.addEventListener("callbox:drawn", watch);
document.addEventListener("visibilitychange", watch);
watch();
