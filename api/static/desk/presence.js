/** The presence switch and the agent's load. */

import { el } from "../dom.js";
import { button } from "./button.js";
import { redraw } from "./redraw.js";

const CHOICES = { available: "Available", away: "Away", offline: "Offline" };

export function showPresence({ agent }, onChoose) {
  redraw(document.getElementById("presence"), agent.presence, () =>
    Object.keys(CHOICES).map((presence) => choice(presence, agent.presence, onChoose)));
  document.getElementById("load").replaceChildren(...load(agent));
  document.getElementById("me").textContent = agent.name;
}

function choice(presence, current, onChoose) {
  const key = presence === "available" ? "P" : null;
  const title = [el("i", { "aria-hidden": "true" }), CHOICES[presence]];
  const node = button(title, { key, focus: `be-${presence}`, kind: presence, run: () => onChoose(presence) });
  node.setAttribute("aria-pressed", String(presence === current));
  return node;
}

function load({ load: taken, capacity }) {
  const pips = Array.from({ length: capacity }, (_, place) => el("i", { class: place < taken ? "taken" : "" }));
  return [el("span", { class: "pips", "aria-hidden": "true" }, pips), `${taken} of ${capacity} taken`];
}
