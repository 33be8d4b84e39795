// A number to copy: button[data-copy], with what is said when it is done and when it cannot be.
import { say } from "./console.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    say(`${button.dataset.said} ${button.dataset.copy}`, "ok");
  } catch {
    say(button.dataset.not, "refused");
  }
});
