/** A button with the key that does the same, if there is one. `focus` names it, so that a redraw finds it again. */

import { el } from "../dom.js";

export function button(title, { run, focus, key, kind = "" }) {
  const attributes = { type: "button", class: kind, "data-focus": focus, click: run };
  return el("button", attributes, title, key && el("kbd", null, key));
}
