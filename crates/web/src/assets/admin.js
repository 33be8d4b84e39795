// Writing a policy: what is typed is kept and looked over at every pause, by the server.
import { say } from "./console.js";

const PAUSE_MS = 600, AGAIN_MS = 2000;
const $ = (id) => document.getElementById(id);
const results = $("results"), editor = $("editor"), preview = $("preview-form");
const address = results?.dataset.look;
let later = 0, asked = 0, unkept = false;

function fields() {
  const body = new URLSearchParams(new FormData(preview));
  body.set("toml", $("toml").value);
  body.set("made_from", editor.elements.made_from.value);
  return body;
}

// What somebody has unfolded stays so.
function put(html) {
  const folded = [...results.querySelectorAll("details[id]")].map((d) => [d.id, d.open]);
  const top = results.scrollTop;
  results.innerHTML = html;
  for (const [id, open] of folded) {
    const again = $(id);
    if (again) again.open = open;
  }
  results.scrollTop = top;
  const said = $("wrong-h")?.textContent ?? "";
  if ($("looked").textContent !== said) $("looked").textContent = said;
}

/** Keeps what is typed and shows what there is to say about it. */
async function look() {
  clearTimeout(later);
  const mine = ++asked;
  try {
    const response = await fetch(address, { method: "POST", body: fields() });
    if (!response.ok) throw new Error((await response.json().catch(() => ({}))).detail ?? "");
    const html = await response.text();
    if (unkept) { unkept = false; say(""); }
    if (mine === asked) put(html);
    return true;
  } catch (fault) {
    unkept = true;
    say(fault.message || results.dataset.unkept, "refused");
    later = setTimeout(look, AGAIN_MS);
    return false;
  }
}

function soon() {
  clearTimeout(later);
  later = setTimeout(look, PAUSE_MS);
}

// The line that a sentence is about.
function goTo(n) {
  const field = $("toml");
  const lines = field.value.split("\n");
  const from = lines.slice(0, n - 1).reduce((sum, line) => sum + line.length + 1, 0);
  field.focus();
  field.setSelectionRange(from, from + (lines[n - 1] ?? "").length);
  const height = parseFloat(getComputedStyle(field).lineHeight) || 20;
  field.scrollTop = Math.max(0, (n - 4) * height);
  field.scrollLeft = 0;
}

if (address && editor && preview) {
  $("toml").addEventListener("input", soon);
  preview.addEventListener("input", soon);
  preview.addEventListener("submit", (event) => { event.preventDefault(); look(); });
  results.addEventListener("click", (event) => {
    const link = event.target.closest("[data-line]");
    if (!link) return;
    event.preventDefault();
    goTo(Number(link.dataset.line));
  });
  // The case is added to what is kept, so that has to be all of it.
  $("case-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (await look()) event.target.submit();
  });
}
