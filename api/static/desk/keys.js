/** Single-key shortcuts; they rest while the agent types, while a dialog asks, and with a modifier held down. */

import { isAsking } from "./dialogs.js";

const FIELDS = new Set(["INPUT", "TEXTAREA", "SELECT"]);

/** `keys` is a list of {keys, shown, does, run}; the first one that has the key runs. */
export function setUpKeys(keys) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (isAsking() || FIELDS.has(event.target.tagName)) return;
    const found = keys.find((one) => one.keys?.includes(event.key.length === 1 ? event.key.toLowerCase() : event.key));
    if (!found) return;
    event.preventDefault();
    found.run();
  });
}

const RESTING = new Set(["timeline", "review"]);

/** Is nothing in hand that a moved focus would disturb: no text, no button, no dialog? */
export function isIdle() {
  const active = document.activeElement;
  return !isAsking() && (!active || active === document.body || RESTING.has(active.id));
}
