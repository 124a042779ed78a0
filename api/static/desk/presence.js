/** The presence switch and the agent's load. */

import { el } from "../dom.js";
import { button } from "./button.js";
import { redraw } from "./redraw.js";
import { presence as named } from "./words.js";

/** What an agent chooses, with its key; `away` is set by missed offers alone. */
export const CHOICES = { available: "1", busy: "2", break: "3", offline: "4" };

export function showPresence({ agent }, onChoose) {
  const shown = agent.presence in CHOICES ? Object.keys(CHOICES) : [agent.presence, ...Object.keys(CHOICES)];
  redraw(document.getElementById("presence"), agent.presence, () =>
    shown.map((presence) => choice(presence, agent.presence, onChoose)));
  document.getElementById("load").replaceChildren(...load(agent));
  document.getElementById("me").textContent = agent.name;
}

function choice(presence, current, onChoose) {
  const title = [el("i", { "aria-hidden": "true" }), named(presence)];
  const node = button(title, { key: CHOICES[presence], focus: `be-${presence}`, kind: presence, run: () => onChoose(presence) });
  node.setAttribute("aria-pressed", String(presence === current));
  node.disabled = !(presence in CHOICES);
  return node;
}

export function load({ load: taken, capacity }) {
  const pips = Array.from({ length: capacity }, (_, place) => el("i", { class: place < taken ? "taken" : "" }));
  return [el("span", { class: "pips", "aria-hidden": "true" }, pips), el("span", null, `${taken} of ${capacity} taken`)];
}
